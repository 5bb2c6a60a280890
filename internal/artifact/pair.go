package artifact

import "slices"

const (
	sketchSize  = 32 // shingles by which a file is looked for
	maxPostings = 8  // files of one shingle: what more share tells none from another
	mostlyOld   = 50 // hundredths of novelty: below it a file was made of old code
	rebuilt     = 20 // hundredths: below it there is nothing in it but old code
)

// pairs says which file of the old version each file of the new was made from.
type pairs struct {
	of      []*File // by the new file's index; nil if there is none
	novelty []int   // by the new file's index
	kept    map[string]bool
	byPath  map[string]int // the novelty
}

// noveltyOf gives a file's novelty; that of a command, which is no file, is
// full.
func (p *pairs) noveltyOf(f *File) int {
	if n, ok := p.byPath[f.Path]; ok {
		return n
	}
	return 100
}

// pair finds for each new file the old one at the same path; or else one of the
// same bytes; or else the one that most of its code stands in.
func pair(old, latest *Profile) pairs {
	p := pairs{
		of: make([]*File, len(latest.Files)), novelty: make([]int, len(latest.Files)),
		kept: map[string]bool{}, byPath: map[string]int{},
	}
	byPath, byHash := map[string]*File{}, map[string]*File{}
	for i := range old.Files {
		f := &old.Files[i]
		byPath[f.Path] = f
		if byHash[f.Hash] == nil {
			byHash[f.Hash] = f
		}
	}
	var shelf *shelf
	for i := range latest.Files {
		f := &latest.Files[i]
		was := byPath[f.Path]
		if was == nil {
			was = byHash[f.Hash]
		}
		if f.Code != nil && (was == nil || was.Hash != f.Hash) {
			if shelf == nil {
				shelf = fill(old)
			}
			if was == nil {
				was = shelf.find(f.Code.Shingles)
			}
			p.novelty[i] = shelf.novelty(f.Code.Shingles)
		}
		p.of[i], p.byPath[f.Path] = was, p.novelty[i]
		if was != nil {
			p.kept[was.Path] = true
		}
	}
	return p
}

// shelf finds files by what they share with others.
type shelf struct {
	files    []*File
	postings map[uint64][]int32 // files, by a shingle of their sketch
	all      []uint64           // shingles of all files, sorted
}

func fill(p *Profile) *shelf {
	s := &shelf{postings: map[uint64][]int32{}}
	for i := range p.Files {
		f := &p.Files[i]
		if f.Code == nil || len(f.Code.Shingles) == 0 {
			continue
		}
		at := int32(len(s.files))
		s.files = append(s.files, f)
		for _, shingle := range sketch(f.Code.Shingles) {
			if list := s.postings[shingle]; len(list) < maxPostings {
				s.postings[shingle] = append(list, at)
			}
		}
		s.all = append(s.all, f.Code.Shingles...)
	}
	slices.Sort(s.all)
	s.all = slices.Compact(s.all)
	return s
}

// sketch is the smallest shingles: of two files that share much code, they
// share many of these (Broder 1997, "On the resemblance and containment of
// documents").
func sketch(shingles []uint64) []uint64 { return shingles[:min(len(shingles), sketchSize)] }

// find gives the file that shares most of the sketch, if it has half of the
// code, too; of several the first.
func (s *shelf) find(shingles []uint64) *File {
	votes := map[int32]int{}
	best, most := int32(-1), 0
	for _, shingle := range sketch(shingles) {
		for _, at := range s.postings[shingle] {
			votes[at]++
		}
	}
	for at, n := range votes {
		if n > most || n == most && at < best {
			best, most = at, n
		}
	}
	if best < 0 || 2*shared(shingles, s.files[best].Code.Shingles) < len(shingles) {
		return nil
	}
	return s.files[best]
}

// novelty gives the hundredths of the shingles that are in no file. Code too
// short for any is new.
func (s *shelf) novelty(shingles []uint64) int {
	if len(shingles) == 0 {
		return 100
	}
	return 100 * (len(shingles) - shared(shingles, s.all)) / len(shingles)
}

// shared counts what two sorted lists have in common. A short one is looked up
// in a long one: the shelf's is as long as the whole package.
func shared(a, b []uint64) (n int) {
	if 16*len(a) < len(b) {
		for _, x := range a {
			if _, ok := slices.BinarySearch(b, x); ok {
				n++
			}
		}
		return n
	}
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}
