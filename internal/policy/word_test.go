package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// A word of somebody who may not write counts for nothing, whatever it says, and
// is listed with the reason.
func TestAWordThatDoesNotCount(t *testing.T) {
	words := say("/lockkeeper accept npm:left-pad@1.3.0 trust me")
	words[0].Denied = "its author may not write to the repository"
	j := Judge(recommended(t).Hear(words), now, []Case{{pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{scripted}}}, nil, nil)
	if j.Verdict != Block || len(j.Exceptions) != 1 || j.Exceptions[0].State != Refused || j.Exceptions[0].Why != words[0].Denied {
		t.Errorf("%s, %+v", j.Verdict, j.Exceptions)
	}
}

// A crowd of people who may not write crowds nobody out, and fills no report;
// nor does one who may.
func TestWordsAreBounded(t *testing.T) {
	command := Word{Author: "alice", Text: "/lockkeeper accept npm:left-pad@1.3.0 " + strings.Repeat("é", 5000)}
	var words []Word
	for i := range 3000 {
		words = append(words, Word{Author: "mallory", Denied: "no", Text: fmt.Sprintf("/lockkeeper accept npm:p%d@1.0.0 x", i)},
			Word{Author: "mallory", Denied: "no", Text: "/lockkeeper " + strings.Repeat("x", 100)})
	}
	words = append(words, command)
	cases := []Case{{pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{scripted}}}
	j := Judge(recommended(t).Hear(words), now, cases, nil, nil)
	if j.Verdict != Pass || len(j.Exceptions) != maxDenied+2 {
		t.Fatalf("%s with %d commands listed", j.Verdict, len(j.Exceptions))
	}
	last := j.Exceptions[len(j.Exceptions)-1].Exception
	if n := len([]rune(last.Reason)); n != maxReason+1 {
		t.Errorf("a reason of %d characters", n)
	}
	if more := j.Exceptions[maxDenied]; more.State != Refused || !strings.Contains(more.Why, "more such commands") {
		t.Errorf("the rest is listed as %+v", more)
	}
	words = nil
	for range 1000 {
		words = append(words, command)
	}
	if j := Judge(recommended(t).Hear(words), now, cases, nil, nil); len(j.Exceptions) != maxWords+1 {
		t.Errorf("%d commands listed of one who may write", len(j.Exceptions))
	}
}

// Where the policy has them off, nothing that anybody says is heard or offered.
func TestAcceptancesOff(t *testing.T) {
	for file, want := range map[string]Verdict{
		"version: 1\n": Pass, "version: 1\nacceptances: on\n": Pass, "version: 1\nacceptances: off\n": Block,
		"version: 1\npreset: strict\n": Block, "version: 1\npreset: strict\nacceptances: on\n": Pass,
	} {
		p, err := Parse("p.yml", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		j := Judge(p.Hear(say("/lockkeeper accept npm:left-pad@1.3.0 x")), now, []Case{{pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{scripted}}}, nil, nil)
		if j.Verdict != want || want == Block && (len(j.Exceptions) > 0 || j.Cases[0].Command != "") {
			t.Errorf("%q: %s, %+v", file, j.Verdict, j.Exceptions)
		}
	}
}

// No word excuses a finding about the repository, nor a gap.
func TestAWordIsAboutAPackage(t *testing.T) {
	words := say("/lockkeeper accept npm:left-pad@1.3.0 x")
	if j := Judge(recommended(t).Hear(words), now, nil, []signal.Finding{scripted}, nil); j.Verdict != Block {
		t.Errorf("of the repository: %s", j.Verdict)
	}
	d := pinned(ourHash, fromRegistry(ourHash))
	d.Gaps = append(d.Gaps, gapOf("times"))
	if j := Judge(recommended(t).Hear(words), now, []Case{{d, []signal.Finding{scripted}}}, nil, nil); j.Verdict != Unjudged {
		t.Errorf("with a gap: %s", j.Verdict)
	}
}

// Whatever a comment says, reading it neither panics nor accepts more than one
// exact version.
func FuzzWord(f *testing.F) {
	f.Add("/lockkeeper accept npm:left-pad@1.3.0 " + ourHash + " read it")
	f.Add("/lockkeeper hold-off golang:example.com/m@v1.2.3 urgent")
	f.Add("/lockkeeper accept npm:@a/b@* x")
	f.Fuzz(func(t *testing.T, text string) {
		a, said := read(Word{Author: "a", Text: text})
		if said && a.refused == "" && (a.Version == "" || a.Name == "" || a.Reason == "" || strings.ContainsAny(a.Name+a.Version, "*^ \n`<")) {
			t.Errorf("%q is followed as %+v", text, a)
		}
	})
}
