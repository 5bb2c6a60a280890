package code

import "bytes"

// decoders are names that an evaluated text goes through when it was encoded.
// handDecoders are those of them that nothing but a decoder is called by.
var (
	decoders     = words("atob fromCharCode fromCodePoint unescape inflateSync gunzipSync inflateRawSync brotliDecompressSync createDecipheriv decodeURIComponent")
	handDecoders = words("atob fromCharCode fromCodePoint inflateSync gunzipSync inflateRawSync brotliDecompressSync createDecipheriv")
)

// evaluation reads eval(x) and new Function(x).
func (r *reader) evaluation(i int) {
	if !r.is(i+1, '(') || r.is(i+2, ')') {
		return
	}
	if value, after, ok := r.constant(i + 2); ok && r.is(after, ')') && isHarmless(string(value)) {
		return
	}
	r.use(i, Evaluate, string(r.named(i))+r.asked(i))
	if string(r.word(i+2)) == "function" && string(r.word(i+4)) == "p" && string(r.word(i+6)) == "a" {
		r.c.trait(Packed, 1, int(r.at(i).start))
	}
	r.decodes(i)
}

// decodes marks an evaluation whose text was encoded: in what it is given, or in
// what a name that it is given was made of.
func (r *reader) decodes(i int) {
	r.arguments(i, func(j int, word []byte) bool {
		if decoders[string(word)] || string(word) == "Buffer" || !r.is(j-1, '.') && r.madeBy(i, word, r.isDecoder) {
			r.c.trait(DecodedEval, 1, int(r.at(i).start))
			return false
		}
		return true
	})
}

// maxTraced is how many calls of a file are traced: each takes up to a million
// steps where somebody means it to, and no honest file has so many.
const maxTraced = 128

// arguments visits the names in a call's arguments, i being what is called, until
// visit says no.
func (r *reader) arguments(i int, visit func(j int, word []byte) bool) {
	if r.traced++; r.traced > maxTraced {
		return
	}
	for j, deep := i+1, 0; j < i+decoderReach; j++ {
		switch word := r.named(j); {
		case r.is(j, '('):
			deep++
		case r.is(j, ')'):
			if deep--; deep == 0 {
				return
			}
		case word != nil && !visit(j, word):
			return
		}
	}
}

// isDecoder reports whether a token decodes: one of the functions, or exclusive
// or of what stands in a list.
func (r *reader) isDecoder(j int) bool {
	return handDecoders[string(r.named(j))] || r.is(j, '^') && (r.is(j-1, ']') || r.is(j-1, ')'))
}

// madeBy reports whether a name got its value, before i and not far from it, by
// something that fits.
func (r *reader) madeBy(i int, local []byte, fits func(j int) bool) bool {
	tries := 0
	for k := i - 1; k > i-around; k-- {
		if r.is(k-1, '.') || !bytes.Equal(r.named(k), local) {
			continue
		}
		if !r.is(k+1, '=') && !r.is(k+1, compound) && !r.is(k+1, '[') {
			continue
		}
		for j := k + 2; j < min(i, k+decoderReach); j++ {
			if fits(j) {
				return true
			}
		}
		if tries++; tries == few/64 {
			break
		}
	}
	return false
}

// requestParts are members of a request that whoever sends it fills in.
var requestParts = words("headers query cookies searchParams")

// requested ends the name of a use that runs what a request holds.
const requested = " (request)"

// asked gives requested where a call at i is handed a part of a request.
func (r *reader) asked(i int) (suffix string) {
	isPart := func(j int) bool { return r.is(j-1, '.') && requestParts[string(r.named(j))] }
	r.arguments(i, func(j int, word []byte) bool {
		if isPart(j) || !r.is(j-1, '.') && r.madeBy(i, word, isPart) {
			suffix = requested
		}
		return suffix == ""
	})
	return suffix
}

// isHarmless reports whether an evaluated text only asks for the global object,
// or whether code may be evaluated at all.
func isHarmless(s string) bool {
	return s == "return this" || s == "return this;" || s == "this" || s == "" || s == "require" || s == "return this()"
}

// constructor reads .constructor as the function that makes functions of text:
// that of a constructor, or of a function that stands there, or one whose result
// is called at once.
func (r *reader) constructor(i int) {
	switch {
	case r.is(i+1, '.') && string(r.named(i+2)) == "constructor":
		r.use(i+2, Evaluate, "constructor.constructor")
	case r.is(i-2, ')') && r.is(i-3, '}'), r.calledAtOnce(i):
		r.use(i, Evaluate, "constructor")
		r.decodes(i)
	}
}

// calledAtOnce reports whether what a call gives is called: f(…)(…).
func (r *reader) calledAtOnce(i int) bool {
	if !r.is(i+1, '(') || r.is(i+2, ')') {
		return false
	}
	for j, deep := i+1, 0; j < i+decoderReach; j++ {
		switch {
		case r.is(j, '('):
			deep++
		case r.is(j, ')'):
			if deep--; deep == 0 {
				return r.is(j+1, '(')
			}
		}
	}
	return false
}
