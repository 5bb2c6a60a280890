package lockfile

import (
	"cmp"
	"fmt"
	"path"
	"strconv"
	"unsafe"
)

// maxSize is how many bytes of a lockfile are read. The largest known has 3 MB.
const maxSize = 64 << 20

// Input is one lockfile to read.
type Input struct {
	Path string // slash-separated, relative to the tree's root
	// As is the name that a lockfile of its format has by default, where settings
	// give this one another; "" where its own name tells.
	As   string
	Data []byte // an inventory's texts lie in it: nobody may change it again
	// Manifest gives the bytes of another file of the same tree, by its path
	// from the tree's root, for the formats that leave the direct and the
	// development dependencies to the manifest. It may be nil.
	Manifest func(path string) ([]byte, bool)
	// Folders lists the folders of the tree that hold a package.json, from the
	// tree's root ("" is the root itself), in order: workspaces are found by
	// patterns over them. It may be nil.
	Folders []string
}

// text is the data without a copy of it, which would take up to a seventh of the
// time, and as much memory as the lockfile itself.
func (in Input) text() string { return unsafe.String(unsafe.SliceData(in.Data), len(in.Data)) }

// format is a row of the table: one lockfile name and the reader of its bytes.
type format struct {
	name      string // the file's base name
	ecosystem string
	read      func(Input) (*Inventory, error)
}

// formats is the table of all lockfile names, and of the ecosystem of what they
// pin.
var formats = []format{
	{"package-lock.json", "npm", readNPM},
	{"npm-shrinkwrap.json", "npm", readNPM},
	{"yarn.lock", "npm", readYarn},
	{"pnpm-lock.yaml", "npm", readPNPM},
	{"bun.lock", "npm", readBun},
	// bun before 1.2 wrote it. Where a bun.lock stands beside it, bun doesn't read it.
	{"bun.lockb", "npm", refuse("the file is binary, in a form that only bun reads", hintBunText)},
	{"deno.lock", "npm", readDeno},
	{"vlt-lock.json", "npm", refuse("there is no reader for vlt's lockfiles yet", hintIgnore)},
	{"shrinkwrap.yaml", "npm", refuse("only pnpm before version 3 wrote and reads it", "update pnpm, which writes pnpm-lock.yaml")},
}

// refuse answers for a format that is known and not read.
func refuse(reason, hint string) func(Input) (*Inventory, error) {
	return func(in Input) (*Inventory, error) {
		return nil, &Unread{Path: in.Path, Reason: reason, Hint: hint}
	}
}

// Known reports whether a file of that path is a lockfile by its name, and of
// which ecosystem.
func Known(file string) (ecosystem string, ok bool) {
	f := formatOf(file)
	if f == nil {
		return "", false
	}
	return f.ecosystem, true
}

// Parse reads one lockfile. The error, if any, is an [*Unread].
func Parse(in Input) (*Inventory, error) {
	f := formatOf(cmp.Or(in.As, in.Path))
	switch {
	case f == nil:
		return nil, &Unread{
			Path:   in.Path,
			Reason: fmt.Sprintf("no reader for the format of %s", path.Base(in.Path)),
			Hint:   hintIgnore,
		}
	case len(in.Data) > maxSize:
		return nil, &Unread{
			Path:   in.Path,
			Reason: fmt.Sprintf("%d bytes are more than the %d that are read", len(in.Data), maxSize),
			Hint:   hintIgnore,
		}
	}
	return f.read(in)
}

// formatOf finds the row of a file, or nil.
func formatOf(file string) *format {
	base := path.Base(file)
	if isPNPMBranch(base) {
		base = "pnpm-lock.yaml"
	}
	for i := range formats {
		if formats[i].name == base {
			return &formats[i]
		}
	}
	return nil
}

func place(file string, line int) string {
	if line == 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}

// Alike reports whether two files are lockfiles of one format by their names.
func Alike(a, b string) bool { return formatOf(a) == formatOf(b) }
