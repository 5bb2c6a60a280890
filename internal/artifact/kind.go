package artifact

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"
)

// headSize is how much of a file is looked at for its kind.
const headSize = 4096

// codeExtensions are those of files that are read as code wherever they lie.
// Nothing else decides it: a file that begins like a program and ends in .js
// still runs as JavaScript.
var codeExtensions = map[string]bool{
	".js": true, ".cjs": true, ".mjs": true, ".jsx": true, ".es6": true, ".es": true,
	".ts": true, ".cts": true, ".mts": true, ".tsx": true,
	".sh": true, ".bash": true, ".zsh": true, ".command": true,
	".py": true, ".gyp": true, ".gypi": true,
	".bat": true, ".cmd": true, ".ps1": true, ".vbs": true,
}

// kindsByExtension are the kinds that a name alone decides, where the first
// bytes don't.
var kindsByExtension = map[string]Kind{
	".map": SourceMap, ".node": Binary, ".exe": Binary, ".dll": Binary, ".so": Binary, ".dylib": Binary, ".wasm": Wasm,
}

// magics are first bytes of compiled code.
var magics = []struct {
	start string
	kind  Kind
}{
	{"\x7fELF", Binary},
	{"\xfe\xed\xfa\xce", Binary}, {"\xfe\xed\xfa\xcf", Binary}, // Mach-O
	{"\xce\xfa\xed\xfe", Binary}, {"\xcf\xfa\xed\xfe", Binary},
	{"\xca\xfe\xba\xbe", Binary}, // Mach-O for several machines, Java
	{"!<arch>\n", Binary},
	{"\x00asm", Wasm},
}

// isTyped covers TypeScript's declarations, "x.d.ts" and "x.d.css.ts".
func isTyped(name string) bool {
	base := path.Base(name)
	switch path.Ext(base) {
	case ".ts", ".cts", ".mts":
		return strings.Contains(base[:len(base)-3], ".d.") || strings.HasSuffix(strings.TrimSuffix(base, path.Ext(base)), ".d")
	}
	return strings.HasSuffix(base, ".js.flow")
}

// runsAsCode reports whether a path is one of code.
func runsAsCode(name string) bool {
	return codeExtensions[strings.ToLower(path.Ext(name))] && !isTyped(name)
}

// kindOf knows a file by its path and its first bytes.
func kindOf(name string, head []byte) Kind {
	if path.Base(name) == "package.json" {
		return ManifestFile
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.kind
		}
	}
	if bytes.HasPrefix(head, []byte("MZ")) && bytes.IndexByte(head, 0) >= 0 {
		return Binary
	}
	switch kind, known := kindsByExtension[strings.ToLower(path.Ext(name))]; {
	case isTyped(name):
		return Typed
	case runsAsCode(name) || bytes.HasPrefix(head, []byte("#!")):
		return Script
	case known:
		return kind
	case bytes.IndexByte(head, 0) >= 0 || !isText(head):
		return Data
	}
	return Text
}

// isText allows for a letter that the head cuts in two.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		head = head[n:]
	}
	return true
}
