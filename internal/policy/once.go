package policy

import (
	"cmp"
	"slices"
)

// echo is a fact that several signals may tell, so that it has points once.
type echo struct {
	fact    string // a noun phrase
	signals []string
	only    map[string]condition // by signal; nothing if each of its findings tells it
	why     string
}

// condition is a piece of evidence that a finding has if it tells a fact.
type condition struct{ evidence, words string }

// echoes lists what several signals tell. What always blocks stands in it only
// where it may have points instead.
var echoes = []echo{
	{
		fact:    "one script",
		signals: []string{"install-script-gained", "install-script-changed", "install-script-new", "behaviour-chain", "runtime-download"},
		only: map[string]condition{
			"behaviour-chain":  {"installer", "of an installer in a package that is new here and older than 30 days"},
			"runtime-download": {"installer", "of an installer in a package that is new here and older than 30 days"},
		},
		why: "That a script is there, that it is new, and what it runs is one script of one release. That a package has an installer and that it downloads is no news of one that was there for long.",
	},
	{
		fact:    "one version taken back",
		signals: []string{"known-malware", "unlisted-version", "security-placeholder", "deprecated"},
		only:    map[string]condition{"deprecated": {"speaks_of", "if the notice speaks of security"}},
		why:     "What proves bad is deprecated with a warning, pulled, replaced by a placeholder, and written up in an advisory.",
	},
	{
		fact:    "one vulnerability",
		signals: []string{"known-vulnerability", "deprecated"},
		only:    map[string]condition{"deprecated": {"speaks_of", "if the notice speaks of security"}},
		why:     "A project deprecates the versions that its advisory names; the notice is the advisory in short.",
	},
	{
		fact:    "one release from outside the pipeline",
		signals: []string{"provenance-lost", "source-link-lost", "publisher-changed"},
		only:    map[string]condition{"publisher-changed": {"pipeline_before", "after a trusted publisher"}},
		why:     "Who publishes from a machine of their own leaves out the provenance, the commit and the pipeline's account all at once.",
	},
	{
		fact:    "one silence",
		signals: []string{"dormant-revival", "old-line-revived", "publisher-changed"},
		only:    map[string]condition{"publisher-changed": {"silence", "after a silence"}},
		why:     "The package's silence is its lines' as well, and a new account after it has points for it already.",
	},
	{
		fact:    "one release beside another line's",
		signals: []string{"old-line-revived", "release-burst"},
		why:     "What is carried to an ended line is published within the hour of the release that it comes from.",
	},
	{
		fact:    "one dependency",
		signals: []string{"young-dependency", "dependency-added"},
		why:     "A package that is days old is new to the tree as well.",
	},
	{
		fact:    "one deed of added code",
		signals: []string{"behaviour-chain", "runtime-download", "new-host", "new-capability"},
		why:     "What is new about a chain are its links: the address, the download, the first connection.",
	},
	{
		fact:    "one piece of code that nobody may read",
		signals: []string{"obfuscation-added", "unreadable-code", "hidden-text"},
		why:     "What is packed or hidden is often what no parser reads.",
	},
	{
		fact:    "one archive that is two things",
		signals: []string{"manifest-confusion", "archive-fault"},
		why:     "A manifest with a name twice is a fault of the archive, and differs from the registry's in what stands there twice.",
	},
}

// told gives the facts that a finding shares with others, as a set of bits.
func told(f *Weighed) (set uint) {
	for i, s := range echoes {
		only, narrowed := s.only[f.Signal]
		if slices.Contains(s.signals, f.Signal) && (!narrowed || has(f, only.evidence)) {
			set |= 1 << i
		}
	}
	return set
}

func has(f *Weighed, evidence string) bool {
	for _, fact := range f.Facts {
		if fact.Name == evidence {
			return true
		}
	}
	return false
}

// rival is a finding that wants to be counted.
type rival struct {
	index  int
	points int
	signal string
	told   uint
}

// repeats reports whether two findings must not both count: a signal counts
// once, and so does a fact.
func (r rival) repeats(other rival) bool {
	return r.signal == other.signal || r.told&other.told != 0
}

// countOnce takes the points from findings whose fact another one counts. Those
// that count are the ones with the most points in all, no two of which tell the
// same: so that neither an added finding lowers a score nor an exception raises
// it.
func countOnce(findings []Weighed) {
	all := rivals(findings)
	var kept []rival // of those that tell the same the first, so that there are few
	for _, r := range all {
		equal := func(k rival) bool { return k.signal == r.signal && k.told == r.told }
		if !slices.ContainsFunc(kept, equal) {
			kept = append(kept, r)
		}
	}
	counted, _ := most(kept)
	for _, r := range all {
		by := slices.IndexFunc(counted, r.repeats)
		if by >= 0 && counted[by].index != r.index {
			findings[r.index].Points, findings[r.index].Echo = 0, counted[by].signal
		}
	}
}

// rivals gives the findings with points, those with the most first.
func rivals(findings []Weighed) []rival {
	var all []rival
	for i := range findings {
		if f := &findings[i]; f.Points > 0 {
			all = append(all, rival{i, f.Points, f.Signal, told(f)})
		}
	}
	slices.SortStableFunc(all, func(a, b rival) int {
		return cmp.Or(cmp.Compare(b.points, a.points), worstFirst(findings[a.index], findings[b.index]))
	})
	return all
}

// most chooses, in their order, the findings with the most points that don't
// repeat each other; of equal choices the one with the first of them. It goes
// as deep as there are signals, and branches only where two repeat each other.
func most(all []rival) (chosen []rival, points int) {
	if len(all) == 0 {
		return nil, 0
	}
	first, rest := all[0], all[1:]
	others := slices.DeleteFunc(slices.Clone(rest), first.repeats)
	chosen, points = most(others)
	points += first.points
	if len(others) < len(rest) {
		if without, more := most(rest); more > points {
			return without, more
		}
	}
	return append([]rival{first}, chosen...), points
}
