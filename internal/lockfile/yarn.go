package lockfile

import "bytes"

// readYarn reads a yarn.lock. Its two formats share no more than the name:
// yarn 1 has a grammar of its own, and yarn 2 and later write YAML with a
// __metadata key at the top. Spelled in a way that is not looked for here, as
// with a tag or an escape, the key has no reading in yarn 1's grammar.
func readYarn(in Input) (*Inventory, error) {
	line := metadataLine(in.Data)
	switch {
	case line == 0:
		return readYarnClassic(in)
	case saysYarn1(in.Data):
		return nil, &Unread{
			Path: in.Path, Line: line,
			Reason: "the file says that it is yarn 1's, and has the __metadata of yarn 2 and later",
			Hint:   "write it anew with the yarn that the repository uses",
		}
	}
	return readYarnBerry(in)
}

// metadataLine gives the line of the first __metadata key at the top of a file,
// or 0.
func metadataLine(data []byte) int {
	const name = "__metadata"
	for from := 0; ; from += len(name) {
		at := bytes.Index(data[from:], []byte(name))
		if at < 0 {
			return 0
		}
		from += at
		if isTopKey(data[:from], data[from+len(name):]) {
			return 1 + bytes.Count(data[:from], []byte("\n"))
		}
	}
}

// isTopKey reports whether what stands around a word makes it a key of YAML's
// outermost mapping: bare or in quotes, before a colon or after a question mark.
func isTopKey(before, after []byte) bool {
	if n := len(before); n > 0 && (before[n-1] == '"' || before[n-1] == '\'') {
		after = bytes.TrimPrefix(after, before[n-1:])
		before = before[:n-1]
	}
	opens := bytes.HasPrefix(bytes.TrimLeft(after, " \t"), []byte(":"))
	if explicit, ok := bytes.CutSuffix(bytes.TrimRight(before, " \t"), []byte("?")); ok {
		before, opens = explicit, true
	}
	return opens && (len(before) == 0 || before[len(before)-1] == '\n' || bytes.Equal(before, byteOrderMark))
}

var byteOrderMark = []byte("\ufeff")

// saysYarn1 reports whether the comment that a file begins with makes yarn 2 and
// later take it for yarn 1's (@yarnpkg/parsers, LEGACY_REGEXP).
func saysYarn1(data []byte) bool {
	rest := bytes.TrimPrefix(data, byteOrderMark)
	for len(rest) > 0 && rest[0] == '#' {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if isWords(line[1:], "yarn", "lockfile", "v1") {
			return true
		}
	}
	return false
}

// isWords reports whether a line holds these words, in any case, and no other.
func isWords(line []byte, words ...string) bool {
	i := 0
	for word := range bytes.FieldsSeq(line) {
		if i == len(words) || !bytes.EqualFold(word, []byte(words[i])) {
			return false
		}
		i++
	}
	return i == len(words)
}
