package code

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// bothWays reads a file by its tokens and then by its tree, and gives what each
// of the two has; asked tells whether the tokens left a question.
func bothWays(src []byte) (tokens, tree *Profile, asked bool) {
	read := func(withTree bool) *Profile {
		p := &Profile{}
		c := newCollector(p)
		r := newReader(c, src)
		r.sketch = newSketch()
		r.run()
		c.reached()
		asked = r.asks
		if withTree && !asked && len(src) <= maxParse && r.tangled(src) == "" {
			c.tree(src)
		}
		c.finish(src)
		for i := range p.Uses {
			p.Uses[i].Context = 0
		}
		return p
	}
	return read(false), read(true), asked
}

// missed tells what the tree would have said of a file whose tokens left no
// question.
func missed(t testing.TB, name string, src []byte) {
	t.Helper()
	tokens, tree, _ := bothWays(src)
	if !reflect.DeepEqual(tokens, tree) {
		t.Errorf("%s: no question was left by the tokens:\n%s\nbut the tree says:\n%s", name, dump(tokens), dump(tree))
	}
}

// No question is missed: where the tokens leave none, the tree says nothing new.
// LOCKKEEPER_CODE names a folder of files to hold this against.
func TestNoQuestionIsMissed(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.*js")
	if len(files) < 10 {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		missed(t, file, contents(t, file))
	}
	folder := os.Getenv("LOCKKEEPER_CODE")
	if folder == "" {
		return
	}
	all, asked := 0, 0
	err := filepath.WalkDir(folder, func(file string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		src := contents(t, file)
		if l := languageOf(file, src); !l.parsed {
			return nil
		}
		all++
		missed(t, file, src)
		if _, _, open := bothWays(src); open {
			asked++
		}
		return nil
	})
	if err != nil || all == 0 {
		t.Fatalf("%d files: %v", all, err)
	}
	t.Logf("%d files, %d with a question", all, asked)
}

// Each hands on a name at which a path begins, or starts a program by what has to
// be worked out: the tree is asked. The others don't.
func TestQuestions(t *testing.T) {
	for _, c := range []struct {
		src  string
		asks bool
	}{
		{"var p = process; p.env.A_TOKEN", true},
		{"p = a ? b : process; p.env.A_TOKEN", true},
		{"p = a || process", true},
		{"(0, eval)(x)", true},
		{"(eval)(x)", true},
		{"eval.call(a, x)", true},
		{"Function.prototype.constructor.call(a, x)", true},
		{"var c = Function.prototype; c.constructor(x)", true},
		{"fetch?.(x)", true},
		{"globalThis.fetch?.(x)", true},
		{"(await process).env.A_TOKEN", true},
		{"window[a](x)", true},
		{"var {env} = process", true},
		{"function f(p = process) { p.env.A_TOKEN }", true},
		{"window.XMLHttpRequest = x", true},
		{"typeof process.env.A_TOKEN", true},
		{"function f() { var g = typeof self < 'u' ? self : this; g.eval(x) }", true},
		{"function f() { var g = typeof self < 'u' ? self : this; return g[x] }", true},
		{"function f() { var g = window; h(); i = g; }", true},
		{"function f() { g = window; g.h = 1 } g.eval(x)", true},
		{"var g = window; g.h = 1", true},
		{"function f() { var a = g = window; a.eval(x) }", true},
		{"function f(g) { a = (g = window); a.eval(x) }", true},
		{"(function (g) { (g = window).eval(x) })()", true},
		{"function f() { var g = window; (function (h) { h = g; h.eval(x) })() }", true},
		{"const send = fetch; send(x)", true},
		{"const Make = Function; new Make(x)", true},
		{"Bun.spawn(`cu${'rl'} -s https://a.invalid`)", true},
		{"const a = 'cu'; Bun.spawn(a + 'rl -s https://a.invalid')", true},
		{"Bun.spawn(['curl'])", false},
		{"Bun.spawn('curl')", false},
		{"Function.toString.call(a)", false},
		{"(function () { var g = typeof self < 'u' ? self : this || {}; g.h = g.h || {}, g.h.i = j() })()", false},
		{"!function (e, t) { (e = 'undefined' != typeof globalThis ? globalThis : e || self).d3 = t() }(this, a)", false},
		{"(function (global, f) { (global = typeof globalThis !== 'u' ? globalThis : global || self, global.x = f()) })(this, a)", false},
		{"a.b.c.d.e.f", false},
		{"process.env.A_TOKEN", false},
		{"f(window, document)", false},
		{"return document.createElement('a')", false},
		{"window.fetch(x)", false},
		{"if (a instanceof window.Array) b", false},
		{"(function (w) {})(window)", false},
		{"typeof window < 'u' && window.addEventListener(a)", false},
		{"Function.prototype.toString.call(a)", false},
		{"[window, document]", false},
	} {
		src := []byte(c.src)
		if _, _, asks := bothWays(src); asks != c.asks {
			t.Errorf("%s: asks %v", c.src, asks)
		}
		missed(t, c.src, src)
	}
}

func FuzzQuestions(f *testing.F) {
	seeds(f)
	f.Add([]byte("typeof window<'u'?window.fetch(x):self['a'](y);String.fromCharCode(process.env.A,eval(b));new Function(c);navigator.sendBeacon(d)"))
	f.Add([]byte("String.fromCharCode(a);(b=c?.d)&&XMLHttpRequest.prototype.open.call(e);for(f in globalThis)g=!document.cookie;return{h:self.eval(i)}"))
	f.Add([]byte("(function(g,f){var h=typeof self<'u'?self:this||{};(g='u'!=typeof globalThis?globalThis:g||self).a=f(),h.eval(x),i=h})(this)"))
	f.Fuzz(func(t *testing.T, src []byte) {
		missed(t, "a.js", src)
	})
}
