package code

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// The caps of reading. A profile says where one was met.
const (
	maxSize  = 64 << 20 // bytes of a file that are read at all
	maxParse = 2 << 20  // bytes that are parsed; a tree takes up to 30 times as many
)

// The languages that have a reader.
const (
	javascript = "javascript"
	shell      = "shell"
	python     = "python"
	gyp        = "gyp"
)

// language is what a file is written in.
type language struct {
	name string
	// parsed tells that the syntax tree's parser knows it: it knows neither types
	// nor JSX.
	parsed bool
}

// endings give the language by the end of the name, longest first where two fit.
var endings = []struct {
	end string
	language
}{
	{".d.ts", language{}}, {".d.mts", language{}}, {".d.cts", language{}}, // declare, and never run
	{".js", language{javascript, true}}, {".cjs", language{javascript, true}}, {".mjs", language{javascript, true}},
	{".jsx", language{javascript, false}}, {".ts", language{javascript, false}}, {".tsx", language{javascript, false}},
	{".mts", language{javascript, false}}, {".cts", language{javascript, false}},
	{".sh", language{shell, false}}, {".bash", language{shell, false}}, {".zsh", language{shell, false}},
	{".bat", language{shell, false}}, {".cmd", language{shell, false}}, {".ps1", language{shell, false}},
	{".py", language{python, false}}, {".pyw", language{python, false}}, {".pth", language{python, false}},
	{".gyp", language{gyp, false}}, {".gypi", language{gyp, false}},
}

// interpreters give the language by the program in a #! line.
var interpreters = map[string]language{
	"node": {javascript, true}, "bun": {javascript, false}, "deno": {javascript, false}, "tsx": {javascript, false}, "ts-node": {javascript, false},
	"sh": {shell, false}, "bash": {shell, false}, "zsh": {shell, false}, "dash": {shell, false}, "ksh": {shell, false},
	"python": {python, false}, "python2": {python, false}, "python3": {python, false},
}

// readers read each language.
var readers = map[string]func(c *collector, l language, src []byte){
	javascript: (*collector).readJavaScript,
	shell:      (*collector).readShell,
	python:     (*collector).readPython,
	gyp:        (*collector).readGyp,
	"":         (*collector).readUnknown,
}

// Read profiles one file. The name gives its language, by its extension or else
// by the first line; a file in an unknown language still gets its mentions, traits
// and hidden text. It takes time linear in the bytes and bounded memory, and keeps
// nothing of data.
func Read(name string, data []byte) *Profile {
	p := &Profile{Size: len(data)}
	src, odd := decodeFile(data[:min(len(data), maxSize)])
	l := languageOf(name, src)
	p.Language = l.name
	c := newCollector(p)
	c.hiddenText(src)
	readers[l.name](c, l, src)
	c.finish(src)
	switch {
	case len(data) > maxSize:
		p.Unreadable = fmt.Sprintf("only the first %d of its %d bytes are read", maxSize, len(data))
	case odd.name != "" && l.name != "":
		p.Unreadable = "is written in " + odd.name
	}
	odd.restore(p, src)
	return p
}

func languageOf(name string, src []byte) language {
	base := strings.ToLower(path.Base(name))
	for _, e := range endings {
		if strings.HasSuffix(base, e.end) {
			return e.language
		}
	}
	line, ok := bytes.CutPrefix(src[:min(len(src), 256)], []byte("#!"))
	if !ok {
		return language{}
	}
	line, _, _ = bytes.Cut(line, []byte("\n"))
	for _, word := range strings.Fields(string(line)) {
		if l, ok := interpreters[path.Base(word)]; ok {
			return l
		}
	}
	return language{}
}

// readJavaScript reads tokens, and a tree where the tokens leave a question.
func (c *collector) readJavaScript(l language, src []byte) {
	r := newReader(c, src)
	r.shape, r.sketch = shapeOf(src), newSketch()
	r.run()
	c.profile.Lines, c.profile.Longest = r.shape.lines, r.shape.longest
	c.profile.Shingles = r.sketch.shingles()
	if r.shape.packed(len(src)) {
		c.trait(Packed, r.shape.longest, r.shape.begin)
	}
	c.hiddenInCode(r.scan)
	c.reached()
	if !l.parsed {
		return
	}
	switch {
	case r.asks && len(src) > maxParse:
		c.profile.Unreadable = fmt.Sprintf("has %d bytes, more than the %d that are parsed", len(src), maxParse)
	case r.asks:
		if c.profile.Unreadable = r.tangled(src); c.profile.Unreadable == "" {
			c.profile.Unreadable = c.tree(src)
		}
	case r.scan.unbalanced || len(r.scan.nest) > 0:
		c.profile.Unreadable = "its brackets don't match"
	}
	if c.pending > 0 {
		c.contexts(src)
	}
}

// contexts gives a context to the uses that only the tree found.
func (c *collector) contexts(src []byte) {
	s := newStream(src)
	s.each(func(i int) {
		if at, ok := c.at[int(s.buf[i].start)]; ok && c.profile.Uses[at].Context == 0 {
			c.profile.Uses[at].Context = s.context(i)
		}
	})
}

// reached adds the scripts that a file names when it starts programs: one of them
// may be what is started.
func (c *collector) reached() {
	if c.uses[Process] == 0 {
		return
	}
	for _, n := range c.names {
		c.module(n.name, n.offset)
	}
}

// readUnknown looks for addresses in every line.
func (c *collector) readUnknown(_ language, src []byte) {
	s := shapeOf(src)
	c.profile.Lines, c.profile.Longest = s.lines, s.longest
	for at := 0; at < len(src); {
		end := bytes.IndexByte(src[at:], '\n')
		if end < 0 {
			end = len(src) - at
		}
		line := src[at : at+min(end, maxValue)]
		hostsIn(line, false, false, func(host string, start, stop int) { c.mention(host, address(line, start, stop), at+start) })
		at += end + 1
	}
}
