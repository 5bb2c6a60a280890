package lockfile

import (
	"fmt"
	"path"
	"strconv"
)

// Input is one lockfile to read.
type Input struct {
	Path string // slash-separated, relative to the tree's root
	Data []byte // an inventory keeps a copy of it, never the slice itself
	// Manifest gives the bytes of another file of the same tree, by its path
	// from the tree's root, for the formats that leave the direct and the
	// development dependencies to the manifest. It may be nil.
	Manifest func(path string) ([]byte, bool)
}

// format is a row of the table: one lockfile name and the reader of its bytes.
type format struct {
	name      string // the file's base name
	ecosystem string
	read      func(Input) (*Inventory, error)
}

// formats is the table of all lockfile names that are read. A file that is in
// the table of known names but has no reader yields an [*Unread].
var formats = []format{
	{"package-lock.json", "npm", readNPM},
	{"npm-shrinkwrap.json", "npm", readNPM},
}

// unreadable lists lockfiles of other tools: they pin packages, and saying
// nothing of them would pass them unjudged.
var unreadable = map[string]string{
	"yarn.lock":      "npm",
	"pnpm-lock.yaml": "npm",
	"bun.lock":       "npm",
	"bun.lockb":      "npm",
	"deno.lock":      "npm",
}

// Known reports whether a file of that path is a lockfile by its name, and of
// which ecosystem.
func Known(file string) (ecosystem string, ok bool) {
	base := path.Base(file)
	for _, f := range formats {
		if f.name == base {
			return f.ecosystem, true
		}
	}
	ecosystem, ok = unreadable[base]
	return ecosystem, ok
}

// Parse reads one lockfile. The error, if any, is an [*Unread].
func Parse(in Input) (*Inventory, error) {
	base := path.Base(in.Path)
	for _, f := range formats {
		if f.name == base {
			return f.read(in)
		}
	}
	return nil, &Unread{
		Path:   in.Path,
		Reason: fmt.Sprintf("no reader for the format of %s", base),
		Hint:   "exclude it with lockfiles.ignore in the policy if it pins nothing that is installed",
	}
}

func place(file string, line int) string {
	if line == 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}
