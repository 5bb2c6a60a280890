package registry

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Broken is a document that can't be read as a package's history.
type Broken struct {
	Ecosystem string
	Name      string // of the package that was asked for
	Reason    string // in words, with the number that was exceeded: "is not JSON"
	Err       error  // what the reader met; may be nil
}

func (b *Broken) Error() string {
	return fmt.Sprintf("%s: %s: the registry's document %s", b.Ecosystem, b.Name, b.Reason)
}

func (b *Broken) Unwrap() error { return b.Err }

// Bounds of npm's document; each may be reached and not passed.
const (
	maxVersions = 100_000
	maxListed   = 5_000 // dependencies, and maintainers, of one release
	maxHashes   = 16    // of one release
)

// ReadNPM reads npm's document on a package as a stream, in its full or its
// abbreviated form. Only what [Package] holds is kept: a document's size and
// its long texts cost no memory. A member of a wrong type is as one that is
// missing; what makes the whole doubtful is a [*Broken] error.
func ReadNPM(r io.Reader, name string) (*Package, error) {
	d := &npmDocument{tokens: newTokens(r), dated: make(map[string]time.Time)}
	err := d.read()
	if err == nil {
		err = d.check(name)
	}
	if err != nil {
		return nil, &Broken{Ecosystem: "npm", Name: name, Reason: reason(err, len(d.pkg.Releases)), Err: err}
	}
	return d.result(), nil
}

// npmDocument is a document while it is being read.
type npmDocument struct {
	*tokens
	pkg Package
	id  string // _id: the name again

	listed      bool // it has versions at all
	unpublished bool // it says that the whole package is gone
	placeholder bool // its description or its repository is a placeholder's
	// tellsScripts is set by members that come with the scripts: the flag that
	// there are some, and what only the full form has.
	tellsScripts bool

	dated map[string]time.Time
	dates []string // the keys of dated, in the document's order
	gone  []string // the versions of an unpublished package

	// The release being read collects its lists here, and shares those that
	// equal the last one's.
	release       *Release
	deps          []Dependency
	optionalPeers []string
	people        []Person
	last          Release
	origin        struct{ text, page string } // the repository named last, and its page
}

// errTwice is a member that two readers could read two ways.
var errTwice = errors.New("has a member twice")

// A memberTable says how the members of an object are read that are not skipped.
type memberTable map[string]member

type member struct {
	bit  uint // of its own
	read func(*npmDocument) error
}

func newMemberTable(read map[string]func(*npmDocument) error) memberTable {
	t := make(memberTable, len(read))
	for name, f := range read {
		t[name] = member{1 << len(t), f}
	}
	return t
}

// members reads an object by a table.
func (d *npmDocument) members(table memberTable) (present bool, err error) {
	var seen uint
	return d.fields(func(name []byte) error {
		m, ok := table[string(name)]
		switch {
		case !ok:
			return d.skip()
		case seen&m.bit != 0:
			return errTwice
		}
		seen |= m.bit
		return m.read(d)
	})
}

var npmMembers = newMemberTable(map[string]func(*npmDocument) error{
	"name":        func(d *npmDocument) (err error) { d.pkg.Name, err = d.text(); return },
	"_id":         func(d *npmDocument) (err error) { d.id, err = d.text(); return },
	"description": (*npmDocument).description,
	"repository":  (*npmDocument).repository,
	"dist-tags":   (*npmDocument).distTags,
	"time":        (*npmDocument).time,
	"versions":    (*npmDocument).versions,
})

func (d *npmDocument) read() error {
	isObject, err := d.members(npmMembers)
	switch {
	case err != nil:
		return err
	case !isObject:
		return errors.New("is not a JSON object")
	}
	return d.end()
}

// check tells whether the document is the package's at all.
func (d *npmDocument) check(name string) error {
	d.pkg.Name = cmp.Or(d.pkg.Name, d.id)
	switch {
	case d.pkg.Name == "":
		return errors.New("names no package")
	case d.pkg.Name != name:
		return fmt.Errorf("is of another package, %.100q", d.pkg.Name)
	case !d.listed && !d.unpublished:
		return errors.New("lists no versions")
	}
	return d.date()
}

