package gate

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// directive stands in a file of a replay for text or bytes that are made, not
// stored: {{KIND SIZE SEED}}, or {{KIND SIZE SEED NAMES}}. The same directive
// gives the same bytes. SIZE is in bytes, about.
var directive = regexp.MustCompile(`\{\{([a-z]+) (\d+) (\d+)(?: (\d+))?\}\}`)

// generators make what directives stand for. None of it does anything: it calls
// what it is handed, and nothing hands it anything.
var generators = map[string]func(g *generator, size int) string{
	"readable":   (*generator).readable,
	"minified":   (*generator).minified,
	"obfuscated": (*generator).obfuscated,
	"random":     func(g *generator, size int) string { return string(g.bytes(size)) },
	"base64":     func(g *generator, size int) string { return base64.StdEncoding.EncodeToString(g.bytes(size * 3 / 4)) },
	"hex":        func(g *generator, size int) string { return hex.EncodeToString(g.bytes(size / 2)) },
	"blanks":     func(_ *generator, size int) string { return strings.Repeat(" ", size) },
	"executable": func(g *generator, size int) string { return "MZ\x90\x00" + string(g.bytes(size)) },
	"elf":        func(g *generator, size int) string { return "\x7fELF" + string(g.bytes(size)) },
	"wasm":       func(g *generator, size int) string { return "\x00asm\x01\x00\x00\x00" + string(g.bytes(size)) },
}

// expanded puts in what the directives of a file stand for.
func expanded(t *testing.T, file string) []byte {
	t.Helper()
	return []byte(directive.ReplaceAllStringFunc(file, func(text string) string {
		m := directive.FindStringSubmatch(text)
		size, _ := strconv.Atoi(m[2])
		seed, _ := strconv.ParseUint(m[3], 10, 64)
		names, _ := strconv.ParseUint(m[4], 10, 64)
		generate, ok := generators[m[1]]
		if !ok {
			t.Fatalf("%s: there is no such generator", text)
		}
		return generate(&generator{words: rand.New(rand.NewPCG(seed, 1)), names: rand.New(rand.NewPCG(names, 2))}, size)
	}))
}

// generator makes code. The names of variables have a source of their own, so
// that the same code can be made again under other names, as minifiers do.
type generator struct{ words, names *rand.Rand }

var vocabulary = strings.Fields("value options index length parent child depth offset cache merge render update state props target buffer stream " +
	"header encode parser token filter source handler emit listener pending queue timer format locale column matrix color alpha layer path stroke " +
	"frame duration easing canvas context width height scale rotate origin anchor shape group mask effect asset composition segment marker range")

func (g *generator) word() string { return vocabulary[g.words.IntN(len(vocabulary))] }

func (g *generator) camel() string {
	second := g.word()
	return g.word() + strings.ToUpper(second[:1]) + second[1:]
}

func (g *generator) bytes(size int) []byte {
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(g.words.Uint32())
	}
	return data
}

// readable is code as people write it, of exported functions.
func (g *generator) readable(size int) string {
	var b strings.Builder
	for b.Len() < size {
		name, a, c := g.camel(), g.word(), g.word()+"s"
		fmt.Fprintf(&b, "/**\n * Gives the %s of the %s, or its %s if there is none.\n */\nexports.%s = function %s(%s, %s) {\n", g.word(), a, g.word(), name, name, a, c)
		for range 2 + g.words.IntN(4) {
			fmt.Fprintf(&b, "  if (%s.%s === %s.%s) {\n    %s.%s = '%s-%s'\n  }\n", a, g.word(), c, g.camel(), a, g.camel(), g.word(), g.word())
		}
		fmt.Fprintf(&b, "  return %s.%s || %s.%s\n}\n\n", a, g.word(), c, g.camel())
	}
	return strings.TrimSuffix(b.String(), "\n\n")
}

// minified is one line of code as minifiers write it.
func (g *generator) minified(size int) string {
	var b strings.Builder
	for b.Len() < size {
		f, x, y := g.short(), g.short(), g.short()+"$"
		fmt.Fprintf(&b, `function %s(%s,%s){return %s.%s&&%s.%s(%s.%s,"%s-%s")?%s.%s.map(function(%s){return %s.%s+%d}):(%s.%s=%s.%s.%s,%s.%s({%s:%s,%s:!%d}))}`,
			f, x, y, x, g.word(), y, g.camel(), x, g.word(), g.word(), g.word(), y, g.camel(), f, f, g.word(), g.words.IntN(900),
			x, g.camel(), y, g.word(), g.word(), y, g.camel(), g.word(), x, g.word(), g.words.IntN(2))
	}
	return b.String()
}

func (g *generator) short() string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	return string([]byte{letters[g.names.IntN(26)], letters[g.names.IntN(26)]}) + "_"
}

// obfuscated is one line of code as obfuscators write it: a table of encoded
// strings that is turned, and calls that look names up in it. The strings
// are random, and the loop never begins.
func (g *generator) obfuscated(size int) string {
	name := func() string { return fmt.Sprintf("_0x%06x", g.words.Uint32()&0xffffff) }
	table, look := name(), name()
	var strs, calls strings.Builder
	for strs.Len()+calls.Len() < size {
		fmt.Fprintf(&strs, "'%s',", base64.RawStdEncoding.EncodeToString(g.bytes(4+g.words.IntN(9))))
		f, x, y := name(), name(), name()
		fmt.Fprintf(&calls, "function %s(%s,%s){const %s_=%s(0x%x);return %s[%s(0x%x)](%s,%s_[%s(0x%x)]);}", f, x, y, x, look, g.words.IntN(4096), x, look, g.words.IntN(4096), y, x, look, g.words.IntN(4096))
	}
	x, y := name(), name()
	return fmt.Sprintf("const %s=%s;(function(%s,%s){const %s_=%s();while(![]){try{if(parseInt(%s_[0x0])/0x1+-parseInt(%s_[0x1])/0x2===%s)break;else %s_['push'](%s_['shift']());}catch(%s__){%s_['push'](%s_['shift']());}}}(%s,0x%x));function %s(){const %s=[%s];%s=function(){return %s;};return %s();}%s",
		look, table, x, y, x, x, x, x, y, x, x, x, x, x, table, g.words.Uint32()&0xfffff, table, y, strings.TrimSuffix(strs.String(), ","), table, y, table, calls.String())
}
