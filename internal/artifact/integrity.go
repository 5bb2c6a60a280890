package artifact

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
)

// algorithms are those of Subresource Integrity, the strongest first, and
// SHA-1, which old lockfiles have.
var algorithms = []struct {
	name string
	make func() hash.Hash
}{
	{"sha512", sha512.New},
	{"sha384", sha512.New384},
	{"sha256", sha256.New},
	{"sha1", sha1.New},
}

// ErrUnverified is the error for an archive that comes with no hash that it
// could be held against.
var ErrUnverified = errors.New("archive: verifying: no hash in a known algorithm")

// Mismatch is the error for an archive that has another hash than it must have.
type Mismatch struct {
	Want []string // of the strongest algorithm, as written
	Got  string
}

// Error names both hashes.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("archive: verifying: its hash is %s, not %s", m.Got, strings.Join(m.Want, " or "))
}

// Hash gives the hash of an archive, which is written as in a lockfile. It reads
// no more than Read would; the errors are Read's.
func Hash(r io.Reader) (string, error) {
	sum := sha512.New()
	n, err := io.Copy(sum, io.LimitReader(r, defaults.Packed+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("archive: reading: %w", err)
	case n > defaults.Packed:
		return "", &Exceeded{"bytes packed", defaults.Packed}
	}
	return "sha512-" + base64.StdEncoding.EncodeToString(sum.Sum(nil)), nil
}

// verifier holds bytes against the strongest hashes of a list. A weaker one
// counts only where nothing stronger stands, as the standard has it
// (https://www.w3.org/TR/SRI/#get-the-strongest-metadata-from-set): whoever
// can forge SHA-1 must not be able to choose it.
type verifier struct {
	hash.Hash
	name string
	want []string
}

// newVerifier reads hashes as "sha512-base64", several in one string or in
// several. One whose digest can't be decoded matches nothing, and is not
// skipped for a weaker one.
func newVerifier(integrity []string) (*verifier, error) {
	words := strings.Fields(strings.Join(integrity, " "))
	for _, a := range algorithms {
		v := &verifier{name: a.name}
		for _, word := range words {
			word, _, _ = strings.Cut(word, "?") // options, of which the standard defines none
			if strings.HasPrefix(word, a.name+"-") {
				v.want = append(v.want, word)
			}
		}
		if v.want != nil {
			v.Hash = a.make()
			return v, nil
		}
	}
	return nil, ErrUnverified
}

// sorted gives the hashes that are wanted, in an order of their own.
func (v *verifier) sorted() []string { return slices.Compact(slices.Sorted(slices.Values(v.want))) }

// check gives the hash that the bytes written so far have, if it is wanted.
func (v *verifier) check() (string, error) {
	sum := v.Sum(nil)
	for _, want := range v.want {
		digest, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(want, v.name+"-"))
		if err == nil && bytes.Equal(digest, sum) {
			return want, nil
		}
	}
	got := v.name + "-" + base64.StdEncoding.EncodeToString(sum)
	return "", &Mismatch{Want: v.want, Got: got}
}
