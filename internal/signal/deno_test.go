package signal

import (
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

const denoLock = "deno-lock-v5"

// module is a place of a module with a hash of one digit repeated; none is "".
func module(path, digit string) change.Place {
	e := &lockfile.Entry{
		Line: 7, Key: "https://modules.example/" + path, Ecosystem: lockfile.Deno, Source: lockfile.URL,
		Resolved: "https://modules.example/" + path, InstallScript: lockfile.No,
	}
	e.Name, e.Version = lockfile.Module(e.Key)
	if digit != "" {
		e.Integrity = []string{strings.Repeat(digit, 64)}
	}
	return change.Place{Lockfile: "deno.lock", Format: denoLock, Entry: e}
}

func ofModules(kind change.Kind, base, head []change.Place) *evidence.Dossier {
	e := head[0].Entry
	return &evidence.Dossier{
		Change:     change.Change{Ecosystem: lockfile.Deno, Name: e.Name, Kind: kind, To: e.Version, Base: base, Head: head},
		Registries: world(),
	}
}

func TestModules(t *testing.T) {
	redirect := func(to string) change.Place {
		p := module("x/lib/mod.ts", "")
		p.Entry.Resolved = "https://modules.example/" + to
		_, p.Entry.Version = lockfile.Module(p.Entry.Resolved)
		return p
	}
	places := func(list ...change.Place) []change.Place { return list }
	for _, test := range []struct {
		name string
		d    *evidence.Dossier
		want string // signals, and points of those that don't always block
	}{
		{"an update", ofModules(change.Upgraded, places(module("std@1.0.0/a.ts", "1")), places(module("std@1.1.0/fs/new.ts", "2"))), ""},
		{"one more file", ofModules(change.Added, places(module("std@1.0.0/a.ts", "1")), places(module("std@1.0.0/fs/b.ts", "2"))), ""},
		{"a new package", ofModules(change.Added, nil, places(module("std@1.0.0/a.ts", "1"))), "off-registry-source 40"},
		{"another hash", ofModules(change.Relocked, places(module("std@1.0.0/a.ts", "1")), places(module("std@1.0.0/a.ts", "2"))), "relocked !"},
		{"swapped hashes", ofModules(change.Relocked,
			places(module("std@1.0.0/a.ts", "1"), module("std@1.0.0/b.ts", "2")),
			places(module("std@1.0.0/a.ts", "2"), module("std@1.0.0/b.ts", "1"))), "relocked !"},
		{"another hash without a version", ofModules(change.Relocked, places(module("main/a.ts", "1")), places(module("main/a.ts", "2"))), "relocked 40"},
		{"a new one without a hash", ofModules(change.Added, nil, places(module("std@1.0.0/a.ts", ""))), "integrity-missing 40 off-registry-source 40"},
		{"a hash that is gone", ofModules(change.Relocked, places(module("std@1.0.0/a.ts", "1")), places(module("std@1.0.0/a.ts", ""))), "integrity-missing 40"},
		{"a redirect to a newer version", ofModules(change.Upgraded, places(redirect("x/lib@1.0.0/mod.ts")), places(redirect("x/lib@1.1.0/mod.ts"))), ""},
		{"a redirect to another package", ofModules(change.Upgraded, places(redirect("x/lib@1.0.0/mod.ts")), places(redirect("x/evil@1.1.0/mod.ts"))), "off-registry-source 40"},
		{"a new redirect", ofModules(change.Added, nil, places(redirect("x/lib@1.0.0/mod.ts"))), "off-registry-source 40"},
	} {
		var got []string
		for _, f := range Run(test.d, judged()) {
			points := f.Signal + " !"
			if !f.Always {
				points = f.Signal + " " + digits(f.Points)
			}
			got = append(got, points)
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%s: %q, want %q", test.name, text, test.want)
		}
	}
}

func digits(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// In a deno.lock each package has a hash, and none an address.
func TestJSRWithoutAHash(t *testing.T) {
	e := &lockfile.Entry{Key: "@std/path@1.0.0", Ecosystem: lockfile.JSR, Name: "@std/path", Version: "1.0.0", Source: lockfile.Registry}
	d := &evidence.Dossier{
		Change:     change.Change{Ecosystem: "jsr", Name: e.Name, Kind: change.Added, To: e.Version, Head: []change.Place{{Lockfile: "deno.lock", Format: denoLock, Entry: e}}},
		Registries: world(),
	}
	got := Run(d, judged())
	if len(got) != 1 || got[0].Signal != "integrity-missing" || !strings.Contains(got[0].Message, "whatever the registry serves") {
		t.Errorf("findings %+v", got)
	}
	d.Change.Head[0].Format = "npm-lock-v3" // of damaged files with neither
	if got := Run(d, judged()); len(got) != 0 {
		t.Errorf("findings %+v", got)
	}
}
