package code

import (
	"encoding/binary"
	"slices"
)

// Anchors are what minifiers and bundlers leave as it was: the names of members
// and keys, and strings. Renamed, moved or rebuilt code has the same ones in the
// same order, so both kinds of digests are made of them alone.

const (
	shingle     = 3    // anchors in a shingle
	maxShingles = 2048 // in a profile
)

// sketch keeps the smallest digests of all runs of anchors: a sample of a file
// that is the same whatever else the file holds.
// Broder, On the resemblance and containment of documents (1997).
type sketch struct {
	last  [shingle]uint64
	count int
	most  uint64 // digests above are not among the smallest
	kept  []uint64
}

func newSketch() *sketch { return &sketch{most: ^uint64(0)} }

func (s *sketch) add(anchor []byte) {
	copy(s.last[:], s.last[1:])
	s.last[shingle-1] = digest(anchor)
	s.count++
	if s.count < shingle {
		return
	}
	h := mix(s.last[:])
	if h > s.most {
		return
	}
	s.kept = append(s.kept, h)
	if len(s.kept) >= 2*maxShingles {
		s.cut()
	}
}

func (s *sketch) cut() {
	slices.Sort(s.kept)
	s.kept = slices.Compact(s.kept)
	if len(s.kept) > maxShingles {
		s.kept = s.kept[:maxShingles]
		s.most = s.kept[maxShingles-1]
	}
}

func (s *sketch) shingles() []uint64 {
	if s.count > 0 && s.count < shingle {
		s.kept = append(s.kept, mix(s.last[:]))
	}
	s.cut()
	return slices.Clip(s.kept)
}

// digest is a fast hash without secrecy: who wants two texts to look alike needs
// no collision, he can write the same text.
func digest(b []byte) uint64 {
	h := uint64(len(b))*0x9e3779b97f4a7c15 ^ 0x2545f4914f6cdd1d
	for len(b) >= 8 {
		h = (h ^ binary.LittleEndian.Uint64(b)) * 0xff51afd7ed558ccd
		h ^= h >> 32
		b = b[8:]
	}
	var rest uint64
	for i, c := range b {
		rest |= uint64(c) << (8 * i)
	}
	h = (h ^ rest) * 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

func mix(parts []uint64) uint64 {
	h := uint64(0)
	for _, p := range parts {
		h = (h ^ p) * 0x9e3779b97f4a7c15
		h ^= h >> 31
	}
	return h
}

func (r *reader) anchor(b []byte) {
	if r.sketch != nil {
		r.sketch.add(b)
	}
}

// The anchors of a context: so many before a use and so many behind it, and no
// further away than so many tokens.
const (
	contextBefore = 1
	contextBehind = 2
	contextReach  = 64
)

// anchorAt gives the anchor that a token of the window is, or nil.
func (s *stream) anchorAt(i int) []byte {
	switch t := s.at(i); t.kind {
	case name:
		if s.is(i-1, '.') || s.is(i+1, ':') && (s.is(i-1, '{') || s.is(i-1, ',')) {
			return s.named(i)
		}
	case text:
		if v := t.value(s.src, maxNamed); len(v) > 0 && string(v) != "use strict" {
			return v
		}
	}
	return nil
}

// context is the digest of the anchors around a token.
func (s *stream) context(i int) uint64 {
	var around [contextBefore + contextBehind]uint64
	for j, n := i-1, 0; j > i-contextReach && n < contextBefore; j-- {
		if a := s.anchorAt(j); a != nil {
			around[n] = digest(a)
			n++
		}
	}
	for j, n := i+1, 0; j < i+contextReach && n < contextBehind; j++ {
		if a := s.anchorAt(j); a != nil {
			around[contextBefore+n] = digest(a)
			n++
		}
	}
	return max(mix(around[:]), 1)
}

// contextAt is the context of the token at an offset of the window.
func (s *stream) contextAt(offset int32) uint64 {
	i, _ := slices.BinarySearchFunc(s.buf, offset, func(t token, at int32) int { return int(t.start - at) })
	return s.context(i)
}

// textContext is the context of what was found in a decoded text: the text.
func textContext(text []byte) uint64 { return max(digest(text), 1) }
