package lockfile

import (
	"fmt"
	"strings"
	"testing"
)

// A lookup gives what a map gives, when it grows and where hashes meet, too.
func TestLookup(t *testing.T) {
	for _, bits := range []uint32{0, 3, 32} {
		var texts []string
		l, want := newLookup(2), map[string]int32{}
		hash := func(text string) uint32 { return hashOfText(text) & uint32(1<<bits-1) }
		is := func(text string) func(int32) bool { return func(number int32) bool { return texts[number] == text } }
		for i := range 300 {
			text := fmt.Sprint(i * i % 211) // some come again
			earlier, again := want[text]
			if !again {
				earlier = -1
			}
			number := int32(len(texts))
			texts = append(texts, text)
			if got := l.put(hash(text), number, is(text)); got != earlier {
				t.Errorf("%d bits: %q took the place of %d, not of %d", bits, text, got, earlier)
			}
			want[text] = number
		}
		for i := range 250 {
			text := fmt.Sprint(i)
			number, ok := want[text]
			if !ok {
				number = -1
			}
			if got := l.find(hash(text), is(text)); got != number {
				t.Errorf("%d bits: %q is %d, not %d", bits, text, got, number)
			}
		}
	}
}

// The guess is near the truth for what lockfiles are like: entries of some size,
// all in one part of the file or in all of it.
func TestGuessCount(t *testing.T) {
	entry, other := "  a@1.0.0:\n    resolution: {integrity: sha512-abc}\n\n", strings.Repeat("  b@1.0.0: {}\n", 4)
	for what, text := range map[string]string{
		"nothing":           "",
		"few":               strings.Repeat(entry, 20),
		"many":              strings.Repeat(entry, 5_000),
		"in the first half": strings.Repeat(entry, 5_000) + strings.Repeat(other, 5_000),
		"in the other half": strings.Repeat(other, 5_000) + strings.Repeat(entry, 5_000),
		"among others":      strings.Repeat(entry+other, 5_000),
	} {
		count := strings.Count(text, "resolution:")
		if guess := guessCount(text, "resolution:"); guess < count || guess > count*4/3+8 {
			t.Errorf("%s: %d for %d", what, guess, count)
		}
	}
}
