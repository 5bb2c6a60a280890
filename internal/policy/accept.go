package policy

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

// acceptance is what a word asks for, and what became of it in one judgement.
// Its signals are those that it excused.
type acceptance struct {
	Exception
	verb    string
	given   string // the package as it was written
	pin     string // the content hash or the commit that it is bound to; "" for none
	refused string // why it isn't followed; "" if it may be

	met     bool     // the change has that version
	unbound string   // why it holds for another content than the head's
	beyond  []string // signals that no acceptance excuses
}

// The signals that decide what a word excuses.
const (
	knownMalware = "known-malware"
	youngRelease = "young-release"
)

// acceptable reports whether a person's word may excuse a finding: it is a
// judgement of a release, not evidence that the lockfile or the release is
// forged, nor that it is known to be malware.
func acceptable(f signal.Finding) bool {
	row, known := signal.Lookup(f.Signal)
	return known && !f.Always && f.Signal != knownMalware && row.Family != signal.Tampering
}

// meet tells the acceptances that the change has a version.
func (e *excuses) meet(d *evidence.Dossier) {
	for i := range e.words {
		if a := &e.words[i]; a.names(d) {
			a.met = true
			a.unbound = d.Unbound(a.pin)
		}
	}
}

func (a *acceptance) names(d *evidence.Dossier) bool {
	return a.refused == "" && a.Ecosystem == d.Change.Ecosystem && a.Name == d.Change.Name && a.Version == d.Change.To
}

// excuses reports whether the word holds for a finding of a package, and takes
// it as used.
func (a *acceptance) excuses(f signal.Finding, d *evidence.Dossier) bool {
	if !a.names(d) || d.Unbound(a.pin) != "" || a.verb == holdOffVerb && f.Signal != youngRelease {
		return false
	}
	if !acceptable(f) {
		a.beyond = appendNew(a.beyond, f.Signal)
		return false
	}
	a.Signals = appendNew(a.Signals, f.Signal)
	return true
}

func appendNew(list []string, item string) []string {
	if i, found := slices.BinarySearch(list, item); !found {
		return slices.Insert(list, i, item)
	}
	return list
}

// use says what became of the word.
func (a *acceptance) use() Use {
	x := a.Exception
	x.Given = a.given
	use := Use{Exception: x, State: Unused}
	switch {
	case a.refused != "":
		use.State, use.Why = Refused, a.refused
	case len(a.Signals) > 0:
		use.State = Accepted
	case !a.met:
		use.Why = "the change brings no such version"
	case a.unbound != "":
		use.Why = "the version " + a.unbound
	case len(a.beyond) > 0:
		use.State, use.Why = Refused, strings.Join(a.beyond, ", ")+" can't be accepted"
	default:
		use.Why = "nothing was found that it would excuse"
	}
	return use
}

// invitation gives the command, but for its reason, with which a person could
// let a case pass; "" if none could, or nobody is heard. Each is tried before it
// is shown, so that it does what it says.
func (j *judge) invitation(c Case, v Verdict) string {
	verb, ok := map[Verdict]string{Block: acceptVerb, Hold: holdOffVerb}[v]
	if !ok || !j.policy.heard {
		return ""
	}
	pins := append(c.Dossier.Pins(), "")
	if verb == holdOffVerb {
		slices.Reverse(pins) // time is short, and what was found is only its age
	}
	change := c.Dossier.Change
	for _, pin := range pins {
		line := strings.TrimSpace(CommandPrefix + verb + " " + change.Ecosystem + ":" + change.Name + "@" + change.To + " " + pin)
		a, said := read(Word{Text: line + " reason"})
		if !said || a.refused != "" || !a.names(c.Dossier) || a.pin != pin {
			continue
		}
		trial := judge{policy: j.policy, now: j.now, excuses: newExcuses(j.policy.Exceptions, append(slices.Clip(j.policy.words), a), j.now)}
		if then := trial.weighed(c).Verdict; then != Block && then != Hold {
			return line
		}
	}
	return ""
}
