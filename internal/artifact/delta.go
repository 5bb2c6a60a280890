package artifact

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// Delta is what a version has and the one before it had not.
type Delta struct {
	First   bool     // there is no version before: all is new
	Ran     bool     // the version before ran code at install
	Changes []Change // in order of path
	News    []News   // in order of path and line
	Omitted int      // news beyond maxNews; those of an install come first, those of tests last
}

// ChangeKind is what happened to a file.
type ChangeKind string

// The changes of files.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // the same bytes, or most of the same code, at another path
)

// Change is a file that is not the same in both versions.
type Change struct {
	Kind  ChangeKind
	Path  string
	From  string // the path before, if it moved
	Reach Reach
	Was   Reach // of the file before
	Size  int64
	// Novelty is the share of the file's code, in hundredths, that no file of
	// the version before has; 0 of what is not code.
	Novelty int
}

// NewsKind is what is new.
type NewsKind string

// The news. What and Text of each:
const (
	NewUse        NewsKind = "use"          // a capability, and the use as written
	NewCapability NewsKind = "capability"   // a capability that the package had nowhere, or not at install, and the first use of it
	NewMention    NewsKind = "mention"      // a host, and the address as written
	NewModule     NewsKind = "module"       // a module, and its name as written
	NewTrait      NewsKind = "trait"        // a trait that is new or has grown; Count is its count
	NewUnreadable NewsKind = "unreadable"   // the reason for which code can't be read
	NewCommand    NewsKind = "command"      // the lifecycle script, and its command
	NewBinary     NewsKind = "binary"       // the kind of file
	LargeScript   NewsKind = "large-script" // a script of largeScript bytes or more; Count is its size
	Doubled       NewsKind = "doubled"      // the unpacked size doubled; Count is the new size
	NewObeyed     NewsKind = "obeyed"       // the reason for which a file matters that a tool obeys
	NewBundle     NewsKind = "bundle"       // a package that the archive brings along, and its version
	NewFault      NewsKind = "fault"        // a fault of a kind that the archive before hadn't
)

// News is one thing that is new, at the first place of a file that shows it.
type News struct {
	Kind    NewsKind
	What    string
	Text    string // untrusted, at most maxNewsText bytes
	Path    string // "" for the whole archive
	Line    int    // counted from 1; 0 if the news is not about a line
	Offset  int
	Reach   Reach // Unknown code may well run on import: nothing shows that it doesn't
	Count   int   // places in the file
	Excerpt string
	// Places are the offsets of the new places of a use, an address or a module,
	// the first included, at most maxPlaces: what is done there may be one deed
	// with what stands beside it.
	Places []int
}

const (
	maxNews     = 2000
	maxFileNews = 200 // of one file
	maxNewsText = 300
	maxPlaces   = 16 // of one thing in one file

	largeScript = 300_000 // bytes: most payloads of worms are larger, most sources smaller
)

// weight orders the ways to run by what they can do to whoever installs the
// package. Code that an older version had is no news where it weighs no more.
func (r Reach) weight() int {
	switch r {
	case AtInstall:
		return 2
	case InTests:
		return 0
	}
	return 1
}

// Diff gives the delta of two versions. Without an old one all is new. Code
// that only moved, was split, joined, or built and minified again, is no news
// but for the uses that stand in a new context.
func Diff(old, latest *Profile) *Delta {
	d := &differ{delta: &Delta{First: old == nil}, old: &Profile{}, latest: latest}
	if old != nil {
		d.old, d.delta.Ran = old, old.runs()
	}
	d.pairs = pair(d.old, latest)
	d.known = learn(d.old)
	d.changes()
	d.archive()
	for _, weight := range []int{2, 1, 0} {
		d.commands(weight)
		for i := range latest.Files {
			if f := &latest.Files[i]; f.Reach.weight() == weight {
				d.file(f, d.pairs.of[i])
			}
		}
	}
	slices.SortStableFunc(d.delta.News, func(a, b News) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset),
			cmp.Compare(a.Kind, b.Kind), strings.Compare(a.What, b.What), strings.Compare(a.Text, b.Text))
	})
	return d.delta
}

