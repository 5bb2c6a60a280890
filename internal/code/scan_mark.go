package code

// The classes of bytes that may begin a token.
const (
	other = iota
	letter
	digit
	quote
	backtick
	high
)

var classes = func() (table [256]uint8) {
	for c := range table {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c == '\\' || c == '#':
			table[c] = letter
		case c >= '0' && c <= '9':
			table[c] = digit
		case c == '"' || c == '\'':
			table[c] = quote
		case c == '`':
			table[c] = backtick
		case c >= 0x80:
			table[c] = high
		}
	}
	return table
}()

// mark reads a punctuator, a regular expression or the rest of a template.
func (s *scanner) mark(c byte) token {
	switch c {
	case '/':
		if s.patternAllowed() && s.pattern() {
			return token{kind: pattern}
		}
	case '(', '[', '{':
		s.push(s.bracket(c))
	case ')', ']', '}':
		return s.closing(c)
	case '.':
		if s.peek(1) == '.' && s.peek(2) == '.' {
			s.pos += 3
			return token{kind: mark, sign: spread}
		}
		if classes[s.peek(1)] == digit {
			return s.number()
		}
	case '?':
		if s.peek(1) == '.' && classes[s.peek(2)] != digit {
			s.pos += 2
			return token{kind: mark, sign: '.'}
		}
	}
	if c < ' ' || c == 0x7f {
		s.pos++
		return token{kind: stray}
	}
	return s.operator(c)
}

func (s *scanner) operator(c byte) token {
	t := token{kind: mark, sign: c}
	next := s.peek(1)
	s.pos++
	switch {
	case c == '=' && next == '>':
		t.sign = arrow
	case (c == '=' || c == '!' || c == '<' || c == '>') && next == '=':
		t.sign = equals
	case (c == '+' || c == '-') && next == c:
		t.sign = step
	case next == '=' && (c == '+' || c == '-' || c == '*' || c == '/' || c == '%' || c == '&' || c == '|' || c == '^'):
		t.sign = compound
	default:
		return t
	}
	s.pos++
	if t.sign == equals && s.peek(0) == '=' {
		s.pos++
	}
	return t
}

func (s *scanner) peek(ahead int) byte {
	if s.pos+ahead >= len(s.src) {
		return 0
	}
	return s.src[s.pos+ahead]
}

func (s *scanner) push(what byte) {
	if len(s.nest) >= maxNesting {
		s.over++
		return
	}
	s.nest = append(s.nest, what)
}

// bracket tells what kind of bracket is opened, from what stands before it.
func (s *scanner) bracket(c byte) byte {
	last := s.last
	switch c {
	case '(':
		if last.kind == name && isControl[string(s.src[last.start:last.end])] {
			return control
		}
	case '{':
		if last.kind == none || last.kind == name && !beforeExpression[string(s.src[last.start:last.end])] {
			return control
		}
		if last.kind == mark {
			switch last.sign {
			case ';', '{', '}', ')', arrow, '>':
				return control
			}
		}
	}
	return group
}

// closing reads a closing bracket. The } of a template's ${ goes on with the
// template.
func (s *scanner) closing(c byte) token {
	s.pos++
	t := token{kind: mark, sign: c}
	if s.over > 0 {
		s.over--
		return t
	}
	if len(s.nest) == 0 {
		s.unbalanced = true
		return t
	}
	what := s.nest[len(s.nest)-1]
	s.nest = s.nest[:len(s.nest)-1]
	switch {
	case what == embedded && c == '}':
		t = s.template()
		t.after = true
	case what == control:
		t.after = true
	}
	return t
}

// isControl are the words whose parentheses a statement follows.
var isControl = map[string]bool{"if": true, "while": true, "for": true, "with": true}

// beforeExpression are the words after which an expression follows, so that a
// slash begins a regular expression and a brace an object.
var beforeExpression = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "of": true, "void": true, "delete": true,
	"instanceof": true, "new": true, "throw": true, "yield": true, "await": true, "default": true,
}

// patternAllowed reports whether a slash here begins a regular expression: the
// token before it decides.
// https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
func (s *scanner) patternAllowed() bool {
	last := s.last
	switch last.kind {
	case none, stray:
		return true
	case name:
		word := string(s.src[last.start:last.end])
		return !last.after && (beforeExpression[word] || word == "else" || word == "do")
	case mark:
		if last.sign == ')' || last.sign == '}' {
			return last.after
		}
		return last.sign != ']' && last.sign != step
	case template:
		return s.src[last.end-1] == '{'
	}
	return false
}
