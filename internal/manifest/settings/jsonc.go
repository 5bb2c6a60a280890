package settings

// withoutComments makes JSON of JSON with comments and trailing commas: both
// become white space, so that every line stays where it is. A comment that does
// not end is left for the reader to refuse.
func withoutComments(data []byte) []byte {
	out := append([]byte(nil), data...)
	comma := -1 // where the last comma stands, if nothing but space follows it
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			i = stringEnd(out, i)
			comma = -1
		case c == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			end := commentEnd(out, i)
			if end < 0 {
				return out
			}
			blank(out[i:end])
			i = end - 1
		case c == ',':
			comma = i
		case c == '}' || c == ']':
			if comma >= 0 {
				out[comma] = ' '
			}
			comma = -1
		case c != ' ' && c != '\t' && c != '\r' && c != '\n':
			comma = -1
		}
	}
	return out
}

// stringEnd gives the offset of the quote that ends a string, or the last one.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return min(i, len(text)-1)
}

// commentEnd gives the offset behind a comment, or -1.
func commentEnd(text []byte, i int) int {
	line := text[i+1] == '/'
	for j := i + 2; j < len(text); j++ {
		switch {
		case line && text[j] == '\n':
			return j
		case !line && text[j] == '/' && text[j-1] == '*' && j > i+2:
			return j + 1
		}
	}
	if line {
		return len(text)
	}
	return -1
}

func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}
