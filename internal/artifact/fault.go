package artifact

import "strings"

// FaultKind names a fault.
type FaultKind string

// The faults. What counts as the archive's content where a fault lets readers
// disagree is what npm's own unpacker takes (pacote's fetcher.js on node-tar 7):
// it drops the first folder of each path, ignores links and devices, and lets
// a later entry replace an earlier one of the same path.
const (
	Link             FaultKind = "link"
	Device           FaultKind = "device"
	UnknownEntry     FaultKind = "unknown-entry" // an entry of a type that only some readers know
	Traversal        FaultKind = "traversal"
	Absolute         FaultKind = "absolute-path"
	Drive            FaultKind = "drive-letter"
	Backslash        FaultKind = "backslash" // a folder on Windows, a letter elsewhere
	ControlCharacter FaultKind = "control-character"
	Duplicate        FaultKind = "duplicate" // with other bytes
	CaseCollision    FaultKind = "case-collision"
	UnicodeCollision FaultKind = "unicode-collision"
	FileAndFolder    FaultKind = "file-and-folder"
	NoFolder         FaultKind = "no-folder"   // a file beside the first folder, which npm doesn't unpack
	TopFolders       FaultKind = "top-folders" // npm lays them over one another
	LongPath         FaultKind = "long-path"
	DeepPath         FaultKind = "deep-path"
	BadHeader        FaultKind = "bad-header" // readers disagree on where the next entry begins
	HeaderConflict   FaultKind = "header-conflict"
	SizeOverride     FaultKind = "size-override"
	GlobalHeader     FaultKind = "global-header"
	Sparse           FaultKind = "sparse"
	LoneZeroBlock    FaultKind = "lone-zero-block" // an end to some readers
	TrailingData     FaultKind = "trailing-data"
	GzipMembers      FaultKind = "gzip-members"
	DuplicateMember  FaultKind = "duplicate-member" // a name that stands twice in a manifest
	UnreadManifest   FaultKind = "unreadable-manifest"
)

const (
	maxFaults    = 20 // of a kind: more say no more
	maxFaultPath = 300
)

// note keeps a fault.
func (b *builder) note(kind FaultKind, path string) {
	if b.noted[kind]++; b.noted[kind] > maxFaults {
		return
	}
	b.profile.Faults = append(b.profile.Faults, Fault{kind, valid(path, maxFaultPath)})
}

// valid gives at most n bytes of a text, as UTF-8.
func valid(s string, n int) string {
	s = strings.ToValidUTF8(s[:min(len(s), n)], "\ufffd")
	for len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
