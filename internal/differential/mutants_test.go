package main

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestAMutantIsKnownByItsNumber(t *testing.T) {
	text := []byte("{\n  \"lockfileVersion\": 3,\n  \"packages\": {}\n}\n")
	changed := 0
	for number := range uint64(200) {
		first := mutant(rand.New(rand.NewPCG(number, 0)), text)
		if !bytes.Equal(first, mutant(rand.New(rand.NewPCG(number, 0)), text)) {
			t.Fatalf("mutant %d is two", number)
		}
		if !bytes.Equal(first, text) {
			changed++
		}
	}
	if changed < 150 {
		t.Errorf("only %d of 200 differ from the text", changed)
	}
}

// What another reader sees and ours doesn't is told, but where ours has a doubt
// or can't read the file; an entry that ours has with more to say is none.
func TestHidden(t *testing.T) {
	const plain = `{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-YQ=="}}}`
	entry := func(name, version, integrity string) theirs {
		return theirs{Key: "node_modules/" + name, Fields: map[string]string{"name": name, "version": version, "integrity": integrity}}
	}
	for _, c := range []struct {
		name, text string
		other      answer
		hides      bool
	}{
		{"the same", plain, answer{Entries: []theirs{entry("a", "1.0.0", "sha512-YQ==")}}, false},
		{"options of a hash", plain, answer{Entries: []theirs{entry("a", "1.0.0", "sha512-YQ==?b")}}, false},
		{"a version that they drop", plain, answer{Entries: []theirs{entry("a", "", "sha512-YQ==")}}, false},
		{"a folder", plain, answer{Entries: []theirs{entry("b", "", "")}}, false},
		{"another package", plain, answer{Entries: []theirs{entry("b", "1.0.0", "")}}, true},
		{"another version", plain, answer{Entries: []theirs{entry("a", "2.0.0", "")}}, true},
		{"another hash", plain, answer{Entries: []theirs{entry("a", "1.0.0", "sha512-Yg==")}}, true},
		{"nobody else reads it", plain, answer{Error: "no", Entries: []theirs{entry("b", "1.0.0", "")}}, false},
		{"a doubt of ours", `{"lockfileVersion": 3, "lockfileVersion": 3, "packages": {}}`, answer{Entries: []theirs{entry("b", "1.0.0", "")}}, false},
		{"ours can't read it", `{"lockfileVersion": 3`, answer{Entries: []theirs{entry("b", "1.0.0", "")}}, false},
	} {
		missing, err := hidden(onDisk(t, c.text), c.other)
		if err != nil || len(missing) > 0 != c.hides {
			t.Errorf("%s: %v, %v", c.name, missing, err)
		}
	}
}
