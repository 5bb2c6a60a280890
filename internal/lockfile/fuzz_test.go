package lockfile

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/corpustest"
)

// fuzzReader tries one format's reader, seeded with the format's golden cases:
// two readings agree, what can't be read has a reason and a hint, and what is
// read passes the checks.
func fuzzReader(f *testing.F, formats string, input func(data []byte) Input, check func(t *testing.T, data []byte, inv *Inventory)) {
	f.Helper()
	cases, _ := filepath.Glob(filepath.Join(corpustest.Root(f), "testdata", "lockfile", formats, "*.in"))
	if len(cases) == 0 {
		f.Fatalf("no case of %s to begin with", formats)
	}
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input(data)
		inv, err := Parse(in)
		if again, _ := Parse(in); !reflect.DeepEqual(inv, again) {
			t.Fatal("two readings differ")
		}
		if err != nil {
			if u, ok := errors.AsType[*Unread](err); !ok || u.Reason == "" || u.Hint == "" {
				t.Fatalf("%#v is no reason", err)
			}
			return
		}
		check(t, data, inv)
	})
}

// named gives the inputs of one file name, with nothing beside the file.
func named(path string) func(data []byte) Input {
	return func(data []byte) Input { return Input{Path: path, Data: data} }
}