// reason puts an error into words that go on from "the document", of which so
// many releases were read.
func reason(err error, releases int) string {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.EOF):
		return "is empty"
	case errors.Is(err, io.ErrUnexpectedEOF) && releases == 0:
		return "is cut short"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("is cut short after %d releases", releases)
	case errors.As(err, &syntax):
		return "is not JSON: " + syntax.Err.Error()
	}
	// What the sieve and this reader say; the decoder wraps the sieve's.
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err.Error()
}

func (d *npmDocument) result() *Package {
	p := &d.pkg
	p.Ecosystem = "npm"
	p.Placeholder = d.placeholder || strings.HasPrefix(p.Latest, "0.0.1-security")
	for i := range p.Releases {
		r := &p.Releases[i]
		p.Has.Times = p.Has.Times || !r.Published.IsZero()
		p.Has.Hashes = p.Has.Hashes || len(r.Integrity) > 0
		p.Has.Publishers = p.Has.Publishers || r.Publisher != Person{}
	}
	// The full form has scripts wherever there are some, so that none in it
	// means none. The abbreviated form only flags the releases that have some:
	// without a flag it can't be told from a mirror that strips.
	p.Has.Scripts = d.tellsScripts
	return p
}

// date gives the releases their times, and adds those that are gone: they stay
// in the document's times.
func (d *npmDocument) date() error {
	p := &d.pkg
	served := make(map[string]bool, len(p.Releases))
	for i := range p.Releases {
		r := &p.Releases[i]
		if served[r.Version] {
			return errTwice
		}
		served[r.Version] = true
		r.Published = d.dated[r.Version]
	}
	for _, v := range append(d.dates, d.gone...) {
		if !served[v] {
			served[v] = true
			p.Releases = append(p.Releases, Release{Version: v, Published: d.dated[v], Removed: true})
		}
	}
	p.Has.Created = !p.Created.IsZero()
	slices.SortFunc(p.Releases, Chronological("npm"))
	for i := 0; p.Created.IsZero() && i < len(p.Releases); i++ {
		p.Created = p.Releases[i].Published
	}
	return nil
}

func (d *npmDocument) description() error {
	s, err := d.text()
	d.placeholder = d.placeholder || s == "security holding package"
	return err
}

// repository is an address, or an object with one.
func (d *npmDocument) repository() error {
	return d.orMember("url", func(s string) {
		d.placeholder = d.placeholder || strings.Contains(s, "npm/security-holder")
	})
}

// orMember reads a string, or that member of an object.
func (d *npmDocument) orMember(member string, found func(string)) error {
	if d.d.PeekKind() != '{' {
		s, err := d.text()
		found(s)
		return err
	}
	_, err := d.fields(func(name []byte) error {
		if string(name) != member {
			return d.skip()
		}
		s, err := d.text()
		found(s)
		return err
	})
	return err
}

func (d *npmDocument) distTags() error {
	_, err := d.fields(func(name []byte) (err error) {
		if string(name) != "latest" {
			return d.skip()
		}
		d.pkg.Latest, err = d.text()
		return err
	})
	return err
}

// time holds when each version was published, and three members that are no
// versions.
func (d *npmDocument) time() error {
	_, err := d.fields(func(name []byte) error {
		switch string(name) {
		case "created":
			s, err := d.text()
			d.pkg.Created = parseTime(s)
			return err
		case "modified":
			return d.skip()
		case "unpublished":
			return d.unpublishing()
		}
		version := string(name)
		if _, twice := d.dated[version]; twice {
			return errTwice
		}
		s, err := d.text()
		if at := parseTime(s); !at.IsZero() {
			if len(d.dates) == maxVersions {
				return &limitError{maxVersions, "publication times"}
			}
			d.dated[version] = at
			d.dates = append(d.dates, version)
		}
		return err
	})
	return err
}

// unpublishing tells that the whole package is gone, and which versions it had.
func (d *npmDocument) unpublishing() error {
	var err error
	d.unpublished, err = d.fields(func(name []byte) error {
		if string(name) != "versions" {
			return d.skip()
		}
		return d.each(func() error {
			if len(d.gone) == maxVersions {
				return &limitError{maxVersions, "unpublished versions"}
			}
			v, err := d.text()
			if v != "" {
				d.gone = append(d.gone, v)
			}
			return err
		})
	})
	return err
}

// layouts are the forms in which registries write times. A fraction of a
// second is read with each.
var layouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700"}

// parseTime gives the zero time for what is none.
func parseTime(s string) time.Time {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
