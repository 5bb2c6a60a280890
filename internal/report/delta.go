package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// DeltaSchema is the name and version of the document of two archives.
const DeltaSchema = "lockkeeper.delta/v1"

// Delta is what an archive has that the one before it had not. Of a single
// archive all is new.
type Delta struct {
	Schema    string       `json:"schema"`
	Tool      Tool         `json:"tool"`
	Ecosystem string       `json:"ecosystem"`
	Name      string       `json:"name"`
	From      *Archive     `json:"from"` // null where nothing is compared
	To        Archive      `json:"to"`
	Confused  []Confusion  `json:"confused"`
	Commands  []Command    `json:"commands"`
	Files     []FileChange `json:"files"`
	News      []News       `json:"news"`
	MoreNews  int          `json:"more_news,omitzero"` // that News leaves out
}

// Archive is one side.
type Archive struct {
	Version     string     `json:"version"`
	PublishedAt *time.Time `json:"published_at"` // null if not known
	Integrity   string     `json:"integrity"`
	Packed      int64      `json:"packed"`   // bytes
	Unpacked    int64      `json:"unpacked"` // bytes
	Files       int        `json:"files"`
}

// Confusion is a point in which the archive's manifest is not what the registry
// says.
type Confusion struct {
	Field  string `json:"field"`
	Inside string `json:"inside"`
	Listed string `json:"listed"`
}

// Command is what an install runs, or ran before.
type Command struct {
	Change string `json:"change"` // added, removed, unchanged
	Path   string `json:"path"`   // "package.json#postinstall"
	Text   string `json:"text"`
}

// FileChange is a file that is not the same on both sides.
type FileChange struct {
	Change  string `json:"change"` // added, removed, changed, moved
	Path    string `json:"path"`
	From    string `json:"from,omitzero"` // the path before, if it moved
	Kind    string `json:"kind,omitzero"` // of one that is there
	Size    int64  `json:"size"`          // bytes
	Hash    string `json:"hash,omitzero"` // hex SHA-256
	Reach   string `json:"reach"`         // install, import, bin, test or ""
	Was     string `json:"was,omitzero"`  // its reach before
	Novelty int    `json:"novelty"`       // hundredths of its code that are in no file before
}

// News is one thing that is new.
type News struct {
	Kind    string `json:"kind"`
	What    string `json:"what"`
	Text    string `json:"text"`
	Path    string `json:"path"`
	Line    int    `json:"line,omitzero"`
	Offset  int    `json:"offset"`
	Reach   string `json:"reach"`
	Count   int    `json:"count"`
	Excerpt string `json:"excerpt"`
}

// BuildDelta makes the document. version is the program's.
func BuildDelta(p *evidence.Pair, version string) *Delta {
	d := &Delta{
		Schema: DeltaSchema, Tool: Tool{Name: "lockkeeper", Version: version},
		Ecosystem: p.Ecosystem, Name: p.Name, To: archiveOf(p.New),
		Confused: []Confusion{}, Files: []FileChange{}, News: []News{},
		Commands: commandsOf(p.Old.Profile, p.New.Profile), MoreNews: p.Delta.Omitted,
	}
	if p.Old.Profile != nil {
		from := archiveOf(p.Old)
		d.From = &from
	}
	for _, c := range p.Confused {
		d.Confused = append(d.Confused, Confusion(c))
	}
	for _, c := range p.Delta.Changes {
		f := FileChange{
			Change: string(c.Kind), Path: c.Path, From: c.From, Size: c.Size, Reach: string(c.Reach), Was: string(c.Was), Novelty: c.Novelty,
		}
		files := p.New.Profile.Files
		if i, ok := slices.BinarySearchFunc(files, c.Path, func(f artifact.File, path string) int { return strings.Compare(f.Path, path) }); ok && c.Kind != artifact.Removed {
			f.Kind, f.Hash = string(files[i].Kind), files[i].Hash
		}
		d.Files = append(d.Files, f)
	}
	for _, n := range p.Delta.News {
		d.News = append(d.News, News{string(n.Kind), n.What, n.Text, n.Path, n.Line, n.Offset, string(n.Reach), n.Count, n.Excerpt})
	}
	return d
}

func archiveOf(e evidence.Edition) Archive {
	a := Archive{
		Version: e.Version, Integrity: e.Profile.Integrity,
		Packed: e.Profile.Packed, Unpacked: e.Profile.Unpacked, Files: len(e.Profile.Files),
	}
	if !e.Published.IsZero() {
		a.PublishedAt = new(e.Published.UTC())
	}
	return a
}

// commandsOf lists what an install runs, and then what it no longer does.
func commandsOf(old, latest *artifact.Profile) []Command {
	if old == nil {
		old = &artifact.Profile{}
	}
	had := func(p *artifact.Profile, c artifact.Command) bool {
		return slices.ContainsFunc(p.Commands, func(o artifact.Command) bool { return o.Path == c.Path && o.Text == c.Text })
	}
	all := []Command{}
	for _, c := range latest.Commands {
		change := "added"
		if had(old, c) {
			change = "unchanged"
		}
		all = append(all, Command{change, c.Path, c.Text})
	}
	for _, c := range old.Commands {
		if !had(latest, c) {
			all = append(all, Command{"removed", c.Path, c.Text})
		}
	}
	return all
}

var deltaFormats = []struct {
	name   string
	render func(io.Writer, *Delta, Options) error
}{
	{"text", DeltaText},
	{"json", DeltaJSON},
}

// DeltaFormats lists the formats of a delta.
func DeltaFormats() []string {
	var names []string
	for _, f := range deltaFormats {
		names = append(names, f.name)
	}
	return names
}

// RenderDelta writes the document in a format of [DeltaFormats].
func RenderDelta(w io.Writer, format string, d *Delta, o Options) error {
	for _, f := range deltaFormats {
		if f.name == format {
			return f.render(w, d, o)
		}
	}
	return fmt.Errorf("delta: rendering: no format %q, only %s", format, strings.Join(DeltaFormats(), ", "))
}

// DeltaJSON writes the document itself, indented.
func DeltaJSON(w io.Writer, d *Delta, _ Options) error {
	return writeJSON(w, d, jsontext.WithIndent("  "))
}
