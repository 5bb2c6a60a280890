package lockfile

import "testing"

func TestModule(t *testing.T) {
	for _, c := range []struct{ address, name, version string }{
		{"https://modules.example/std@0.224.0/fs/mod.ts", "https://modules.example/std", "0.224.0"},
		{"https://modules.example/x/oak@v12.6.1/mod.ts", "https://modules.example/x/oak", "v12.6.1"},
		{"https://esm.example/@docsearch/js@3.5.2?target=es2020", "https://esm.example/@docsearch/js", "3.5.2"},
		{"https://esm.example/v135/preact@10.19.2/X-ZS8q/src/index.js", "https://esm.example/v135/preact", "10.19.2"},
		{"https://esm.example/react@18.2.0&deps=a@1.0.0/x.js", "https://esm.example/react", "18.2.0"},
		{"https://esm.example/react@19.0.0-rc.1+build.5/x.js#f", "https://esm.example/react", "19.0.0-rc.1+build.5"},
		{"https://modules.example/~me@home/lib@1.0.0/mod.ts", "https://modules.example/~me@home/lib", "1.0.0"},

		// What can change under its address has no version.
		{"https://esm.example/react@^18.2.0", "https://esm.example/react@^18.2.0", ""},
		{"https://cdn.example/npm/x@1/index.js", "https://cdn.example/npm/x@1/index.js", ""},
		{"https://cdn.example/npm/x@1.2/index.js", "https://cdn.example/npm/x@1.2/index.js", ""},
		{"https://cdn.example/x@1.2.x/index.js", "https://cdn.example/x@1.2.x/index.js", ""},
		{"https://cdn.example/x@main/index.js", "https://cdn.example/x@main/index.js", ""},
		{"https://raw.example/o/r/main/mod.ts", "https://raw.example/o/r/main/mod.ts", ""},
		{"https://cdn.example/x.js?v=@1.0.0", "https://cdn.example/x.js?v=@1.0.0", ""},
		{"https://cdn.example/@1.0.0/x.js", "https://cdn.example/@1.0.0/x.js", ""},
		{"https://user@1.0.0.example/x.js", "https://user@1.0.0.example/x.js", ""},
		{"https://user@1.0.0", "https://user@1.0.0", ""},
		{"std@1.0.0", "std@1.0.0", ""},
		{"", "", ""},
	} {
		name, version := Module(c.address)
		if name != c.name || version != c.version {
			t.Errorf("%s: %q %q, want %q %q", c.address, name, version, c.name, c.version)
		}
	}
}

func TestOddModule(t *testing.T) {
	for _, plain := range []string{
		"https://modules.example/std@0.224.0/fs/mod.ts", "http://127.0.0.1:8000/x", "https://raw.example/o/r/main/.hidden/mod.ts",
		"https://esm.example/*preact@10.0.0/x.mjs?a=%2e/../x", "https://modules.example/a%20b/...ts", "https://modules.example",
	} {
		if odd := oddModule(plain); odd != "" {
			t.Errorf("%s %s", plain, odd)
		}
	}
	for _, address := range []string{
		"", "mod.ts", "file:///mod.ts", "data:text/javascript,1", "https://", "https:///mod.ts", "HTTPS://modules.example/x",
		"https://modules.example/a/../b", "https://modules.example/./b", "https://modules.example/..", "https://modules.example/%2E%2e/b",
		"https://modules.example/.%2e", `https://modules.example\@evil.example/x`, "https://modules.example@evil.example/x",
		"https://modules.example/a b", "https://modules.example/\u00e4", "https://modules.example/\x00",
	} {
		if odd := oddModule(address); odd == "" {
			t.Errorf("%q is not odd", address)
		}
	}
}
