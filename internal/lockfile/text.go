package lockfile

import (
	"math/bits"
	"strings"
)

// Words of eight bytes, to look at as many at a time.
const ones, highs = 0x0101010101010101, 0x8080808080808080

func word(text string) uint64 {
	b := text[:8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// below sets the high bit of the first byte of a word that is below another one;
// bits above it may be set without a cause. With 1 it finds zeros.
func below(word uint64, limit byte) uint64 { return (word - uint64(limit)*ones) &^ word & highs }

// firstOf gives the number of the first byte of which a bit is set.
func firstOf(found uint64) int { return bits.TrailingZeros64(found) / 8 }

// isGraphic reports whether a text is of visible ASCII characters only, without
// white space. It looks at eight bytes at a time: every address and every hash
// passes here.
func isGraphic(text string) bool {
	for ; len(text) >= 8; text = text[8:] {
		v := word(text)
		if ((v-ones*'!')&^v|(v+ones)|v)&highs != 0 {
			return false
		}
	}
	for i := range len(text) {
		if text[i] < '!' || text[i] > '~' {
			return false
		}
	}
	return true
}

// bytesBut gives a table with a 1 for each byte that is not among the allowed
// ones: a text has none of those if all of its bytes' entries or-ed are 0.
func bytesBut(allowed string) (set [256]byte) {
	for c := range set {
		if strings.IndexByte(allowed, byte(c)) < 0 {
			set[c] = 1
		}
	}
	return set
}
