package settings

import (
	"cmp"
	"slices"
)

// reading is how a version of a package manager looks at the files.
type reading struct {
	version []int // nil where it is not known
	modern  bool  // of an unknown version: only the places that the newest reads
}

func (r reading) reads(p *place) bool {
	switch {
	case p.until == 0:
		return true
	case r.version == nil:
		return !r.modern
	}
	return compareVersions(r.version, []int{p.until}) < 0
}

// state is what counts of a protection in one folder.
type state struct {
	row     *protection
	reading reading
	sets    []*Setting // those that say so, the one that counts last; none for the default
	text    string     // of what is not a list
	allowed []entry
	denied  []entry
}

// state works out what counts. A folder without a lockfile of its own obeys
// what stands above it, up to the project that it belongs to; a scope without a
// value of its own obeys the one for all packages.
func (v *view) state(row *protection, subject, folder string, r reading) *state {
	s := &state{row: row, reading: r}
	above(folder, func(f string) bool {
		for _, set := range v.settings[key{row.tool, row.name, subject, f}] {
			if r.reads(set.place) {
				s.sets = append(s.sets, set)
			}
		}
		p := v.projects[f]
		return len(s.sets) > 0 || p != nil && len(p.tools) > 0
	})
	if len(s.sets) == 0 && subject != "" {
		return v.state(row, "", folder, r)
	}
	slices.SortStableFunc(s.sets, func(a, b *Setting) int { return cmp.Compare(row.rank(a.place), row.rank(b.place)) })
	if row.kind == allow || row.kind == demand {
		s.list()
		return s
	}
	s.text = row.byDefault(r.version)
	if last := s.last(); last != nil && len(last.Values) > 0 {
		s.text = last.Values[0].Text
	}
	return s
}

// rank orders the places of a protection by how much they count.
func (p *protection) rank(at *place) int {
	return slices.Index(p.places, *at)
}

// last gives the setting that counts, or nil.
func (s *state) last() *Setting {
	if len(s.sets) == 0 {
		return nil
	}
	return s.sets[len(s.sets)-1]
}

// list puts together the entries of all settings.
func (s *state) list() {
	only, opens := false, false
	for _, set := range s.sets {
		only = only || set.place.only
		opens = opens || set.place.opens && len(set.Values) > 0
		for _, value := range set.Values {
			s.add(set, value)
		}
	}
	standard := s.row.byDefault(s.reading.version)
	if opens {
		standard = everything
	}
	if !only && standard != "" {
		s.allowed = append(s.allowed, entriesOf(Value{Text: standard}, nil)...)
	}
}

func (s *state) add(set *Setting, value Value) {
	for _, e := range entriesOf(value, set) {
		if e.deny {
			s.denied = append(s.denied, e)
		} else {
			s.allowed = append(s.allowed, e)
		}
	}
}

// on reports whether the protection protects at all.
func (s *state) on() bool {
	switch s.row.kind {
	case duration:
		length, known := s.row.length(s.text)
		return !known || length > 0
	case ordered:
		return s.row.looseness(s.text) == 0
	}
	return true
}
