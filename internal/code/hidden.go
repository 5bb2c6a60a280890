package code

import (
	"encoding/binary"
	"unicode/utf8"
)

// hiddenRune is a character that an editor doesn't show, or shows elsewhere.
type hiddenRune struct {
	offset int
	r      rune
}

// hiddenKind gives the trait that a character makes in code, or "".
// The bidirectional ones are those of https://trojansource.codes.
func hiddenKind(r rune) string {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
		return Bidirectional
	case r >= 0x200b && r <= 0x200d, r >= 0x2060 && r <= 0x2064, r == 0xfeff, r == 0x180e, r == 0x3164, r == 0xffa0, r == 0x115f, r == 0x1160:
		return ZeroWidth
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe01ef:
		return ZeroWidth // selectors and tags: drawn as nothing, and enough of them for every byte
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000 && r <= 0x10fffd:
		return PrivateUse
	}
	return ""
}

// hiddenRun is how many hidden characters in a row are no accident: an emoji has
// fewer joiners, a flag fewer tags, and an icon font's text is not this long.
const hiddenRun = 8

// foreignText is how many other characters beyond ASCII, in bytes or in
// characters, a line has that is no code but a table of characters.
const foreignText = 64

// hiddenText finds hidden characters that harm wherever they stand, comments and
// strings included: directions that are not closed on their line, and runs.
func (c *collector) hiddenText(src []byte) {
	var run, start, nested, opened, foreign int
	kind := ""
	line := func() {
		if nested > 0 && foreign <= foreignText {
			c.trait(Bidirectional, nested, opened)
		}
		nested, foreign = 0, 0
	}
	flush := func() {
		if run >= hiddenRun {
			c.trait(kind, run, start)
		}
		run = 0
	}
	for i := 0; i < len(src); {
		// Between plain characters nothing is open: eight of them at once.
		for run+nested+foreign == 0 && i+8 <= len(src) && binary.LittleEndian.Uint64(src[i:])&0x8080808080808080 == 0 {
			i += 8
		}
		if i == len(src) {
			break
		}
		b := src[i]
		if b < 0xc2 || b > 0xf4 || b > 0xcd && b < 0xe1 {
			if run > 0 {
				flush()
			}
			switch {
			case b == '\n':
				line()
			case b >= 0x80:
				foreign++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r >= 0x202a && r <= 0x202b, r >= 0x202d && r <= 0x202e, r >= 0x2066 && r <= 0x2068:
			if nested == 0 {
				opened = i
			}
			nested++
		case (r == 0x202c || r == 0x2069) && nested > 0:
			nested--
		}
		here := hiddenKind(r)
		if here == "" {
			foreign++
		}
		if here != "" && here != Bidirectional && i > 0 {
			if run == 0 || kind != here {
				flush()
				kind, start = here, i
			}
			run++
		} else if run > 0 {
			flush()
		}
		i += size
	}
	flush()
	line()
}

// hiddenInCode reports what a scanner met between tokens, where no text of any
// language has a reason to stand.
func (c *collector) hiddenInCode(s *scanner) {
	for _, h := range s.hidden {
		c.trait(hiddenKind(h.r), 1, h.offset)
	}
	for _, offset := range s.far {
		c.trait(FarRight, 1, offset)
	}
}
