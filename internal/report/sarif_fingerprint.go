package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// naming are the facts that tell findings of one signal about one package apart:
// what each of them is about. None tells a line, a time or an age, so that a
// finding has the same in the next run.
var naming = []string{"advisory", "setting", "tools", "entry", "address", "lockfile_hash", "manifest", "asked", "file", "change"}

// fingerprints tell GitHub which alerts of two uploads are the same: those of
// one signal about one package version in one file, wherever its line moved. No
// two results of a log have the same one: of findings that nothing names apart,
// the second one is counted.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#data-for-preventing-duplicated-alerts
func (l *sarifLog) fingerprints(id string, c *Change, f *Finding) map[string]string {
	parts := []string{id}
	if c != nil {
		parts = append([]string{id, c.Ecosystem, c.Name, c.To}, c.From...)
		if c.To != "" {
			parts = parts[:4] // what it replaces may be another version tomorrow
		}
	}
	if f.Location != nil {
		parts = append(parts, "in", f.Location.Path)
	}
	for _, fact := range naming {
		if value, ok := f.Evidence[fact]; ok {
			parts = append(parts, fact, value)
		}
	}
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write([]byte(strconv.Quote(p))) // so that no part can pose as two
	}
	key := hex.EncodeToString(h.Sum(nil)[:16])
	l.seen[key]++
	return map[string]string{"primaryLocationLineHash": key + ":" + strconv.Itoa(l.seen[key])}
}
