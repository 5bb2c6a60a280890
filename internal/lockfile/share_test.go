package lockfile

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
)

// shareable are generators of every format.
var shareable = []struct {
	file string
	make func(entries int, seed uint64) []byte
}{
	{"package-lock.json", locktest.NPM}, {"bun.lock", locktest.Bun}, {"deno.lock", locktest.Deno},
	{"pnpm-lock.yaml", locktest.PNPM}, {"yarn.lock", locktest.YarnClassic}, {"yarn.lock", locktest.YarnBerry},
}

func parsed(t *testing.T, file string, data []byte) *Inventory {
	t.Helper()
	inv, err := Parse(Input{Path: file, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

// What an inventory says is the same once it shares with another one, whatever
// that is, and the other one is left as it was.
func TestShareChangesNothing(t *testing.T) {
	for _, c := range shareable {
		data := c.make(600, 1)
		for name, other := range map[string][]byte{
			"itself":        data,
			"some versions": bytes.Replace(data, []byte(".1."), []byte(".9."), 20),
			"some names":    bytes.Replace(data, []byte("ve"), []byte("vx"), 9),
			"far fewer":     c.make(40, 1),
			"others":        c.make(600, 2),
			"no hashes":     bytes.ReplaceAll(data, []byte("sha512-"), []byte("sha1-")),
		} {
			inv, with := parsed(t, c.file, data), parsed(t, c.file, other)
			inv.Share(with)
			if diff := cmp.Diff(parsed(t, c.file, data), inv); diff != "" {
				t.Errorf("%s, beside %s (-want +got):\n%s", c.file, name, diff)
			}
			if diff := cmp.Diff(parsed(t, c.file, other), with); diff != "" {
				t.Errorf("%s: %s changed (-want +got):\n%s", c.file, name, diff)
			}
		}
	}
}

// A file's text, and the lists, are free once they are shared.
func TestShareFreesMemory(t *testing.T) {
	for _, c := range shareable {
		data := c.make(3_000, 1)
		with := parsed(t, c.file, bytes.Replace(data, []byte(".1."), []byte(".9."), 20))
		inv := parsed(t, c.file, bytes.Clone(data))
		before := inUse()
		inv.Share(with)
		if freed := before - inUse(); freed < int64(len(data)) {
			t.Errorf("%s: sharing frees %d bytes, less than the file's %d", c.file, freed, len(data))
		}
		runtime.KeepAlive(inv)
		runtime.KeepAlive(with)
		runtime.KeepAlive(data)
	}
}

// An inventory's texts lie in the data, which nothing may change then.
func TestParseLeavesTheDataAlone(t *testing.T) {
	for _, c := range shareable {
		data := c.make(600, 1)
		before := bytes.Clone(data)
		inv, first := parsed(t, c.file, data), parsed(t, c.file, before)
		inv.Share(first)
		inv.Touch(first, data, before)
		if !bytes.Equal(data, c.make(600, 1)) || !bytes.Equal(before, data) {
			t.Errorf("%s: the data has changed", c.file)
		}
	}
}

func inUse() int64 {
	var stats runtime.MemStats
	for range 3 { // a pool is emptied by the second
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
