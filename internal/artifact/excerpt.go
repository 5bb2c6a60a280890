package artifact

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

const (
	maxExcerpt  = 120 // bytes
	maxExcerpts = 400 // of a file; facts beyond have none
	before      = 40  // bytes of the line before the place
)

// excerpts cuts the places that a profile names out of the file: traits and
// addresses first where there are too many.
func excerpts(p *code.Profile, data []byte) []Excerpt {
	var offsets []int
	for _, t := range p.Traits {
		offsets = append(offsets, t.Offset)
	}
	for _, m := range p.Mentions {
		offsets = append(offsets, m.Offset)
	}
	for _, u := range p.Uses {
		offsets = append(offsets, u.Offset)
	}
	for _, m := range p.Modules {
		offsets = append(offsets, m.Offset)
	}
	offsets = slices.DeleteFunc(offsets, func(o int) bool { return o < 0 || o >= len(data) })
	offsets = offsets[:min(len(offsets), maxExcerpts)]
	slices.Sort(offsets)
	offsets = slices.Compact(offsets)
	cuts := make([]Excerpt, len(offsets))
	for i, o := range offsets {
		cuts[i] = Excerpt{o, excerpt(data, o)}
	}
	return cuts
}

// excerpt gives what stands around an offset, on its line.
func excerpt(data []byte, offset int) string {
	start := max(0, offset-before)
	if i := bytes.LastIndexAny(data[start:offset], "\r\n"); i >= 0 {
		start += i + 1
	}
	end := min(len(data), start+maxExcerpt)
	if i := bytes.IndexAny(data[offset:end], "\r\n"); i >= 0 {
		end = offset + i
	}
	return strings.TrimSpace(valid(string(data[start:end]), maxExcerpt))
}

// excerptAt gives the excerpt of an offset, "" if none was kept.
func excerptAt(list []Excerpt, offset int) string {
	i, ok := slices.BinarySearchFunc(list, offset, func(e Excerpt, o int) int { return cmp.Compare(e.Offset, o) })
	if !ok {
		return ""
	}
	return list[i].Text
}
