package registry

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"
)

func sifted(t interface{ Fatal(...any) }, r io.Reader) string {
	out, err := io.ReadAll(&sieve{r: r})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestSieve(t *testing.T) {
	long := strings.Repeat("x", maxText)
	tests := []struct{ name, in, want string }{
		{"blanks", "{ \t\r\n \"a  b\" :  1 }  ", `{ "a  b" : 1 } `},
		{"two numbers stay two", "1 \n 2", "1 2"},
		{"at the limit", `"` + long + `"`, `"` + long + `"`},
		{"one past it", `"` + long + `x"`, `"` + long + `x"`},
		{"far past it", `["` + long + `xyz","b"]`, `["` + long + `x","b"]`},
		{"escapes past it", `"` + long + `xy\"\\\u0041"`, `"` + long + `x"`},
		{"an escape across it", `"` + long + `\u0041\u0042"`, `"` + long + `\u0041"`},
		{"a quote is escaped", `"\"]" ]`, `"\"]" ]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := sifted(t, strings.NewReader(tt.in)); got != tt.want {
				t.Errorf("got  %.80q (%d bytes)\nwant %.80q (%d bytes)", got, len(got), tt.want, len(tt.want))
			}
			if got := sifted(t, iotest.OneByteReader(strings.NewReader(tt.in))); got != tt.want {
				t.Error("byte by byte it differs")
			}
		})
	}
}

// What the sieve drops can't hide the end of a string from it.
func TestSieveRefusesBrokenEscapes(t *testing.T) {
	in := `{"a":"` + strings.Repeat("x", 2*maxText) + `\u00"`
	if _, err := io.ReadAll(&sieve{r: strings.NewReader(in)}); err == nil || !strings.Contains(err.Error(), "is not JSON") {
		t.Errorf("error is %v", err)
	}
}

// The error that ends a source is not lost, even if it comes with bytes.
func TestSieveKeepsErrors(t *testing.T) {
	down := errors.New("down")
	s := &sieve{r: iotest.DataErrReader(io.MultiReader(strings.NewReader("[1,"), iotest.ErrReader(down)))}
	for range 2 {
		if _, err := io.ReadAll(s); err != down {
			t.Errorf("error is %v", err)
		}
	}
}

// Texts within the limits mean the same after the sieve, and what is no JSON
// before is none after.
func TestSieveKeepsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"{", "}", "[", "]", ",", ":", `"a"`, `"b\""`, `"\\"`, `"\u00e9 "`, `"  "`, "1", "-0.5e3", "true", "null", " ", "\n\t", `"`, `\`, "x",
		})).Draw(t, "parts")
		in := strings.Join(parts, "")
		canonical := func(text []byte) (string, bool) {
			v := jsontext.Value(bytes.Clone(text))
			err := v.Compact()
			return string(v), err == nil
		}
		before, valid := canonical([]byte(in))
		out, err := io.ReadAll(&sieve{r: strings.NewReader(in)})
		after, validAfter := canonical(out)
		if valid != (err == nil && validAfter) {
			t.Fatalf("%q is valid: %v; after the sieve %q: %v, %v", in, valid, out, validAfter, err)
		}
		if valid && before != after {
			t.Fatalf("%q became %q", before, after)
		}
	})
}
