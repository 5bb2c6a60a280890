package settings

import (
	"strings"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/manifest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
)

// readYarnClassic reads the .yarnrc of yarn 1, which has the syntax of its
// lockfile: a key, a colon or none, and a value, on one line. What is indented
// belongs to a key above it, which no setting known here is.
func readYarnClassic(data []byte, wanted [][]string) (*node, []manifest.Doubt, error) {
	if !utf8.Valid(data) {
		return nil, nil, &Unread{Reason: "not in UTF-8"}
	}
	b := &builder{}
	root := &node{shape: table}
	seen := make(map[string]bool)
	number := 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		number++
		if text = strings.TrimRight(text, " \r\n"); text == "" || text[0] == ' ' || text[0] == '\t' || text[0] == '#' {
			continue
		}
		key, rest := yarnToken(text)
		if _, whole := advance(wanted, key.text); !whole {
			continue
		}
		if err := b.count(); err != nil {
			return nil, nil, err
		}
		if seen[key.text] {
			b.doubt(number, "%.80q stands twice", key.text)
		}
		seen[key.text] = true
		value, _ := yarnToken(strings.TrimLeft(rest, ": "))
		value.line = number
		root.members = append(root.members, &member{key.text, number, &value})
	}
	return root, b.doubts, nil
}

// yarnToken reads one word or one quoted text.
func yarnToken(text string) (node, string) {
	if strings.HasPrefix(text, `"`) {
		end := stringEnd([]byte(text), 0)
		if quoted, ok := jsonline.New([]byte(text[:end+1])).TryText(); ok {
			return node{text: quoted}, text[end+1:]
		}
	}
	end := strings.IndexAny(text, ": ")
	if end < 0 {
		end = len(text)
	}
	// An address has a colon of its own.
	if strings.HasPrefix(text[end:], ":") && !strings.HasPrefix(text[end:], ": ") && end+1 < len(text) {
		if end = strings.IndexByte(text, ' '); end < 0 {
			end = len(text)
		}
	}
	return node{text: text[:end], plain: true}, text[end:]
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
