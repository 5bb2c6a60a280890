package lockfile

import "strings"

// pnpmGrammar is a generation of keys.
type pnpmGrammar uint8

const (
	anyGrammar   pnpmGrammar = iota // an address alone, as before version 7
	slashGrammar                    // 5.x: /name/1.2.3_peer@1.0.0
	atGrammar                       // 6.x: /name@1.2.3(peer@1.0.0)
	bareGrammar                     // 7.0 and later: name@1.2.3, and name@address
)

// pnpmKey is a key of `packages` taken apart.
type pnpmKey struct {
	grammar  pnpmGrammar
	name     string // "" where only the fields of the entry say it
	version  string // "" if the key holds none
	address  string // what stands in the place of a version; "" for a registry's package
	registry bool   // it names a version of a registry's package
}

// pnpmKeyOf takes a key apart by its form: the generations don't overlap. It
// follows dependency-path's parse, which goes by lockfileVersion.
func pnpmKeyOf(key string) pnpmKey {
	if rest, ok := strings.CutPrefix(key, "/"); ok {
		return slashKey(rest)
	}
	if at := strings.IndexByte(key[min(1, len(key)):], '@') + 1; at > 0 && isOneName(key[:at]) {
		if k := bareKey(key[:at], key[at+1:]); k.grammar != anyGrammar {
			return k
		}
	}
	// A registry that isn't the default one stands in front: host/name/1.2.3.
	// The id of a tarball before version 7 is its address behind an @.
	host, rest, ok := strings.Cut(key, "/")
	if ok && host != "" && host[0] != '@' && !strings.HasPrefix(key, "file:") {
		if k := slashKey(rest); k.registry {
			return k
		}
	}
	return pnpmKey{address: key}
}

// slashKey takes apart what follows the slash of a key before version 7.
func slashKey(rest string) pnpmKey {
	scope := 0
	if strings.HasPrefix(rest, "@") {
		scope = strings.IndexByte(rest, '/') + 1
	}
	end := scope
	for end < len(rest) && rest[end] != '/' && rest[end] != '@' {
		end++
	}
	if end == scope || end == len(rest) {
		return pnpmKey{}
	}
	k := pnpmKey{grammar: slashGrammar, name: rest[:end], version: rest[end+1:]}
	if rest[end] == '@' {
		k.grammar = atGrammar
	}
	for i := range len(k.version) {
		if c := k.version[i]; c == '_' || c == '(' {
			k.version = k.version[:i]
			break
		}
	}
	if k.registry = isSemver(k.version); !k.registry {
		return pnpmKey{}
	}
	return k
}

// bareKey takes apart a key since version 7. Other texts with an @ in them are
// addresses of older versions.
func bareKey(name, ref string) pnpmKey {
	k := pnpmKey{grammar: bareGrammar, name: name}
	if isSemver(ref) { // nearly always
		k.version, k.registry = ref, true
		return k
	}
	scheme, rest, ok := strings.Cut(ref, ":")
	switch {
	case !ok || !isScheme(scheme):
		return pnpmKey{}
	case scheme == "runtime": // node, deno or bun, by version
		k.version, k.address = rest, ref
	case isSemver(rest) && !addressSchemes[scheme]: // a registry by its name, then the version
		k.version, k.registry = rest, true
	default:
		k.address = ref
	}
	return k
}

// addressSchemes are those that never name a registry (deps.path's
// RESERVED_VERSION_PREFIXES).
var addressSchemes = map[string]bool{
	"bitbucket": true, "catalog": true, "custom": true, "file": true, "git": true,
	"github": true, "gitlab": true, "http": true, "https": true, "jsr": true,
	"link": true, "npm": true, "runtime": true, "ssh": true, "workspace": true,
}

func isScheme(text string) bool {
	return text != "" && text[0]|0x20 >= 'a' && text[0]|0x20 <= 'z' &&
		strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._") == ""
}

// isOneName reports whether a text has the segments of one name, with a scope
// or not.
func isOneName(text string) bool {
	if isPlainName(text) {
		return true
	}
	slashes := strings.Count(text, "/")
	return !strings.Contains(text, ":") && (slashes == 0 || slashes == 1 && text[0] == '@')
}

// pnpmBase gives the key of `packages` that belongs to a key of `snapshots`,
// which has the peers and patches that were chosen at its end (dependency-path's
// removeSuffix). A path may hold parentheses, too.
func pnpmBase(key string) string {
	if !strings.HasSuffix(key, ")") {
		return key
	}
	open := 1
	for i := len(key) - 2; i >= 0; i-- {
		switch {
		case key[i] == '(':
			open--
		case key[i] == ')':
			open++
		case open == 0:
			return key[:i+1]
		}
	}
	return key
}

// oddPNPMKey says why a key is none that pnpm writes, or gives "".
func oddPNPMKey(key string, k *pnpmKey) string {
	switch {
	case k.name == "" && k.address == "":
		return "names no package and version"
	case k.name != "" && !isPlainName(k.name) && !isOldName(k.name):
		return "holds what no package name has"
	case k.address != "" && strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return "has a control character"
	}
	return ""
}

// isOldName reports whether a name, if it is not plain, is of the letters that
// npm allowed until 2014 (validate-npm-package-name).
func isOldName(name string) bool {
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!'()*@/") == "" &&
		!strings.HasPrefix(name, ".") && !strings.Contains(name, "/.")
}

// isSemver reports whether node-semver takes a text for a version, in its
// strict mode and without the "v" that it drops.
func isSemver(v string) bool {
	if isRelease(v) {
		return true
	}
	core, build, hasBuild := strings.Cut(v, "+")
	core, pre, hasPre := strings.Cut(core, "-")
	major, rest, _ := strings.Cut(core, ".")
	minor, patch, _ := strings.Cut(rest, ".")
	return isNumeral(major) && isNumeral(minor) && isNumeral(patch) &&
		(!hasPre || areIdentifiers(pre, true)) && (!hasBuild || areIdentifiers(build, false))
}

// isRelease reports whether a text is a version of three numbers and no more, as
// most are.
func isRelease(v string) bool {
	from, dots := 0, 0
	for i := range len(v) {
		switch c := v[i]; {
		case c == '.' && isNumeral(v[from:i]):
			from = i + 1
			dots++
		case c < '0' || c > '9':
			return false
		}
	}
	return dots == 2 && isNumeral(v[from:])
}

func isNumeral(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 16 && (s[0] != '0' || s == "0")
}

// areIdentifiers checks what follows a version's dash or plus sign.
func areIdentifiers(list string, prerelease bool) bool {
	for part := range strings.SplitSeq(list, ".") {
		if strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" || part == "" {
			return false
		}
		if prerelease && isDigits(part) && !isNumeral(part) {
			return false
		}
	}
	return true
}
