package policy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParse: any bytes give a usable policy or a *Broken whose every line is
// one line of printable text.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		p, err := Parse("p.yml", data)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if err != nil {
			checkBroken(t, err)
			return
		}
		if p.Warn < 1 || p.Warn > p.Block || p.Block > 100 || p.Cooldown < 0 || p.Cooldown > longestCooldown {
			t.Errorf("thresholds %d and %d, cooldown %v", p.Warn, p.Block, p.Cooldown)
		}
		for _, x := range p.Exceptions {
			if x.Ecosystem == "" || x.Name == "" || len(x.Signals) == 0 || x.Reason == "" || x.Expires.IsZero() || x.Line < 1 {
				t.Errorf("exception %+v", x)
			}
		}
		for id := range p.Signals {
			if strings.HasPrefix(id, "known-malware") {
				t.Error("malware is switched off")
			}
		}
		p.Ignored("a/b/package-lock.json")
		Judge(p, now, []Case{{Dossier: dossier()}}, nil, nil)
	})
}

func checkBroken(t *testing.T, err error) {
	t.Helper()
	broken := new(Broken)
	if !errors.As(err, &broken) || len(broken.Problems) == 0 {
		t.Fatalf("not a *Broken: %v", err)
	}
	for i, p := range broken.Problems {
		if i > 0 && byPlace(broken.Problems[i-1], p) > 0 {
			t.Errorf("%v before %v", broken.Problems[i-1], p)
		}
		if p.Message == "" || strings.ContainsFunc(p.String(), func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }) {
			t.Errorf("unfit to print: %q", p.String())
		}
	}
}

// TestSizeCap also tries the largest files that are read, of the kinds that
// cost most.
func TestSizeCap(t *testing.T) {
	if _, err := Parse("p.yml", make([]byte, maxSize+1)); err == nil || err.Error() != "p.yml: has 262145 bytes, more than 262144" {
		t.Errorf("over the cap: %v", err)
	}
	for name, unit := range map[string]string{
		"list":       "- ",
		"nested":     "{a: ",
		"long key":   "? " + strings.Repeat("k", maxSize/2) + "\n: [",
		"items":      "1, ",
		"comments":   "#\n",
		"whitespace": " ",
		"anchors":    "- &a [*a, *a]\n",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Parse("p.yml", []byte(strings.Repeat(unit, maxSize/len(unit))))
			if err == nil {
				t.Fatal("accepted")
			}
			checkBroken(t, err)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
	var keys, items strings.Builder
	keys.WriteString("version: 1\nsignals:\n")
	items.WriteString("? " + strings.Repeat("k", maxSize/2) + "\n: [")
	for i := 0; keys.Len() < maxSize-100; i++ {
		keys.WriteString("  lookalike-nam" + strings.Repeat("e", i%60) + time.Duration(i).String() + ": off\n")
	}
	for items.Len() < maxSize-100 {
		items.WriteString("[a],")
	}
	items.WriteString("a]\n")
	for name, data := range map[string]string{"unknown keys": keys.String(), "a long key over many values": items.String()} {
		start := time.Now()
		_, err := Parse("p.yml", []byte(data))
		if err == nil {
			t.Fatal("accepted")
		}
		checkBroken(t, err)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}
