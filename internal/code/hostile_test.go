package code

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Each is a file that a reader could crash, stall or swell on. The bound of time
// is generous: a reader that is not linear needs minutes for them.
func TestHostileCode(t *testing.T) {
	const mega = 1 << 20
	repeat := strings.Repeat
	for _, c := range []struct {
		name, file, text string
	}{
		{"open parentheses", "a.js", "require('x');" + repeat("(", 300_000)},
		{"open brackets", "a.js", "require('fs');" + repeat("[", 10*mega)},
		{"open braces", "a.js", "require('fs');" + repeat("{", mega)},
		{"objects", "a.js", "require('fs');x=" + repeat("{a:", mega/3)},
		{"blocks and functions", "a.js", "require('fs');" + repeat("function a(){", 100_000)},
		{"arrows", "a.js", "require('fs');" + repeat("a=>", 500_000)},
		{"arrows among names", "a.js", "const {exec} = require('child_process');" + counted("exec(a%d[b%[1]d], g => h(g));\n", 50_000)},
		{"unary", "a.js", "require('fs');" + repeat("!", 500_000) + "a"},
		{"members", "a.js", "require('fs');a" + repeat(".b", 900_000)},
		{"indexes", "a.js", "require('fs');a" + repeat("[0]", 600_000)},
		{"nested indexes", "a.js", "require('fs');" + repeat("process['a'+", 900) + "b" + repeat("]", 900)},
		{"calls", "a.js", "require('fs');a" + repeat("()", 900_000)},
		{"conditions", "a.js", "require('fs');" + repeat("a?b:", 400_000) + "c"},
		{"else if", "a.js", "require('fs');" + repeat("if(a);else ", 150_000) + ";"},
		{"commas", "a.js", "require('fs');a" + repeat(",a", 900_000)},
		{"assignments", "a.js", "require('fs');" + repeat("a=", 900_000) + "a"},
		{"sums", "a.js", "require('fs');x=" + repeat("'abcdefghij'+", 100_000) + "'a'"},
		{"sums of names", "a.js", "require('fs');x=" + repeat("a+", 500_000) + "a"},
		{"doubled texts", "a.js", "require('fs');var a='x';" + doublings(80_000)},
		{"names", "a.js", "require('fs');" + counted("var v%d=process;", 60_000)},
		{"scopes", "a.js", "require('fs');" + counted("function f%d(a){return b%[1]d+a}", 40_000)},
		{"one line", "a.js", "x(" + repeat("f(a,'b',/c/);", 10*mega/13)},
		{"one string", "a.js", "x='" + repeat("a", 10*mega) + "'"},
		{"one name", "a.js", repeat("a", 10*mega)},
		{"one open template", "a.js", "`" + repeat("a$", 5*mega)},
		{"nested templates", "a.js", repeat("`${", 3*mega)},
		{"slashes", "a.js", repeat("a=/", 3*mega)},
		{"regular expressions without ends", "a.js", repeat("a=/[", 2*mega)},
		{"classes in patterns", "a.js", "a=/" + repeat("[", 10*mega)},
		{"open comments", "a.js", repeat("/*", 5*mega)},
		{"quotes", "a.js", repeat("'\n", 5*mega)},
		{"backslashes", "a.js", "'" + repeat("\\", 10*mega)},
		{"blanks", "a.js", repeat(repeat(" ", 300)+"a", 30_000)},
		{"closed brackets", "a.js", repeat(")", 5*mega)},
		{"uses", "a.js", counted("process.env.A%d;fetch('https://h%[1]d.invalid/');require('m%[1]d');", 100_000)},
		{"secrets", "a.js", "x='" + repeat(".npmrc ", mega) + "'"},
		{"many secrets", "a.js", repeat("x('.npmrc');", mega/2)},
		{"base64 in base64", "a.js", "x='" + repeat("aHR0cHM6Ly9hLmludmFsaWQv", mega/12) + "'"},
		{"codes", "a.js", "[" + repeat("104,", 2*mega)},
		{"lists of codes", "a.js", repeat("[104,116,116,112,58,47,47];", 300_000)},
		{"arrays to join", "a.js", repeat("['a','b',", mega/2)},
		{"methods", "a.js", repeat(";eval(a", mega)},
		{"computed modules", "a.js", repeat("require(", mega)},
		{"imports", "a.js", repeat("import {a as b,", mega/2)},
		{"unpacked", "a.js", repeat("{a,", mega/2) + repeat("}=process.env;", mega/4)},
		{"hidden", "a.js", repeat("\u200b", mega) + repeat("\u202e\n", mega)},
		{"double slashes", "a.js", "x='" + repeat("//", 5*mega) + "'"},
		{"schemes", "a.js", "x='" + repeat("a://b.c", mega) + "'"},
		{"dots", "a.txt", repeat("://.", 2*mega)},
		{"quotes of a shell", "a.sh", repeat("\"'", 3*mega)},
		{"pipes", "a.sh", repeat("curl -|sh;", mega)},
		{"dollars", "a.sh", repeat("$", 5*mega)},
		{"long words", "a.sh", repeat("a", 10*mega)},
		{"dotted names", "a.py", repeat("a.", 5*mega)},
		{"quotes of Python", "a.py", repeat("'''\"\"\"", mega)},
		{"expansions", "binding.gyp", repeat("'<!(node -e \"x\")',", mega/4)},
		{"one expansion", "binding.gyp", "'" + repeat("<!(", mega) + "'"},
		{"wide", "a.js", "\xff\xfe" + repeat("p\x00;\x00", mega)},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := []byte(c.text)
			peak, took := measured(func() {
				p := Read(c.file, data)
				if err := checkProfile(p, data); err != nil && len(data) < mega {
					t.Error(err)
				}
			})
			t.Logf("%.1f MB: %v, %d MB", float64(len(data))/1e6, took.Round(time.Millisecond), peak>>20)
			if took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			if peak > 250<<20 {
				t.Errorf("held %d MB", peak>>20)
			}
		})
	}
}

