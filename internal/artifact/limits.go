package artifact

import (
	"cmp"
	"fmt"
)

// Limits are the caps on one archive. A zero is the default.
type Limits struct {
	Packed   int64 // bytes of the archive, which is held in memory
	Unpacked int64 // bytes that come out of it
	Ratio    int64 // of unpacked to packed bytes, once ratioFloor bytes came out
	Entries  int
	Script   int64 // bytes of one file that is read as code
	Code     int64 // bytes of all files that are read as code
	Facts    int64 // bytes of all that is kept of the code
}

// Defaults. The largest archive on the public registry that a popular package
// needs, a compiler's native build, has 45 MB packed and 140 MB unpacked; the
// largest bundle of a compiler in JavaScript has 9 MB.
var defaults = Limits{
	Packed:   64 << 20,
	Unpacked: 512 << 20,
	Ratio:    250, // node-tar's own cap is 1000, which is as good as deflate gets
	Entries:  100_000,
	Script:   16 << 20,
	Code:     192 << 20,
	Facts:    48 << 20,
}

// Caps that no caller needs to set.
const (
	ratioFloor   = 16 << 20 // bytes: below it a good ratio is no bomb
	maxPath      = 4096     // bytes: PATH_MAX of Linux, so that npm can't write a longer one
	maxPathTexts = 16 << 20 // bytes of all paths
	maxDepth     = 64       // folders: beyond it the path is a fault
	maxNPMDepth  = 1024     // folders: beyond it node-tar unpacks nothing
	maxManifest  = 8 << 20  // bytes of a package.json
	maxManifests = 16 << 20 // bytes of all of them
)

func (l Limits) orDefaults() Limits {
	return Limits{
		Packed:   cmp.Or(l.Packed, defaults.Packed),
		Unpacked: cmp.Or(l.Unpacked, defaults.Unpacked),
		Ratio:    cmp.Or(l.Ratio, defaults.Ratio),
		Entries:  cmp.Or(l.Entries, defaults.Entries),
		Script:   cmp.Or(l.Script, defaults.Script),
		Code:     cmp.Or(l.Code, defaults.Code),
		Facts:    cmp.Or(l.Facts, defaults.Facts),
	}
}

// Exceeded is the error for an archive that is more than a cap allows: it says
// nothing for or against the package, which stays unjudged.
type Exceeded struct {
	What string // "bytes packed"
	Cap  int64
}

// Error says how many of what were too many.
func (e *Exceeded) Error() string {
	return fmt.Sprintf("archive: reading: more than the %d %s that are read", e.Cap, e.What)
}

// Malformed is the error for bytes that are no archive, though they have the
// right hash. It doesn't unwrap: a decompressor's io.EOF is not the archive's.
type Malformed struct{ Cause error }

// Error gives the cause.
func (e *Malformed) Error() string { return "archive: unpacking: " + e.Cause.Error() }
