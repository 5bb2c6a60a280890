package artifact

import "slices"

// Outline gives the profile as far as it explains the delta that was made of
// it: files that the delta doesn't name are without their code and excerpts, and
// none has shingles, which are most of what a profile holds.
func (p *Profile) Outline(d *Delta) *Profile {
	named := make(map[string]bool)
	for i := range d.Changes {
		named[d.Changes[i].Path] = true
	}
	for i := range d.News {
		named[d.News[i].Path] = true
	}
	o := *p
	o.Files = slices.Clone(p.Files)
	for i := range o.Files {
		f := &o.Files[i]
		if !named[f.Path] {
			f.Code, f.Excerpts = nil, nil
		}
		if f.Code != nil {
			c := *f.Code
			c.Shingles = nil
			f.Code = &c
		}
	}
	return &o
}
