// Package artifact knows what is inside a package's archive.
//
// It takes an archive and the hash that it must have, and gives its profile;
// and two profiles, and gives their delta. It promises: nothing is looked at
// before the hash was found right; everything happens in memory, within caps
// on size, entries, ratio, path length and depth; links, devices, traversal
// and names that collide are kept as faults; nothing of it is ever run.
//
// It starts no goroutine: a profile takes one core, and who has two archives
// to read may read them side by side.
package artifact

import "github.com/lockkeeper/lockkeeper/internal/code"

// Profile is one version's archive. It is immutable: the same bytes give the
// same profile, so that it may be kept between runs by its hash.
type Profile struct {
	Integrity string // the hash that it was verified against
	Packed    int64  // bytes of the archive
	Unpacked  int64  // bytes of its files
	Files     []File // in order of path
	Manifest  *Manifest
	Bundled   []Bundle  // in order of path
	Commands  []Command // that run when the package is installed
	Faults    []Fault   // in the archive's order, at most maxFaults of a kind
}

// File is a regular file of the archive.
type File struct {
	Path  string // without the archive's own first folder
	Hash  string // hex SHA-256
	Size  int64
	Mode  uint32 // permission bits
	Kind  Kind
	Reach Reach
	Code  *code.Profile // of scripts, and of whatever is loaded as one; nil otherwise
	// Excerpts are the places that Code names, in order of offset, so that a
	// finding has its evidence when the archive is no longer at hand.
	Excerpts []Excerpt
}

// Kind is what a file is, by its name and its first bytes.
type Kind string

// The kinds of files.
const (
	Script       Kind = "script"
	Typed        Kind = "typed" // declarations of types, which nothing runs
	ManifestFile Kind = "manifest"
	Binary       Kind = "binary" // an executable, a shared object or an archive of them
	Wasm         Kind = "wasm"
	SourceMap    Kind = "map"
	Text         Kind = "text"
	Data         Kind = "data"
)

// Reach is how a file comes to run.
type Reach string

// The ways to run, the widest first: one of an earlier line is named where
// several hold. Unknown means that nothing was seen to load the file, which an
// address made up at run time, or a deep import, still may.
const (
	AtInstall Reach = "install"
	AtImport  Reach = "import"
	AsProgram Reach = "bin"
	InTests   Reach = "test" // in a folder of tests, examples or documents, and nothing else loads it
	Unknown   Reach = ""
)

// Excerpt is a piece of one line, at most maxExcerpt bytes. It is raw: a report
// makes it safe.
type Excerpt struct {
	Offset int // of the place that it shows, in bytes from the file's start
	Text   string
}

// Manifest is the archive's own package.json, as far as it decides anything.
type Manifest struct {
	Name         string
	Version      string
	Scripts      map[string]string // all, by name
	Dependencies map[string]string // production, optional and peer
	Bundled      []string
	Main         []string // files that an import loads, as written
	Bin          map[string]string
}

// Bundle is a package that the archive brings along under node_modules. Its
// files are among the profile's.
type Bundle struct {
	Name    string // as its manifest says, which need not be its folder's name
	Version string
	Path    string // of its folder
}

// Command is what an install runs by itself: a lifecycle script, or the code
// that one hands to an interpreter on its command line.
type Command struct {
	Path string // of the manifest, and the script's name: "package.json#postinstall"
	Text string
	Code *code.Profile
}

// Fault is something in the archive that no honest packer writes.
type Fault struct {
	Kind FaultKind
	Path string // made safe by the report, not here; at most maxFaultPath bytes
}
