package code

import (
	"bytes"
	"strings"
)

// launches names the files of the package that a call at i starts, whatever they
// are called: what stands beside the code's own place among its arguments, or in
// what one of these was made of.
func (r *reader) launches(i int) {
	r.arguments(i, func(j int, word []byte) bool {
		if !r.beside(j) && !r.is(j-1, '.') {
			r.madeBy(i, word, r.beside)
		}
		return true
	})
}

// beside reads the name that stands with the code's own place at j:
// path.join(__dirname, 'a', 'b'), __dirname + '/a', `${__dirname}/a`,
// new URL('./a', import.meta.url).
func (r *reader) beside(j int) bool {
	at, parts := j+1, [][]byte(nil)
	switch word := r.named(j); {
	case string(word) == "import" && r.is(j+1, '.') && string(r.named(j+2)) == "meta" && r.is(j-1, ',') && r.at(j-2).kind == text:
		at, parts = j-2, append(parts, r.at(j-2).value(r.src, maxNamed))
	case string(word) != "__dirname":
		return false
	case r.at(at).kind == template && r.at(at).after:
		parts = append(parts, r.at(at).value(r.src, maxNamed))
	}
	for k := at; string(r.named(j)) == "__dirname" && (r.is(k, ',') || r.is(k, '+')) && r.at(k+1).kind == text && len(parts) < maxPath; k += 2 {
		parts = append(parts, r.at(k+1).value(r.src, maxNamed))
	}
	if len(parts) == 0 {
		return false
	}
	file := strings.TrimPrefix(strings.TrimLeft(string(bytes.Join(parts, []byte("/"))), "/"), "./")
	r.c.module("./"+file, int(r.at(at).start))
	return true
}

// credentialed ends the name of a use that makes a copy of a file in which
// credentials are kept.
const credentialed = " (credentials)"

// credentialFiles are such files, by the ends of their names. What else a person
// has, such as the settings of git or a known host's key, is copied by honest tools.
var credentialFiles = []string{".npmrc", ".yarnrc.yml", ".pypirc", ".netrc", ".git-credentials", "id_rsa", "id_ed25519", "id_ecdsa", ".aws/credentials", ".docker/config.json", ".kube/config"}

// copies gives credentialed where a call at i copies such a file, or writes what
// it reads of one.
func (r *reader) copies(i int, method string) string {
	copied := strings.HasPrefix(method, "copy") || strings.HasPrefix(method, "cp")
	if !copied && !strings.HasPrefix(method, "write") && !strings.HasPrefix(method, "append") {
		return ""
	}
	for j, deep := i+1, 0; j < i+decoderReach; j++ {
		switch t := r.at(j); {
		case t.kind == none:
			return ""
		case r.is(j, '('):
			deep++
		case r.is(j, ')'):
			if deep--; deep == 0 {
				return ""
			}
		case t.kind == name:
			copied = copied || strings.HasPrefix(string(r.word(j)), "readFile")
		case copied && (t.kind == text || t.kind == template):
			value := t.value(r.src, maxNamed)
			for _, end := range credentialFiles {
				if bytes.HasSuffix(value, []byte(end)) {
					return credentialed
				}
			}
		}
	}
	return ""
}
