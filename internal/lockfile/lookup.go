package lockfile

import "hash/maphash"

// lookup finds numbers by texts, as a map does. It keeps eight bytes for each
// and no text, so that it stays in the processor's cache where a map of all keys
// of a lockfile doesn't; who looks for one compares the texts where they are.
// The seed is random, so that nobody can write a file whose texts all meet.
type lookup struct {
	slots []lookupSlot // a power of two of them, half of them free at least
	count int
}

// lookupSlot holds a number in the first free place from its hash on.
type lookupSlot struct {
	hash uint32
	next int32 // the one after the number; 0 where the slot is free
}

var lookupSeed = maphash.MakeSeed()

func hashOfText(text string) uint32  { return uint32(maphash.String(lookupSeed, text)) }
func hashOfBytes(text []byte) uint32 { return uint32(maphash.Bytes(lookupSeed, text)) }

// hashOfBoth is the hash of two texts, of which the first one's hash is known.
func hashOfBoth(first uint32, second string) uint32 { return first*0x9e3779b1 + hashOfText(second) }

// newLookup gives a lookup with room for so many numbers. It grows where there
// are more.
func newLookup(count int) lookup {
	size := 8
	for size < 2*count {
		size *= 2
	}
	return lookup{slots: make([]lookupSlot, size)}
}

// find gives the number of a hash that is the one which is looked for, or -1.
func (l *lookup) find(hash uint32, is func(number int32) bool) int32 {
	for at := hash; ; at++ {
		slot := &l.slots[int(at)&(len(l.slots)-1)]
		if slot.next == 0 || slot.hash == hash && is(slot.next-1) {
			return slot.next - 1
		}
	}
}

// put files a number under a hash. It takes the place of the one that is the
// same, if there is one, and gives that; -1 if there is none.
func (l *lookup) put(hash uint32, number int32, same func(earlier int32) bool) int32 {
	if 2*l.count == len(l.slots) {
		l.grow()
	}
	for at := hash; ; at++ {
		slot := &l.slots[int(at)&(len(l.slots)-1)]
		if slot.next == 0 || slot.hash == hash && same(slot.next-1) {
			earlier := slot.next - 1
			if earlier < 0 {
				l.count++
			}
			*slot = lookupSlot{hash, number + 1}
			return earlier
		}
	}
}

// findKey gives the entry of a key, or -1.
func (l *lookup) findKey(entries []Entry, key string) int32 {
	return l.find(hashOfText(key), func(at int32) bool { return entries[at].Key == key })
}

// putKey files an entry under its key, in the place of the one that has the same
// key, if there is one, and gives that; -1 if there is none.
func (l *lookup) putKey(entries []Entry, at int32) int32 {
	key := entries[at].Key
	return l.put(hashOfText(key), at, func(earlier int32) bool { return entries[earlier].Key == key })
}

func (l *lookup) grow() {
	larger := lookup{slots: make([]lookupSlot, 2*len(l.slots)), count: l.count}
	for _, slot := range l.slots {
		if slot.next == 0 {
			continue
		}
		at := int(slot.hash)
		for larger.slots[at&(len(larger.slots)-1)].next != 0 {
			at++
		}
		larger.slots[at&(len(larger.slots)-1)] = slot
	}
	*l = larger
}
