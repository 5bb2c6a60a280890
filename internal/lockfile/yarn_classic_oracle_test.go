package lockfile

import (
	"encoding/json"
	"errors"
	"strings"
)

// The tokens and the parser of yarn 1.22 (src/lockfile/parse.js), token by
// token: slow and plain, to compare this package's reader with.

type oracleToken struct {
	kind  byte // 's'tring, 'n'umber, 'b'oolean, ':', ',', '\n', ' ' for an indentation, 'x' for an invalid one, 0 at the end
	text  string
	depth int // of an indentation
}

var errOracle = errors.New("yarn refuses it")

// oracleTokens gives the tokens of a file, without its comments. What throws in
// yarn's tokeniser is a token of the kind '!'.
func oracleTokens(input string) (tokens []oracleToken) {
	newline := false
	for input != "" {
		chop := 1
		token := oracleToken{kind: 'x'}
		switch c := input[0]; {
		case c == '\n', c == '\r':
			if strings.HasPrefix(input[1:], "\n") {
				chop = 2
			}
			token.kind = '\n'
		case c == '#':
			if chop = strings.IndexByte(input, '\n'); chop < 0 {
				chop = len(input)
			}
			token.kind = '#'
		case c == ' ' && newline:
			chop = len(input) - len(strings.TrimLeft(input, " "))
			token.kind, token.depth = ' ', chop/2
			if chop%2 != 0 {
				token.kind = '!'
			}
		case c == ' ':
			token.kind = '#'
		case c == '"':
			chop = oracleQuoted(input)
			if json.Unmarshal([]byte(input[:chop]), &token.text) == nil {
				token.kind = 's'
			}
		case '0' <= c && c <= '9':
			chop = len(input) - len(strings.TrimLeft(input, "0123456789"))
			token.kind, token.text = 'n', strings.TrimLeft(input[:chop-1], "0")+input[chop-1:chop]
		case strings.HasPrefix(input, "true"), strings.HasPrefix(input, "false"):
			chop = strings.IndexByte(input, 'e') + 1
			token.kind, token.text = 'b', input[:chop]
		case c == ':', c == ',':
			token.kind = c
		case 'a' <= c|0x20 && c|0x20 <= 'z', c == '/', c == '.', c == '-':
			if chop = strings.IndexAny(input, ": \n\r,"); chop < 0 {
				chop = len(input)
			}
			token.kind, token.text = 's', input[:chop]
		}
		if token.kind != '#' {
			tokens = append(tokens, token)
		}
		newline = input[0] == '\n' || strings.HasPrefix(input, "\r\n")
		input = input[chop:]
	}
	return append(tokens, oracleToken{})
}

// oracleQuoted gives the length of a text in quotes, as yarn ends it.
func oracleQuoted(input string) int {
	for i := 1; i < len(input); i++ {
		if input[i] == '"' && (input[i-1] != '\\' || i > 1 && input[i-2] == '\\') {
			return i + 1
		}
	}
	return len(input)
}

// oracleNode is a value: a text, or members.
type oracleNode struct {
	text    string
	members map[string]*oracleNode
}

type oracleParser struct {
	tokens []oracleToken
	depth  int
}

// oracleParse gives the members of a file, or an error where yarn throws.
func oracleParse(data string) (map[string]*oracleNode, error) {
	p := &oracleParser{tokens: oracleTokens(strings.TrimPrefix(data, "\ufeff"))}
	return p.parse(0)
}

func (p *oracleParser) next() { p.tokens = p.tokens[1:] }

func (p *oracleParser) parse(indent int) (map[string]*oracleNode, error) {
	if p.depth++; p.depth > 1000 {
		return nil, errOracle
	}
	defer func() { p.depth-- }()
	members := map[string]*oracleNode{}
	for {
		switch token := p.tokens[0]; token.kind {
		case '\n':
			p.next()
			if indent == 0 {
				continue
			}
			switch next := p.tokens[0]; {
			case next.kind == '!':
				return nil, errOracle
			case next.kind != ' ' || next.depth != indent:
				return members, nil
			}
			p.next()
		case ' ':
			if token.depth != indent {
				return members, nil
			}
			p.next()
		case 0:
			return members, nil
		case 's':
			up, err := p.member(members, indent)
			if err != nil || up {
				return members, err
			}
		default:
			return nil, errOracle
		}
	}
}

// member reads names and what follows them. up is true where it ends the
// members that it is one of.
func (p *oracleParser) member(members map[string]*oracleNode, indent int) (up bool, err error) {
	var names []string
	for {
		if p.tokens[0].kind != 's' || p.tokens[0].text == "" {
			return false, errOracle
		}
		names = append(names, p.tokens[0].text)
		if p.next(); p.tokens[0].kind != ',' {
			break
		}
		p.next()
	}
	colon := p.tokens[0].kind == ':'
	if colon {
		p.next()
	}
	value := &oracleNode{}
	switch p.tokens[0].kind {
	case 's', 'n', 'b':
		value.text = p.tokens[0].text
		p.next()
	default:
		if !colon {
			return false, errOracle
		}
		if value.members, err = p.parse(indent + 1); err != nil {
			return false, err
		}
		up = indent > 0 && p.tokens[0].kind != ' '
	}
	for _, name := range names {
		members[name] = value
	}
	return up, nil
}
