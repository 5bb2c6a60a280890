package code

import (
	"bytes"
	"math"
	"strings"
)

// literal is a string of the code, folded and with its escapes decoded.
type literal struct {
	value   []byte
	offset  int
	source  []byte // as written, nil if it can't tell positions within
	follows bool   // it follows a part that is not known: `${x}.example.com`
	encoded bool   // it was decoded from another
}

// text looks at one string of code that runs. It reports whether it said
// something: a host, a secret, a command.
func (c *collector) text(l literal, context func() uint64) (told bool) {
	if len(l.value) < 3 {
		return false
	}
	// Beyond the cap only a start is looked at; Entropy tells of the rest.
	value := l.value[:min(len(l.value), maxValue)]
	at := func(i int) int {
		if l.source != nil && bytes.Equal(l.source, l.value) {
			return l.offset + 1 + i
		}
		return l.offset
	}
	hostsIn(value, true, l.follows, func(host string, start, end int) {
		if (start == 0 || value[start-1] != '/') && end == len(value) && isAddress(host) {
			c.bare = appendFew(c.bare, bareAddress{host, c.place(at(start))})
			return
		}
		told = true
		c.mention(host, address(value, start, end), at(start))
	})
	searcher().search(value, func(n needle, end int) {
		start := end - len(n.word)
		if !standsAlone(value, n.word, start, end) {
			return
		}
		told = true
		c.use(n.capability, n.word, at(start), context)
	})
	if len(value) <= 64 && isSecretWord(value) {
		told = true
		c.use(Secret, string(value), l.offset, context)
	}
	if isAccount(value) {
		c.accounts = appendFew(c.accounts, script{string(value), c.place(l.offset)})
	}
	if !l.encoded {
		c.script(value, l.offset)
	}
	return c.inner(value, l.offset) || told
}

// bareAddress is a string that is four numbers and nothing else: a server, or a
// version.
type bareAddress struct {
	host   string
	offset int
}

// maxBare is how many such strings a file may have before they are a table.
const maxBare = 8

// addresses mentions the bare addresses of a file that uses the network.
func (c *collector) addresses() {
	if c.uses[Network]+c.uses[Process] == 0 || len(c.bare) > maxBare {
		return
	}
	for _, a := range c.bare {
		c.mention(a.host, a.host, a.offset)
	}
}

// standsAlone reports whether a needle that begins or ends with a letter is not
// only a piece of a longer word.
func standsAlone(value []byte, word string, start, end int) bool {
	if isWordByte(word[0]) && start > 0 && isWordByte(value[start-1]) {
		return false
	}
	last := word[len(word)-1]
	return !isWordByte(last) || end == len(value) || !isWordByte(value[end])
}

func isWordByte(c byte) bool { return isHostByte(c) && c != '-' }

// isSecretWord reports whether a string is the name of a credential's variable,
// or the file .env.
func isSecretWord(value []byte) bool {
	return secretVariables[string(value)]
}

// address gives what stands around a host: scheme, port and path.
func address(value []byte, start, end int) string {
	for start > 0 && value[start-1] > ' ' && value[start-1] != '"' && value[start-1] != '\'' && value[start-1] != '(' && end-start < maxNamed {
		start--
	}
	for end < len(value) && end-start < maxNamed && value[end] > ' ' && bytes.IndexByte([]byte("\"'`<>)\\"), value[end]) < 0 {
		end++
	}
	return string(value[start:end])
}

// scriptEndings are the endings of files that a program may be told to run.
var scriptEndings = []string{".js", ".cjs", ".mjs", ".sh", ".py", ".node", ".bat", ".cmd", ".ps1"}

// assetEndings are endings of files that nobody runs.
var assetEndings = []string{".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff", ".woff2", ".ttf", ".mp3", ".pdf", ".map", ".dat", ".bin", ".node"}

// script keeps a string that could be the file that a started program runs.
func (c *collector) script(value []byte, offset int) {
	if len(value) > 100 || len(c.names) >= few || bytes.ContainsAny(value, " *?:\n\\{}()<>|") {
		return
	}
	s := string(value)
	for _, end := range assetEndings {
		if stem, ok := strings.CutSuffix(s, end); ok && stem != "" && stem[len(stem)-1] != '/' {
			c.assets = appendFew(c.assets, script{s, c.place(offset)})
		}
	}
	for _, end := range scriptEndings {
		if stem, ok := strings.CutSuffix(s, end); ok && stem != "" {
			c.names = append(c.names, script{s, c.place(offset)})
			return
		}
	}
}

// inner decodes a string and reads what comes out, as a string and as code.
func (c *collector) inner(value []byte, offset int) (told bool) {
	if c.depth >= maxDepth || c.budget < len(value) {
		return false
	}
	out := decodedText(value)
	if out == nil && bytes.Contains(value, []byte("//:")) {
		out = reversed(value)
	}
	if out == nil {
		return false
	}
	if c.decoded(out, offset) {
		c.trait(EncodedText, 1, offset)
		return true
	}
	return false
}

// decoded reads a text that was hidden in the code.
func (c *collector) decoded(out []byte, offset int) (told bool) {
	if c.depth >= maxDepth || c.budget < len(out) {
		return false
	}
	c.budget -= len(out)
	fixed, depth := c.fixed, c.depth
	c.fixed, c.depth = c.place(offset), depth+1
	found := len(c.profile.Uses)
	told = c.text(literal{value: out, offset: offset, encoded: true}, func() uint64 { return textContext(out) })
	if power, ok := modulePowers[moduleName(string(clipBytes(out, 64)))]; ok && power != "" {
		c.use(power, string(out), offset, func() uint64 { return textContext(out) })
		c.module(string(out), offset)
		told = true
	}
	if len(out) >= 16 && bytes.ContainsAny(out, "(;=") {
		c.javascript(out)
		told = told || len(c.profile.Uses) > found
	}
	c.fixed, c.depth = fixed, depth
	return told
}

func clipBytes(b []byte, most int) []byte { return b[:min(len(b), most)] }

// minEntropic is how long a string must be to be weighed: words are shorter.
const minEntropic = 256

// entropic reports whether a long string looks random: encoded, compressed or
// encrypted bytes. Base64 of those has nearly 6 bits in a byte, text under 4.5.
func entropic(value []byte) bool {
	if len(value) < minEntropic {
		return false
	}
	value = value[:min(len(value), 4096)]
	var counts [256]int
	for _, b := range value {
		counts[b]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(value))
			bits -= p * math.Log2(p)
		}
	}
	return bits >= 5.2
}
