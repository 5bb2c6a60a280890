package code

import (
	"encoding/base64"
	"reflect"
	"strings"

	"github.com/tdewolff/parse/v2/js"
)

// value is what an expression is known to stand for: a text, a list of texts, a
// path from a module or the global object, the function that loads modules.
type value struct {
	text   string
	known  bool // text is
	list   []string
	path   []string
	loader bool
	reader string // the method of a text or list that a call will apply
	of     *value // and what it is applied to
}

// maxFolded is how long a folded text may be: names and commands are shorter.
const maxFolded = 4096

// maxResolve is how deep an expression is resolved; sums and chains are deeper
// only where somebody means them to be.
const maxResolve = 24

// afford takes bytes of folded text from what a file may have of it, so that
// b=a+a; c=b+b; … doesn't grow without a bound.
func (w *walker) afford(bytes int) bool {
	if bytes > maxFolded || bytes > w.budget {
		w.cut = w.cut || bytes > w.budget
		return false
	}
	w.budget -= bytes
	return true
}

func total(list []string) (bytes int) {
	for _, s := range list {
		bytes += len(s)
	}
	return bytes
}

func (v value) member(name string) value {
	if name == "" || len(v.path) == 0 || len(v.path) >= maxPath || len(name) > maxNamed {
		return value{}
	}
	return value{path: usualPath(append(append([]string{}, v.path...), name))}
}

// resolve works out an expression.
func (w *walker) resolve(n js.IExpr, depth int) value {
	if depth > maxResolve {
		return value{}
	}
	depth++
	switch n := n.(type) {
	case *js.LiteralExpr:
		if n.TokenType == js.StringToken {
			return value{text: literalText(*n), known: true}
		}
	case *js.TemplateExpr:
		return w.template(n, depth)
	case *js.Var:
		return w.variable(n)
	case *js.GroupExpr:
		return w.resolve(n.X, depth)
	case *js.CommaExpr:
		return w.resolve(n.List[len(n.List)-1], depth)
	case *js.UnaryExpr:
		if n.Op == js.AwaitToken {
			return w.resolve(n.X, depth)
		}
	case *js.CondExpr:
		return w.either(n.X, n.Y, depth)
	case *js.BinaryExpr:
		return w.binary(n, depth)
	case *js.ArrayExpr:
		return w.array(n, depth)
	case *js.DotExpr:
		if v := w.resolve(n.X, depth); v.hasMembers() {
			return v.dot(memberName(n.Y))
		}
	case *js.IndexExpr:
		if v := w.resolve(n.X, depth); v.hasMembers() {
			if key := w.resolve(n.Y, depth); key.known {
				return v.dot(key.text)
			}
		}
	case *js.CallExpr:
		return w.called(n, depth)
	}
	return value{}
}

func (w *walker) variable(v *js.Var) value {
	v = root(v)
	if known, ok := w.values[v]; ok {
		return known
	}
	if v.Decl != js.NoDecl {
		return value{}
	}
	n := string(v.Data)
	switch {
	case n == "require" || n == "import":
		return value{loader: true, path: []string{n}}
	case roots[n]:
		return value{path: []string{n}}
	}
	return value{}
}

func (w *walker) either(x, y js.IExpr, depth int) value {
	if v := w.resolve(x, depth); v.path != nil || v.known {
		return v
	}
	return w.resolve(y, depth)
}

func (w *walker) binary(n *js.BinaryExpr, depth int) value {
	switch n.Op {
	case js.AddToken:
		x, y := w.resolve(n.X, depth), w.resolve(n.Y, depth)
		if x.known && y.known && w.afford(len(x.text)+len(y.text)) {
			return value{text: x.text + y.text, known: true}
		}
	case js.OrToken, js.NullishToken, js.AndToken:
		return w.either(n.X, n.Y, depth)
	case js.EqToken:
		return w.resolve(n.Y, depth)
	}
	return value{}
}

func (w *walker) array(n *js.ArrayExpr, depth int) value {
	if len(n.List) > few || !w.afford(16*len(n.List)) {
		return value{}
	}
	list := make([]string, 0, len(n.List))
	for _, e := range n.List {
		v := w.resolve(e.Value, depth)
		if !v.known || e.Spread {
			return value{}
		}
		list = append(list, v.text)
	}
	return value{list: list}
}

// hasMembers reports whether anything is known of a value's members.
func (v *value) hasMembers() bool { return v.known || v.list != nil || len(v.path) > 0 }

// dot gives a member of a value.
func (v value) dot(name string) value {
	if v.known || v.list != nil {
		of := v // or every value would be on the heap
		return value{reader: name, of: &of}
	}
	return v.member(name)
}

