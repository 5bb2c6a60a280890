package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// signs are what mutants get put in: what begins, ends, quotes, hides or repeats
// something in one of the formats.
var signs = []string{
	`"`, `'`, `\`, `\u0061`, `\n`, ",", ":", ": ", "{", "}", "[", "]", "(", ")", "# ", "//", "/*", "*/", "?", "? ", "- ", "&a ", "*a", "!!str ", "!a ",
	"<<: ", "<<: *a", "|", ">", "|-\n", "@", "^", "npm:", "~", "=", "%", " ", "  ", "    ", "\t", "\n", "\r", "\r\n", "\n\n", "\x00", "\x0b", "\x0c", "\x1b",
	"\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\xff", "---\n", "...\n", "%YAML 1.2\n", `"__proto__": {},`, `"packages": {},`, "packages:\n",
	"__metadata:\n  version: 8\n", "# yarn lockfile v1\n", "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "null", "true", "0", "1.0.0", "9.9.9",
}

// mutant gives a text with a few things wrong with it.
func mutant(r *rand.Rand, text []byte) []byte {
	text = slices.Clone(text)
	for range 1 + r.IntN(3) {
		lines := bytes.SplitAfter(text, []byte("\n"))
		i, j := r.IntN(len(lines)), r.IntN(len(lines))
		switch r.IntN(8) {
		case 0: // a line again, elsewhere
			lines = slices.Insert(lines, i, lines[j])
		case 1:
			lines[i], lines[j] = lines[j], lines[i]
		case 2: // another indentation
			lines[i] = append(bytes.Repeat([]byte(" "), r.IntN(7)), bytes.TrimLeft(lines[i], " ")...)
		case 3: // two lines in one
			lines[i] = bytes.TrimRight(lines[i], "\n")
		case 4: // a stretch goes
			at := r.IntN(len(lines[i]) + 1)
			lines[i] = slices.Delete(slices.Clone(lines[i]), at, min(len(lines[i]), at+1+r.IntN(6)))
		case 5: // a letter in the other case
			if at := r.IntN(len(lines[i]) + 1); at < len(lines[i]) {
				lines[i] = slices.Clone(lines[i])
				lines[i][at] ^= 0x20
			}
		default:
			at := r.IntN(len(lines[i]) + 1)
			lines[i] = slices.Insert(slices.Clone(lines[i]), at, []byte(signs[r.IntN(len(signs))])...)
		}
		text = bytes.Join(lines, nil)
	}
	return text
}

// identity is what of an entry must not be hidden.
var identity = []string{"name", "version", "integrity"}

// sameAs reports whether an entry is the one that another reader found. What that
// one leaves out, as npm does a version that is none, is no difference, and nor are
// the options of a hash.
func (t theirs) sameAs(e *lockfile.Entry) bool {
	return !slices.ContainsFunc(identity, func(field string) bool {
		text := t.Fields[field]
		if field == "integrity" {
			text, _, _ = strings.Cut(text, "?")
		}
		return text != "" && text != fields[field](e)
	})
}

// pinned reports whether an entry is more than a folder of the repository.
func (t theirs) pinned() bool { return t.Fields["version"] != "" || t.Fields["integrity"] != "" }

// hidden lists what another reader finds in a lockfile that ours reads without a
// doubt and in which it finds no such entry: the keys, each with its place.
func hidden(l lock, a answer) (map[string]string, error) {
	in, err := l.input()
	if err != nil || a.Error != "" {
		return nil, err
	}
	inv, err := lockfile.Parse(in)
	if err != nil || len(inv.Doubts) > 0 {
		return nil, nil
	}
	missing := map[string]string{}
	for _, t := range a.Entries {
		if t.pinned() && !slices.ContainsFunc(inv.Entries, func(e lockfile.Entry) bool { return t.sameAs(&e) }) {
			missing[t.Key] = fmt.Sprintf("%s:%d: %s %v%s", l.name, t.Line, t.Key, t.Fields, instead(inv, t.Key))
		}
	}
	return missing, nil
}

// instead tells what ours finds under a key.
func instead(inv *lockfile.Inventory, key string) string {
	for i := range inv.Entries {
		if e := &inv.Entries[i]; e.Key == key {
			return fmt.Sprintf(", and ours %s@%s from %s with %v", e.Name, e.Version, e.Resolved, e.Integrity)
		}
	}
	return ", and ours nothing"
}

// hunt reads that many mutants of each lockfile with both readers. It fails if
// one of them hides an entry from ours that the lockfile itself doesn't: those
// differences are explained. A mutant is known by its number.
func (o *others) hunt(locks []lock, count int, seed uint64) error {
	tried, read, lost := 0, 0, 0
	for n, l := range locks {
		file := filepath.Join(l.root, filepath.FromSlash(l.path))
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, before, err := o.both(l)
		if err != nil {
			return err
		}
		for i := range count {
			number := seed + uint64(n*count+i)
			if err := os.WriteFile(file, mutant(rand.New(rand.NewPCG(number, 0)), text), 0o644); err != nil {
				return err
			}
			ok, missing, err := o.both(l)
			if err != nil {
				return err
			}
			tried++
			if ok {
				read++
			}
			maps.DeleteFunc(missing, func(key, _ string) bool { return before[key] != "" })
			if len(missing) > 0 {
				lost++
				fmt.Printf("mutant %d hides from ours: %s\n", number, strings.Join(slices.Sorted(maps.Values(missing)), "\n  "))
			}
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d mutants, of which the other readers read %d; %d hide something from ours\n", tried, read, lost)
	if lost > 0 {
		return fmt.Errorf("%d lockfiles hide an entry from our reader and not from the other", lost)
	}
	return nil
}

// both reads a lockfile with both readers. It is not ok if the other one can't
// read it, or takes something for a text that is none.
func (o *others) both(l lock) (ok bool, missing map[string]string, err error) {
	a, err := o.read(l)
	var odd *json.UnmarshalTypeError
	switch {
	case errors.As(err, &odd):
		return false, nil, nil
	case err != nil:
		return false, nil, err
	}
	missing, err = hidden(l, a)
	return a.Error == "", missing, err
}
