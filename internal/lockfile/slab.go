package lockfile

import "strings"

// slab keeps many short slices in few allocations.
type slab[T any] struct{ free []T }

// keep gives a copy of items that nothing else grows into.
func (s *slab[T]) keep(items ...T) []T {
	if len(items) == 0 {
		return nil
	}
	if cap(s.free)-len(s.free) < len(items) {
		s.free = make([]T, 0, max(1024, len(items)))
	}
	from := len(s.free)
	s.free = append(s.free, items...)
	return s.free[from:len(s.free):len(s.free)]
}

// guessCount guesses how often a text holds another one, a little too high
// rather than too low, by looking at some pieces of it: room for the entries of a
// large file that has to be doubled takes three times the memory.
func guessCount(text, of string) int {
	const pieces, size = 64, 1 << 10
	if len(text) <= pieces*size {
		return strings.Count(text, of) + 1
	}
	count := 0
	for i := range pieces {
		from := (len(text) - size) / (pieces - 1) * i
		count += strings.Count(text[from:from+size], of)
	}
	return 8 + count*8/7*len(text)/(pieces*size)
}

// push appends an item and doubles the room where there is none left. append
// adds a quarter only to what is long, and so copies a hostile file's million
// items five times over.
func push[T any](list []T, item T) []T {
	if len(list) == cap(list) {
		list = append(make([]T, 0, max(4, 2*len(list))), list...)
	}
	return append(list, item)
}
