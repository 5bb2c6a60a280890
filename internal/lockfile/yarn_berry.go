package lockfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// The versions of __metadata that are known: yarn 2.0 wrote 4, and 4.17 writes 10.
const (
	oldestBerry = 4
	newestBerry = 10
)

// maxBerryKey is how many bytes the key of an entry may have: it lists every
// range that the entry answers. The longest of the real ones that this was
// tested with has 905.
const maxBerryKey = 1 << 20

const (
	hintBerryRestore  = "restore it from the base, or write it anew with yarn install --mode=update-lockfile"
	hintBerryConflict = "resolve the merge conflict, then run yarn install --mode=update-lockfile"
)

// berryReader reads one yarn.lock of yarn 2 or newer. What is said here of yarn
// was read in its own readers: @yarnpkg/core 4.9 (Project.ts, structUtils.ts,
// Manifest.ts, Cache.ts, CorePlugin.ts), @yarnpkg/parsers 3.1 (syml.ts) and the
// plugins npm 3.7, patch 4.0, git 3.2, http, file, link, exec, jsr, compat and
// catalog.
type berryReader struct {
	in     Input
	walk   *yamlline.Walker
	doubts doubts

	metadata bool // there is a __metadata
	version  int  // of __metadata; 0 if it gives none
	cacheKey string

	entries    []Entry
	pins       []berryPin // of the entries, in their order
	entryCount int
	edgeCount  int
	keyCount   int

	answered  answered
	scratch   []Dependency // the edges of the entry that is being read
	optionals []string     // what it says is optional
	edges     slab[Dependency]
	texts     joiner

	answers     []berryAnswer
	descriptors lookup                 // of the answers, by their requests
	locators    lookup                 // of the entries
	patched     map[berryRequest]int32 // requests that yarn itself patches
	named       []berryNamed
	names       lookup // of the named ones
	rootAt      int32  // the entry of the lockfile's own folder, or -1
	folders     map[string]bool
	bound       *berryPin // the package that boundTo is for
	boundTo     string
	overrides   map[string][]berryOverride
	catalogs    map[string]map[string]string
	catalogRead bool
}

func newBerryReader(in Input) *berryReader { return &berryReader{in: in, rootAt: -1} }

// readYarnBerry reads a yarn.lock of yarn 2 and newer.
func readYarnBerry(in Input) (*Inventory, error) {
	if at := bytes.Index(in.Data, []byte("<<<<<<<")); at >= 0 {
		// yarn looks for it anywhere (plugin-essentials, install.ts), and
		// then puts together a file from what git has.
		return nil, newBerryReader(in).unread(1+bytes.Count(in.Data[:at], []byte("\n")), "the file holds merge conflict markers", hintBerryConflict)
	}
	var inv *Inventory
	err := yamlline.Read(in.text(), func(walk *yamlline.Walker) (err error) {
		inv, err = newBerryReader(in).read(walk)
		return err
	})
	if err != nil {
		return nil, newBerryReader(in).broken(err)
	}
	return inv, nil
}

// read takes all that a walk finds.
func (r *berryReader) read(walk *yamlline.Walker) (*Inventory, error) {
	r.walk = walk
	r.checkComments()
	if err := r.document(); err != nil {
		return nil, err
	}
	if err := r.index(); err != nil {
		return nil, err
	}
	return r.inventory(), nil
}

// document reads the whole file. yarn refuses a second document.
func (r *berryReader) document() error {
	if !r.walk.Next() {
		return r.unread(0, "the file is empty", hintBerryRestore)
	}
	room := min(guessCount(r.in.text(), "\n  version:"), maxEntries)
	r.entries, r.pins = make([]Entry, 0, room), make([]berryPin, 0, room)
	if err := r.walk.Members(r.member); err != nil {
		return err
	}
	if r.walk.Next() {
		r.walk.Skip()
		return r.unread(r.walk.Line(), "the file holds more than one document, and yarn reads only one", hintBerryRestore)
	}
	return r.walk.Err()
}

func (r *berryReader) member(name string) error {
	if name == "__metadata" {
		return r.meta()
	}
	return r.entry(name)
}