// called gives what a call returns: a module, or a text that was put together.
func (w *walker) called(n *js.CallExpr, depth int) value {
	if lit, ok := n.X.(*js.LiteralExpr); ok && lit.TokenType == js.ImportToken {
		return w.loaded(n.Args.List, depth)
	}
	f := w.resolve(n.X, depth)
	args := n.Args.List
	switch {
	case f.loader:
		return w.loaded(args, depth)
	case f.of != nil:
		return w.worked(f, args, depth)
	case len(f.path) == 1 && f.path[0] == "atob" && len(args) == 1:
		return fromBase(w.resolve(args[0].Value, depth))
	case strings.Join(f.path, ".") == "Buffer.from" && len(args) == 2:
		return fromBase(w.resolve(args[0].Value, depth))
	case len(f.path) == 2 && f.path[0] == "String" && strings.HasPrefix(f.path[1], "from"):
		return fromCodes(args)
	}
	// Wrappers give what they are given: __importStar(require('x')), promisify(f).
	if len(args) > 0 && len(args) <= 3 {
		if v := w.resolve(args[0].Value, depth); len(v.path) > 0 && modulePowers[v.path[0]] != "" && len(f.path) == 0 {
			return v
		}
	}
	return value{}
}

func (w *walker) loaded(args []js.Arg, depth int) value {
	if len(args) == 0 {
		return value{}
	}
	m := w.resolve(args[0].Value, depth)
	if _, ok := modulePowers[moduleName(m.text)]; !m.known || !ok {
		return value{}
	}
	return value{path: []string{moduleName(m.text)}}
}

// worked applies a method to a known text or list.
func (w *walker) worked(f value, args []js.Arg, depth int) value {
	var arg value
	if len(args) > 0 {
		arg = w.resolve(args[0].Value, depth)
	}
	of := *f.of
	switch f.reader {
	case "join":
		if of.list != nil && arg.known && w.afford(len(of.list)*len(arg.text)+total(of.list)) {
			return value{text: strings.Join(of.list, arg.text), known: true}
		}
	case "reverse":
		if of.list != nil && w.afford(16*len(of.list)) {
			list := make([]string, len(of.list))
			for i, s := range of.list {
				list[len(list)-1-i] = s
			}
			return value{list: list}
		}
	case "split":
		if of.known && arg.known && len(of.text) <= few && w.afford(16*len(of.text)) {
			return value{list: strings.Split(of.text, arg.text)}
		}
	case "concat":
		if of.known && arg.known && w.afford(len(of.text)+len(arg.text)) {
			return value{text: of.text + arg.text, known: true}
		}
	case "toString", "toLowerCase", "trim":
		return of
	}
	return value{}
}

func fromBase(v value) value {
	if !v.known || len(v.text) > maxFolded {
		return value{}
	}
	out, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(v.text, "="))
	if err != nil {
		return value{}
	}
	return value{text: string(out), known: true}
}

func fromCodes(args []js.Arg) value {
	var out []byte
	for _, a := range args {
		lit, ok := a.Value.(*js.LiteralExpr)
		if !ok {
			return value{}
		}
		code, ok := characterCode(lit.Data)
		if !ok {
			return value{}
		}
		out = append(out, code)
	}
	return value{text: string(out), known: true}
}

func memberName(n js.IExpr) string {
	switch n := n.(type) {
	case *js.LiteralExpr:
		return string(n.Data)
	case js.LiteralExpr: // as the parser builds members
		return string(n.Data)
	}
	return "" // a private name
}

// literalBody gives what stands between a literal's delimiters.
func literalBody(data []byte) []byte {
	if len(data) < 2 {
		return nil
	}
	return data[1 : len(data)-1]
}

func literalText(n js.LiteralExpr) string {
	if n.TokenType != js.StringToken {
		return string(n.Data)
	}
	return string(unescape(literalBody(n.Data)))
}

// offset gives where an expression stands. The tree has no positions, but its
// names and literals are slices of the source.
func (w *walker) offset(n js.IExpr) (offset int, ok bool) {
	for range maxResolve {
		var data []byte
		switch e := n.(type) {
		case *js.LiteralExpr:
			data = e.Data
		case js.LiteralExpr:
			data = e.Data
		case *js.Var:
			data = e.Data
		case *js.TemplateExpr:
			data = e.Tail
		case *js.BinaryExpr:
			n = e.X
			continue
		case *js.GroupExpr:
			n = e.X
			continue
		case *js.DotExpr:
			n = e.Y
			continue
		case *js.IndexExpr:
			n = e.Y
			continue
		case *js.CallExpr:
			n = e.X
			continue
		case *js.ArrayExpr:
			if len(e.List) > 0 {
				n = e.List[0].Value
				continue
			}
		}
		if data == nil {
			return 0, false
		}
		offset = int(reflect.ValueOf(data).Pointer() - w.source)
		return offset, offset >= 0 && offset < len(w.input)
	}
	return 0, false
}
