package code

import "bytes"

// readGyp reads a binding.gyp, which is a Python literal. npm builds one at
// install with no script in the manifest, and node-gyp runs what stands in <!()
// and in actions when it only reads the file.
// https://gyp.gsrc.io/docs/InputFormatReference.md#Command-Expansions
func (c *collector) readGyp(_ language, src []byte) {
	s := shapeOf(src)
	c.profile.Lines, c.profile.Longest = s.lines, s.longest
	sketch := newSketch()
	p := newPlain(src, "", true)
	action := false // the strings up to the next ] are a command's words
	for {
		piece := p.next()
		word := src[piece.start:piece.end]
		switch piece.sign {
		case 0:
			c.reached()
			c.profile.Shingles = sketch.shingles()
			return
		case ']':
			action = false
		case 's':
			sketch.add(word)
			context := func() uint64 { return textContext(word) }
			switch string(word) {
			case "action":
				action = true
				c.use(Process, "action", piece.start, context)
			case "sources", "libraries":
				c.use(Native, string(word), piece.start, context)
			}
			if c.expansions(word, piece.start) {
				continue
			}
			if action {
				c.script(word, piece.start)
			}
			c.text(literal{value: word, offset: piece.start}, context)
		}
	}
}

// expansions reads the commands in <!( and <!@(; ok is false where there are none.
func (c *collector) expansions(word []byte, at int) (ok bool) {
	for from := 0; ; {
		i := bytes.Index(word[from:], []byte("<!"))
		if i < 0 {
			return false
		}
		begin := from + i + 2
		from = begin
		if begin < len(word) && word[begin] == '@' {
			begin++
		}
		if begin >= len(word) || word[begin] != '(' {
			continue
		}
		command := word[begin+1:]
		if end := bytes.LastIndexByte(command, ')'); end >= 0 {
			command = command[:end]
		}
		c.expansion(unescape(clipBytes(command, maxCommand)), at+begin)
		return true // the rest lies within
	}
}

func (c *collector) expansion(command []byte, at int) {
	if c.expanded++; c.expanded > few {
		c.trait(Flood, 1, at)
		return
	}
	line := Command(string(command))
	c.use(Process, "<!("+string(clipBytes(command, 80))+")", at, func() uint64 { return textContext(command) })
	for _, f := range line.Files {
		c.module(f, at)
	}
	for _, u := range line.Profile.Uses {
		c.use(u.Capability, u.What, at+1+u.Offset, func() uint64 { return u.Context })
	}
	for _, m := range line.Profile.Mentions {
		c.mention(m.Host, m.Text, at+1+m.Offset)
	}
}