// runs reports whether an install of the package, or of one that it brings
// along, runs code.
func (p *Profile) runs() bool {
	return len(p.Commands) > 0 || slices.ContainsFunc(p.Files, func(f File) bool { return path.Base(f.Path) == gypFile && f.Reach == AtInstall })
}

type differ struct {
	delta       *Delta
	old, latest *Profile
	pairs       pairs
	known       *known
	fileNews    int // of the file at hand
}

// add keeps news.
func (d *differ) add(n News) {
	if d.fileNews++; len(d.delta.News) >= maxNews || d.fileNews > maxFileNews {
		d.delta.Omitted++
		return
	}
	n.Text = valid(n.Text, maxNewsText)
	d.delta.News = append(d.delta.News, n)
}

// changes lists the files.
func (d *differ) changes() {
	list := &d.delta.Changes
	for i := range d.latest.Files {
		f, was := &d.latest.Files[i], d.pairs.of[i]
		c := Change{Path: f.Path, Reach: f.Reach, Size: f.Size, Novelty: d.pairs.novelty[i]}
		switch {
		case was == nil:
			c.Kind = Added
		case was.Path != f.Path:
			c.Kind, c.From, c.Was = Moved, was.Path, was.Reach
		case was.Hash != f.Hash:
			c.Kind, c.Was = Changed, was.Reach
		default:
			continue
		}
		*list = append(*list, c)
	}
	for i := range d.old.Files {
		if f := &d.old.Files[i]; !d.pairs.kept[f.Path] {
			*list = append(*list, Change{Kind: Removed, Path: f.Path, Was: f.Reach, Size: f.Size})
		}
	}
	slices.SortStableFunc(*list, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
}

// archive finds what is new about the archive as a whole.
func (d *differ) archive() {
	had := map[FaultKind]bool{}
	for _, f := range d.old.Faults {
		had[f.Kind] = true
	}
	d.fileNews = 0
	for _, f := range d.latest.Faults {
		if !had[f.Kind] {
			d.add(News{Kind: NewFault, What: string(f.Kind), Path: f.Path, Count: 1})
		}
	}
	bundled := map[[2]string]bool{}
	for _, b := range d.old.Bundled {
		bundled[[2]string{b.Name, b.Version}] = true
	}
	d.fileNews = 0
	for _, b := range d.latest.Bundled {
		if !bundled[[2]string{b.Name, b.Version}] {
			d.add(News{Kind: NewBundle, What: b.Name, Text: b.Version, Path: b.Path, Count: 1})
		}
	}
	d.fileNews = 0
	if size := d.latest.Unpacked; !d.delta.First && size >= 2*d.old.Unpacked && size-d.old.Unpacked >= largeScript {
		d.add(News{Kind: Doubled, Count: int(size)})
	}
}

// commands finds what an install newly runs, and what its commands newly do.
func (d *differ) commands(weight int) {
	if weight != AtInstall.weight() {
		return
	}
	had := map[string]bool{}
	for _, c := range d.old.Commands {
		had[c.Path+"\x00"+c.Text] = true
	}
	for _, c := range d.latest.Commands {
		if had[c.Path+"\x00"+c.Text] {
			continue
		}
		d.fileNews = 0
		_, script, _ := strings.Cut(c.Path, "#")
		d.add(News{Kind: NewCommand, What: script, Text: c.Text, Path: c.Path, Reach: AtInstall, Count: 1})
		d.code(&File{Path: c.Path, Reach: AtInstall, Code: c.Code}, nil)
	}
}

// file finds what is new in one file. was is the file that it was made from,
// nil if there is none.
func (d *differ) file(f, was *File) {
	d.fileNews = 0
	if reason := Obeyed(f.Path); reason != "" && was == nil {
		d.add(News{Kind: NewObeyed, What: reason, Path: f.Path, Reach: f.Reach, Count: 1})
	}
	if isCompiled(f) && (was == nil || !isCompiled(was)) && !d.known.binaries[unnumbered(f.Path)] {
		d.add(News{Kind: NewBinary, What: string(f.Kind), Path: f.Path, Reach: f.Reach, Count: 1})
	}
	if f.Code == nil {
		return
	}
	grown := was == nil || was.Size < f.Size/2
	if f.Size >= largeScript && grown && d.pairs.noveltyOf(f) > mostlyOld {
		d.add(News{Kind: LargeScript, Path: f.Path, Reach: f.Reach, Count: int(f.Size)})
	}
	d.code(f, was)
}

// code finds what is new in what a file does, names and looks like.
func (d *differ) code(f, was *File) {
	if f.Code == nil {
		return
	}
	widened := was != nil && was.Reach.weight() < f.Reach.weight()
	if widened {
		was = nil // it was shipped before, and ran where it did no harm
	}
	hadCode := was != nil && was.Code != nil
	if f.Code.Unreadable != "" && (!hadCode || was.Code.Unreadable == "") {
		d.add(News{Kind: NewUnreadable, Text: f.Code.Unreadable, Path: f.Path, Reach: f.Reach, Count: 1})
	}
	var before []code.Trait
	switch {
	case hadCode:
		before = was.Code.Traits
	case !widened && d.pairs.noveltyOf(f) <= rebuilt:
		before = d.known.traits
	}
	for _, t := range f.Code.Traits {
		if grew(t, before) {
			d.add(News{
				Kind: NewTrait, What: t.Kind, Path: f.Path, Line: t.Line, Offset: t.Offset, Reach: f.Reach, Count: t.Count,
				Excerpt: excerptAt(f.Excerpts, t.Offset),
			})
		}
	}
	d.facts(f)
}

// grew reports whether a trait is new, or half as strong again as it was.
func grew(t code.Trait, before []code.Trait) bool {
	most := 0
	for _, b := range before {
		if b.Kind == t.Kind {
			most = max(most, b.Count)
		}
	}
	return t.Count > most+most/2
}

// facts finds the uses, addresses and modules that are new to the package.
func (d *differ) facts(f *File) {
	first := map[[3]string]int{} // where in News each stands
	add := func(n News) {
		key := [3]string{string(n.Kind), n.What, n.Text}
		if n.Kind == NewMention {
			key[2] = ""
		}
		if i, seen := first[key]; seen {
			if i >= 0 {
				at := &d.delta.News[i]
				if at.Count++; len(at.Places) < maxPlaces {
					at.Places = append(at.Places, n.Offset)
				}
			}
			return
		}
		first[key] = -1
		n.Path, n.Reach, n.Count, n.Excerpt, n.Places = f.Path, f.Reach, 1, excerptAt(f.Excerpts, n.Offset), []int{n.Offset}
		kept := len(d.delta.News)
		if d.add(n); len(d.delta.News) > kept {
			first[key] = kept
		}
	}
	for _, u := range f.Code.Uses {
		if d.known.firstUse(u.Capability, f.Reach) {
			add(News{Kind: NewCapability, What: string(u.Capability), Text: u.What, Line: u.Line, Offset: u.Offset})
		}
		if !d.known.use(u, f.Reach) {
			add(News{Kind: NewUse, What: string(u.Capability), Text: u.What, Line: u.Line, Offset: u.Offset})
		}
	}
	for _, m := range f.Code.Mentions {
		if !d.known.hosts.covers(m.Host, f.Reach) {
			add(News{Kind: NewMention, What: m.Host, Text: m.Text, Line: m.Line, Offset: m.Offset})
		}
	}
	for _, m := range f.Code.Modules {
		if name := packageOf(m.Name); name != "" && !d.known.modules.covers(name, f.Reach) {
			add(News{Kind: NewModule, What: name, Text: m.Name, Line: m.Line, Offset: m.Offset})
		}
	}
}