// measured runs f and gives the most memory that it held, as sampled, and its time.
func measured(f func()) (peak uint64, took time.Duration) {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	before := stats.HeapAlloc
	done, sampled := make(chan bool), make(chan uint64)
	go func() {
		var most uint64
		for {
			select {
			case <-done:
				sampled <- most
				return
			case <-time.After(20 * time.Millisecond):
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				most = max(most, stats.HeapAlloc)
			}
		}
	}()
	start := time.Now()
	f()
	took = time.Since(start)
	close(done)
	most := <-sampled
	return max(most, before) - before, took
}

func counted(format string, times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func doublings(times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprintf(&b, "var a%d=a%s+a%[2]s;", i, strings.TrimPrefix(fmt.Sprint(i-1), "-1"))
	}
	return b.String()
}

// Every finding that is dropped is counted.
func TestFloodIsSaid(t *testing.T) {
	p := Read("a.js", []byte(counted("process.env.A%d;", 5000)+"require('child_process')"))
	flood := 0
	for _, trait := range p.Traits {
		if trait.Kind == Flood {
			flood = trait.Count
		}
	}
	if flood != 5000-maxUses {
		t.Errorf("%d findings are said to be dropped", flood)
	}
	if last := p.Uses[len(p.Uses)-1]; last.Capability != Process {
		t.Errorf("a flood of one capability hid another: %+v", last)
	}
}

// What defeats the parser is never clean.
func TestUnreadable(t *testing.T) {
	const cp = "const cp = require('child_process');\n"
	for name, src := range map[string]string{
		"syntax":      cp + "var = 1",
		"sum":         cp + "x=" + strings.Repeat("'a'+", 2000) + "'b'",
		"members":     cp + "x" + strings.Repeat(".a", 5000),
		"size":        cp + strings.Repeat("x();\n", maxParse/5),
		"brackets":    "f(((",
		"closed":      "f()))",
		"folded":      cp + "var a='" + strings.Repeat("x", 2000) + "';" + counted("var b%d=a+a;", 5000),
		"nested":      cp + strings.Repeat("(", 2000) + strings.Repeat(")", 2000),
		"UTF-16":      "\xff\xfea\x00",
		"decorators":  cp + "@a class B {}",
		"NUL at last": cp + "x\x00y",
	} {
		t.Run(name, func(t *testing.T) {
			p := Read("a.js", []byte(src))
			if p.Unreadable == "" {
				t.Error("is taken for clean")
			}
			if strings.HasPrefix(src, cp) && len(p.Uses) == 0 {
				t.Error("the tokens' findings are gone")
			}
			if len(p.Unreadable) > maxNamed {
				t.Errorf("a reason of %d bytes", len(p.Unreadable))
			}
		})
	}
	for name, src := range map[string]string{
		"typed.ts": "import x from 'child_process'; let a: string = <any>b;",
		"x.jsx":    "require('child_process'); const a = <b c='d'>e</b>;",
		"cjs.js":   "require('child_process'); return;",
		"plain.js": "f({a: [1, (2)]})",
	} {
		if p := Read(name, []byte(src)); p.Unreadable != "" {
			t.Errorf("%s: %s", name, p.Unreadable)
		}
	}
}
