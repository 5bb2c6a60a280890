package code

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// wide is a file in an encoding that is not read as it is.
type wide struct {
	name  string // "" for UTF-8 and for what is read as if it were
	order binary.ByteOrder
}

// decodeFile gives a file in UTF-8. Only UTF-16 with its mark is another one: no
// engine runs it, but editors and scripts' shells open it.
func decodeFile(data []byte) ([]byte, wide) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return decodeWide(data, wide{"UTF-16", binary.LittleEndian})
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeWide(data, wide{"UTF-16", binary.BigEndian})
	}
	return data, wide{}
}

func decodeWide(data []byte, w wide) ([]byte, wide) {
	out := make([]byte, 0, len(data))
	for i := 2; i+1 < len(data); i += 2 {
		r := rune(w.order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) && i+3 < len(data) {
			if pair := utf16.DecodeRune(r, rune(w.order.Uint16(data[i+2:]))); pair != utf8.RuneError {
				r = pair
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, w
}

// restore turns the offsets of a profile into those of the file's bytes.
func (w wide) restore(p *Profile, src []byte) {
	if w.name == "" {
		return
	}
	units := unitCounter{src: src}
	for i := range p.Uses {
		p.Uses[i].Offset = units.at(p.Uses[i].Offset, p.Size)
	}
	units = unitCounter{src: src}
	for i := range p.Mentions {
		p.Mentions[i].Offset = units.at(p.Mentions[i].Offset, p.Size)
	}
	units = unitCounter{src: src}
	for i := range p.Modules {
		p.Modules[i].Offset = units.at(p.Modules[i].Offset, p.Size)
	}
	for i := range p.Traits {
		units = unitCounter{src: src}
		p.Traits[i].Offset = units.at(p.Traits[i].Offset, p.Size)
	}
}

// unitCounter counts UTF-16 units before offsets that only grow.
type unitCounter struct {
	src        []byte
	pos, units int
}

func (c *unitCounter) at(offset, size int) int {
	for c.pos < min(offset, len(c.src)) {
		r, length := utf8.DecodeRune(c.src[c.pos:])
		c.units += utf16.RuneLen(r)
		c.pos += length
	}
	return min(2*c.units+2, size)
}
