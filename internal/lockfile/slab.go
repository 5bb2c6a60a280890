package lockfile

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

// push appends an item and doubles the room where there is none left. append
// adds a quarter only to what is long, and so copies a hostile file's million
// items five times over.
func push[T any](list []T, item T) []T {
	if len(list) == cap(list) {
		list = append(make([]T, 0, max(4, 2*len(list))), list...)
	}
	return append(list, item)
}
