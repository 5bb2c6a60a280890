package artifact

import (
	"strings"
	"testing"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		path, body string
		kind       Kind
		code       bool
	}{
		{"a.js", "x", Script, true},
		{"A.CJS", "x", Script, true},
		{"a.ts", "x", Script, true},
		{"a.d.ts", "x", Typed, false},
		{"a.d.mts", "x", Typed, false},
		{"a.d.css.ts", "x", Typed, false},
		{"d.ts", "x", Script, true},
		{"a.js.flow", "x", Typed, false},
		{"a", "#!/bin/sh", Script, true},
		{"a", "x", Text, false},
		{"a", "x\x00", Data, false},
		{"a", "\xff", Data, false},
		{"a", strings.Repeat("x", headSize-1) + "é", Text, false},
		{"sub/package.json", "{}", ManifestFile, false},
		{"a.js.map", "{}", SourceMap, false},
		{"a.node", "x", Binary, false},
		{"a", "\x7fELF", Binary, false},
		{"a", "\xcf\xfa\xed\xfe", Binary, false},
		{"a", "MZ\x90\x00", Binary, false},
		{"a", "MZ is short for something", Text, false},
		{"a.dat", "\x00asm", Wasm, false},
		// What begins like a program and is named like a script runs as a script.
		{"a.js", "MZ=1/*\x00*/;exec('x')", Binary, true},
		{"a.js", "\x7fELF", Binary, true},
	} {
		p := mustOpen(t, pack(t, files(c.path, c.body)...))
		if f := p.Files[0]; f.Kind != c.kind || (f.Code != nil) != c.code {
			t.Errorf("%s %.20q: %s, code %v; want %s, %v", c.path, c.body, f.Kind, f.Code != nil, c.kind, c.code)
		}
	}
}

func TestObeyed(t *testing.T) {
	for path, want := range map[string]bool{
		".claude/settings.json": true, "template/.claude/x": true, ".github/workflows/a.yml": true, ".vscode/tasks.json": true,
		"docs/AGENTS.md": true, "AGENTS.md": true, ".husky/pre-commit": true, ".git/hooks/pre-commit": true,
		".vscode/settings.json": false, ".github/FUNDING.yml": false, "claude/settings.json": false, "x.claude/a": false, "AGENTS.md.js": false,
	} {
		if got := Obeyed(path); (got != "") != want {
			t.Errorf("%s: %q", path, got)
		}
	}
}