// meta reads __metadata. Without it yarn takes nothing from the file.
func (r *berryReader) meta() error {
	line := r.walk.Line()
	if r.metadata {
		r.doubts.add(line, "", false, "__metadata stands twice")
	}
	r.metadata, r.version, r.cacheKey = true, 0, ""
	if r.walk.Kind() != yamlline.Map {
		r.doubts.add(line, "", true, "__metadata is %s, not a mapping", r.odd())
		return nil
	}
	version := ""
	err := r.walk.Members(func(name string) error {
		switch name {
		case "version":
			r.once("", name, &version)
		case "cacheKey":
			r.once("", name, &r.cacheKey)
		default:
			r.doubts.add(r.walk.Line(), "", false, "__metadata holds %.80q, which yarn never writes", name)
			r.walk.Skip()
		}
		return nil
	})
	number, bad := strconv.Atoi(version)
	switch {
	case bad != nil || number < 1:
		r.doubts.add(line, "", false, "the version of __metadata is %.80q, which yarn never writes", version)
		return err
	case number < oldestBerry:
		r.doubts.add(line, "", false, "version %d of __metadata is older than the versions that are known", number)
	case number > newestBerry:
		r.doubts.add(line, "", false, "version %d of __metadata is newer than the versions that are known", number)
	}
	r.version = number
	return err
}

// once reads a text that may stand only once; the last one counts, as in yarn's
// parser (js-yaml's `json` option).
func (r *berryReader) once(key, name string, into *string) {
	line, earlier := r.walk.Line(), *into
	*into = r.value(key, name)
	if earlier != "" {
		r.doubts.add(line, key, true, "%s stands twice: %.80q, then %.80q", name, earlier, *into)
	}
}

// value reads what should be a text. Whatever stands there is one, since yarn
// reads its lockfile by YAML's failsafe schema; only nothing at all is not.
func (r *berryReader) value(key, name string) string {
	text, plain, ok := r.walk.TryText()
	if !ok {
		line := r.walk.Line()
		r.doubts.add(line, key, true, "%s is %s, not a text", name, r.odd())
	} else if plain && text == "" {
		r.doubts.add(r.walk.Line(), key, false, "%s is empty", name)
	}
	return text
}

// odd skips a value of a kind that was not expected, and says what it is.
func (r *berryReader) odd() string {
	text, _, ok := r.walk.TryText()
	if ok {
		return fmt.Sprintf("%.80q", text)
	}
	kind := r.walk.Kind()
	r.walk.Skip()
	if kind == yamlline.Map {
		return "a mapping"
	}
	return "a sequence"
}

// checkComments looks for the comment at which yarn leaves the file to another
// grammar than YAML's (syml.ts): that of yarn 1, with entries all the same.
func (r *berryReader) checkComments() {
	for line, rest := 1, r.in.Data; bytes.HasPrefix(rest, []byte("#")); line++ {
		var comment []byte
		comment, rest, _ = bytes.Cut(rest, []byte("\n"))
		if bytes.EqualFold(bytes.Join(bytes.Fields(comment), []byte(" ")), []byte("# yarn lockfile v1")) {
			r.doubts.add(line, "", true, "a comment says that the file is yarn 1's, and then yarn reads it by another grammar than YAML's")
		}
	}
}

func (r *berryReader) unread(line int, reason, hint string) *Unread {
	return &Unread{Path: r.in.Path, Line: line, Reason: reason, Hint: hint}
}

// broken gives the error of a file that could not be walked to its end.
func (r *berryReader) broken(err error) error {
	at, ok := errors.AsType[*yamlline.Error](err)
	if !ok {
		return err // an *Unread already
	}
	// A conflict that was half resolved leaves a marker that is no YAML.
	line := 0
	for text := range bytes.Lines(r.in.Data) {
		line++
		for _, marker := range [...]string{"|||||||", "=======", ">>>>>>>"} {
			if bytes.HasPrefix(text, []byte(marker)) {
				return r.unread(line, "the file holds merge conflict markers", hintBerryConflict)
			}
		}
	}
	return r.unread(at.Line, at.Reason, hintBerryRestore)
}

// over is the error of a cap that was exceeded on a line.
func (r *berryReader) over(line, limit int, what string) error {
	return r.unread(line, fmt.Sprintf("there are more than %d %s", limit, what), hintIgnore)
}
