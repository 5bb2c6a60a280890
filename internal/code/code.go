// Package code knows what a source file can do, whom it names, and how it is
// written.
//
// It takes the bytes of one file and gives a [Profile]. It promises: it never
// fails, never recurses without a bound and takes time linear in the bytes,
// whatever they are; what no reader could make sense of is said in the
// profile, never taken for clean. It knows nothing of archives, and it runs
// nothing.
package code

// Capability is a kind of thing that code can do to the machine it runs on.
type Capability string

// The capabilities. A report shows these words.
const (
	Network     Capability = "network"     // opens a connection or names a way to
	Process     Capability = "process"     // starts a program
	WriteFile   Capability = "write"       // writes or removes files
	ReadFile    Capability = "read"        // reads files
	Environment Capability = "environment" // reads environment variables
	Secret      Capability = "secret"      // names a place where secrets are kept: tokens, keys, wallets, cloud metadata
	Evaluate    Capability = "evaluate"    // runs text as code
	Native      Capability = "native"      // loads compiled code
	Hook        Capability = "hook"        // puts itself before a browser's or wallet's functions, the clipboard, or another module's
	Spread      Capability = "spread"      // publishes packages, writes workflows or agents' settings, pushes to repositories
	Decode      Capability = "decode"      // turns base64, hexadecimal or compressed text into bytes
	Persist     Capability = "persist"     // names what makes something run again: shells' files, timers, settings of agents and editors
	Account     Capability = "account"     // names an account that receives money, or a pattern of such, beside a hook
	Destroy     Capability = "destroy"     // removes all that a person or a machine has
	Download    Capability = "download"    // fetches a runtime or a program: addresses of releases, executables' names
)

// Use is one place at which a file does, or could do, something.
type Use struct {
	Capability Capability
	What       string // "child_process.exec", "process.env.NPM_TOKEN": short, as written or as resolved
	Line       int    // counted from 1
	Offset     int    // in bytes
	// Context is a digest of the tokens around the use, names and numbers made
	// alike, so that a use that only moved, or was minified again, has the same.
	Context uint64
}

// Mention is an address or a domain that a file names.
type Mention struct {
	Host   string // lower case, without port; an IP address as it is
	Text   string // as written, at most 200 bytes
	Line   int
	Offset int
}

// Module is a module that a file loads.
type Module struct {
	Name   string // "fs", "./setup.js", "@scope/name"
	Line   int
	Offset int
}

// The kinds of traits, and what their counts count.
const (
	HexNames      = "hex-identifiers" // names such as _0x3fa2c1
	StringTable   = "string-table"    // strings in arrays of many short encoded strings
	Rotation      = "rotation"        // tables that are turned: push(shift())
	Decoder       = "decoder"         // functions that make text from character codes by exclusive or
	EncodedText   = "encoded-text"    // strings whose decoded text names a host, a module, a secret or a command
	DecodedEval   = "decoded-eval"    // evaluations of decoded text
	Packed        = "packed"          // bytes of a line of code amid readable lines, or of a packer's argument
	Entropy       = "entropy"         // bytes in long strings that look random
	FarRight      = "far-right"       // places where code stands behind 200 columns of blanks
	Bidirectional = "bidirectional"   // characters that change the direction of text, in code or not closed on their line
	ZeroWidth     = "zero-width"      // characters without a width, in code or in a row
	PrivateUse    = "private-use"     // characters without a meaning, in code or in a row
	ComputedUse   = "computed-use"    // members of the global object or modules named by what only the run tells
	Flood         = "flood"           // findings beyond the caps of a profile
)

// Trait is a way in which obfuscated or hidden code is written.
type Trait struct {
	Kind   string // one of the constants above
	Count  int    // how often, or the figure that made it one
	Line   int    // where first
	Offset int
}

// Profile is what is known of one file.
type Profile struct {
	Language string // "javascript", "shell", "python", "gyp", or "" if none is known
	Size     int    // bytes
	Lines    int
	Longest  int // bytes of the longest line
	Uses     []Use
	Mentions []Mention
	Modules  []Module
	Traits   []Trait
	// Shingles are digests of runs of property names and strings, which renaming
	// and minifying leave alone: the smallest 2048 that the file has, sorted. What
	// two files share tells whether one was made from the other; where one has all
	// 2048, compare only those up to its largest.
	Shingles []uint64
	// Unreadable says why the file could not be parsed; "" if it could. The
	// tokenizer's findings stand all the same.
	Unreadable string
}
