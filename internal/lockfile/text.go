package lockfile

// isGraphic reports whether a text is of visible ASCII characters only, without
// white space. It looks at eight bytes at a time: every address and every hash
// passes here.
func isGraphic(text string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; len(text) >= 8; text = text[8:] {
		v := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
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
