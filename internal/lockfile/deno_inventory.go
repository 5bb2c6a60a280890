package lockfile

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// denoLayout says in which versions a part of the document is read. Where Deno
// reads one besides, or not at all, others read something else.
var denoLayout = map[string]struct{ from, to int }{
	denoTop:               {1, 1},
	"npm.packages":        {2, 2},
	"npm.specifiers":      {2, 2},
	"packages.specifiers": {3, 3},
	"packages.jsr":        {3, 3},
	"packages.npm":        {3, 3},
	"specifiers":          {4, denoNewest},
	"jsr":                 {4, denoNewest},
	"npm":                 {4, denoNewest},
	"redirects":           {2, denoNewest},
	"remote":              {2, denoNewest},
}

// inventory makes one of what was read.
func (r *denoReader) inventory(in Input) (*Inventory, error) {
	version, err := r.declared()
	if err != nil {
		return nil, err
	}
	r.layout(version)

	pinned := len(r.entries)
	x := r.index()
	x.answer()
	inv := &Inventory{Path: in.Path, Ecosystem: "npm", Format: "deno-lock-v" + strconv.Itoa(version)}
	inv.Roots = r.roots(in, x)
	inv.Entries = r.entries
	r.finish(version)
	var way *reach
	if len(r.entries) > pinned {
		slices.SortStableFunc(inv.Entries, func(a, b Entry) int { return cmp.Compare(a.Line, b.Line) })
		way = newReach(inv)
	} else {
		way = x.reach(inv)
	}
	way.markDirect()
	way.markDev()
	way.markOptional()
	inv.Doubts = r.doubts.inOrder()
	return inv, nil
}

// declared gives the document's version. One without is of version 1; Deno
// takes it for none, too, where it is no string, and refuses such a file.
func (r *denoReader) declared() (int, error) {
	v := r.version
	if v.line == 0 {
		return 1, nil
	}
	number, err := strconv.Atoi(v.text)
	switch {
	case v.quoted && (err != nil || number < 1), len(r.parts) == 0 && number > denoNewest:
		return 0, &Unread{
			Path: r.path, Line: v.line,
			Reason: fmt.Sprintf("version %.80q is not known", v.text), Hint: denoUpdate,
		}
	case !v.quoted:
		r.doubts.add(v.line, "", false, "version is %.80s, not a string", v.text)
		if err != nil || number < 1 {
			return 1, nil
		}
	case number == 1:
		r.doubts.add(v.line, "", false, "version is 1, which Deno never writes")
	}
	if number > denoNewest {
		r.doubts.add(v.line, "", false, "version %d is newer than the versions that are known, up to %d", number, denoNewest)
	}
	return number, nil
}

// layout notes the parts that stand where the version has none.
func (r *denoReader) layout(version int) {
	for _, part := range r.parts {
		reads, known := denoLayout[part.name]
		if !known || min(version, denoNewest) < reads.from || min(version, denoNewest) > reads.to {
			r.doubts.add(part.line, "", true, "%s stands in a file of version %d, where Deno has none", part.name, version)
		}
	}
	if version > denoNewest {
		return
	}
	for _, s := range r.strangers {
		r.doubts.add(s.line, "", false, "Deno knows no %.80q in a file of version %d", s.name, version)
	}
}

// finish sets what the version, or another part of the file, says of entries.
func (r *denoReader) finish(version int) {
	for i := range r.entries {
		e := &r.entries[i]
		if e.Ecosystem != "" {
			continue
		}
		if version >= 5 && e.InstallScript == Unknown {
			e.InstallScript = No
		}
		if r.workspace != nil && e.Integrity == nil && r.workspace.links["npm:"+e.Name+"@"+e.Version] {
			e.Source, e.InstallScript = Link, Unknown
		}
	}
}
