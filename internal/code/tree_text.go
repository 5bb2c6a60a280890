package code

import (
	"bytes"

	"github.com/tdewolff/parse/v2/js"
)

// template puts a template together whose parts are all known: `ex${'ec'}`, and
// the same behind String.raw.
func (w *walker) template(n *js.TemplateExpr, depth int) value {
	decode := unescape
	if n.Tag != nil {
		tag := w.resolve(n.Tag, depth)
		if len(tag.path) != 2 || tag.path[0] != "String" || tag.path[1] != "raw" {
			return value{}
		}
		decode = func(raw []byte) []byte { return raw }
	}
	var out []byte
	for _, part := range n.List {
		v := w.resolve(part.Expr, depth)
		if !v.known || len(part.Value) < 3 {
			return value{}
		}
		out = append(out, decode(bytes.TrimSuffix(part.Value[1:], []byte("${")))...)
		if out = append(out, v.text...); !w.afford(len(out)) {
			return value{}
		}
	}
	return value{text: string(append(out, decode(literalBody(n.Tail))...)), known: true}
}

// commanded reads the command that a program is started with, where it was put
// together: the tokens saw its parts alone.
func (w *walker) commanded(f value, args []js.Arg) {
	if len(args) == 0 || len(f.path) == 0 {
		return
	}
	if _, plain := args[0].Value.(*js.LiteralExpr); plain {
		return
	}
	if capability, _ := given(f.path, true); capability != Process {
		return
	}
	v := w.resolve(args[0].Value, 0)
	offset, ok := w.offset(args[0].Value)
	if v.known && ok {
		w.c.text(literal{value: []byte(v.text), offset: offset, encoded: true}, func() uint64 { return textContext([]byte(v.text)) })
	}
}
