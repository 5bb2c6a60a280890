package lockfile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Caps on yarn 1's lockfiles beside those of npm's. The largest of the real ones
// that this was tested with has 0.5 MB, 1,700 entries and key lines of 400 bytes.
const (
	maxKeyLine = 256 << 10 // bytes of one key line, which names every range that the entry answers
	maxAnswers = 256 << 20 // bytes of the keys of all answers, in which the same key repeats
)

const (
	hintClassicRestore  = "restore it from the base, or write it anew with yarn install"
	hintClassicConflict = "resolve the merge conflict, then run yarn install"
)

// classicReader reads one yarn.lock of yarn 1. What is said here of yarn was
// read in yarn 1.22's lib/cli.js and in @yarnpkg/lockfile 1.1.0, an older copy
// of its parser; and of yarn 2 and later, which take over such a file once, in
// the grammar of @yarnpkg/parsers 3 (syml.pegjs).
//
// yarn 1 reads tokens, but every statement of what it writes has a line of its
// own, and by lines it is read here. Where an indentation doesn't fit, yarn 1
// stops reading without a word: such places are doubted or refused.
type classicReader struct {
	path    string
	text    string // what is left of the file
	line    int    // of the text that is being read
	doubts  doubts
	version int // of the header
	own     []ownPackage
	asked   map[string]bool // patterns of their manifests; made when it is needed

	entries  []Entry
	patterns []classicPattern // of all entries, in file order

	open    int           // how deep the next line may be indented
	gap     bool          // an empty line or a comment came since the last key or field
	within  bool          // the last entry may have more fields
	first   int           // of its patterns
	fields  classicFields // what it says
	scratch []Dependency  // its edges

	edges    int    // of all entries
	required []bool // entries that another one asks for
	answered answered
	keyBytes int // of the keys of all answers
	edgeSlab slab[Dependency]
	hashSlab slab[string]
	bases    [2]string // the registries seen last: many files have the two public ones
}

// classicPattern is what yarn calls a pattern: a name and what is asked for
// under it, as one text. An entry's key holds those that it answers.
type classicPattern struct {
	text  string
	entry int32
	at    int32 // where the @ after its name stands, or 0
}

// newClassicPattern takes a pattern apart at the @ after its name
// (normalizePattern).
func newClassicPattern(text string, entry int32) classicPattern {
	return classicPattern{text, entry, int32(strings.IndexByte(text[1:], '@') + 1)}
}

// split gives the two sides of a pattern, which may be a name only, or an
// address only.
func (p classicPattern) split() (name, spec string) {
	if p.at > 0 {
		return p.text[:p.at], p.text[p.at+1:]
	}
	return p.text, ""
}

// readYarnClassic reads the yarn.lock of yarn 1. An empty one pins nothing, as
// one that holds no more than its header does.
func readYarnClassic(in Input) (*Inventory, error) {
	if line := conflictLine(in.Data); line > 0 {
		return nil, conflictedClassic(in.Path, line)
	}
	if !utf8.Valid(in.Data) {
		return nil, &Unread{Path: in.Path, Reason: "the file is not UTF-8", Hint: hintClassicRestore}
	}
	r := &classicReader{path: in.Path, text: strings.TrimPrefix(in.text(), "\ufeff"), version: 1}
	r.own = readOwnPackages(in, &r.doubts)
	r.entries, r.patterns = make([]Entry, 0, len(in.Data)/280+4), make([]classicPattern, 0, len(in.Data)/210+4)
	if err := r.document(); err != nil {
		return nil, err
	}
	return r.inventory(in)
}

// document reads all lines.
func (r *classicReader) document() error {
	for r.text != "" {
		line := r.text
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line, r.text = line[:end], line[end+1:]
		} else {
			r.text = ""
		}
		r.line++
		if err := r.read(strings.TrimSuffix(line, "\r")); err != nil {
			return err
		}
	}
	r.finish()
	return nil
}

// read reads one line.
func (r *classicReader) read(line string) error {
	switch {
	case line == "":
		r.gap = true
		return nil
	case line[0] == '#':
		return r.comment(line)
	case line[0] != ' ' && line[0] != '\t':
		r.finish()
		r.gap = false
		return r.key(line)
	}
	indent, tabs := 0, 0
	for indent < len(line) && (line[indent] == ' ' || line[indent] == '\t') {
		if line[indent] == '\t' {
			tabs++
		}
		indent++
	}
	statement := line[indent:]
	if statement == "" || statement[0] == '#' {
		r.gap = true
		r.doubts.add(r.line, r.lastKey(), true, "an empty line or a comment is indented, and yarn may read no further")
		return nil
	}
	if indent%2 != 0 || indent/2 > r.open || tabs > 0 {
		return r.refuse("the line is indented by %d spaces or tabs, which fits nothing above it", indent)
	}
	if r.gap {
		r.gap = false
		r.doubts.add(r.line, r.lastKey(), true, "an entry goes on after an empty line or a comment, where yarn may read no further")
	}
	return r.field(indent/2, statement)
}

// comment reads a comment, which may say the version of the file.
func (r *classicReader) comment(line string) error {
	r.gap = true
	if strings.IndexByte(line, '\r') >= 0 {
		return r.refuse("a carriage return ends the comment for some readers, and not for others")
	}
	digits, ok := strings.CutPrefix(strings.TrimSpace(line[1:]), "yarn lockfile v")
	if !ok || !isDigits(digits) {
		return nil
	}
	version, err := strconv.Atoi(digits)
	if err != nil || version > 1 {
		r.doubts.add(r.line, "", false, "version %.20s of the lockfile is newer than the versions that are known", digits)
	}
	r.version = max(r.version, version)
	return nil
}

func (r *classicReader) lastKey() string {
	if len(r.entries) == 0 {
		return ""
	}
	return r.entries[len(r.entries)-1].Key
}

// refuse gives the error of the current line.
func (r *classicReader) refuse(format string, args ...any) error {
	return &Unread{Path: r.path, Line: r.line, Reason: fmt.Sprintf(format, args...), Hint: hintClassicRestore}
}

// over is the error of a cap that was exceeded on the current line.
func (r *classicReader) over(limit int, what string) error {
	return &Unread{
		Path: r.path, Line: r.line,
		Reason: fmt.Sprintf("there are more than %d %s", limit, what), Hint: hintIgnore,
	}
}

func conflictedClassic(file string, line int) *Unread {
	return &Unread{Path: file, Line: line, Reason: "the file holds merge conflict markers", Hint: hintClassicConflict}
}

// inventory makes one of what was read.
func (r *classicReader) inventory(in Input) (*Inventory, error) {
	inv := &Inventory{
		Path: in.Path, Ecosystem: "npm", Format: "yarn-classic-v" + strconv.Itoa(r.version),
		Entries: r.entries,
	}
	index := r.index()
	if err := r.answerEntries(index); err != nil {
		return nil, err
	}
	var err error
	if inv.Roots, err = r.roots(index); err != nil {
		return nil, err
	}
	reach := r.answered.reach(inv)
	reach.markDirect()
	reach.markOptional()
	if r.own != nil {
		reach.markDev()
	}
	inv.Doubts = r.doubts.inOrder()
	return inv, nil
}
