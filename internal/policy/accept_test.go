package policy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

var (
	ourHash   = "sha512-" + strings.Repeat("A", 86) + "=="
	otherHash = "sha512-" + strings.Repeat("B", 86) + "=="
	commit    = strings.Repeat("c", 40)
)

// pinned is left-pad 1.3.0 as the head's lockfiles pin it, one place each; the
// registry has one hash of it, or none.
func pinned(theirs string, places ...lockfile.Entry) *evidence.Dossier {
	d := dossier()
	if theirs != "" {
		d.Release.Integrity = []string{theirs}
	}
	for i := range places {
		d.Change.Head = append(d.Change.Head, change.Place{Lockfile: fmt.Sprint(i), Entry: &places[i]})
	}
	return d
}

func fromRegistry(hashes ...string) lockfile.Entry {
	return lockfile.Entry{Source: lockfile.Registry, Integrity: hashes}
}

func fromGit(at string) lockfile.Entry {
	return lockfile.Entry{Source: lockfile.Git, Resolved: "git+https://git.example/left-pad.git#" + at}
}

func say(text string) []Word {
	return []Word{{Author: "alice", Text: text, Link: "https://github.example/7"}}
}

var (
	scripted = points(gained, 80)
	young    = signal.Finding{Signal: "young-release", Hold: now.Add(time.Hour)}
	malware  = signal.Finding{Signal: "known-malware", Points: 100, Always: true}
	milder   = signal.Finding{Signal: "known-malware", Points: 60}
	locked   = signal.Finding{Signal: "relocked", Points: 100, Always: true}
	outside  = points("off-registry-source", 60)
	always   = signal.Finding{Signal: gained, Points: 1, Always: true}
)

func TestAPersonsWord(t *testing.T) {
	registryOnly := pinned(ourHash, fromRegistry(ourHash))
	const accept = "/lockkeeper accept npm:left-pad@1.3.0 "
	for _, c := range []struct {
		name     string
		d        *evidence.Dossier
		findings []signal.Finding
		text     string
		want     Verdict
		state    string // "" for a command that isn't listed
		why      string
	}{
		{"everything of a version", registryOnly, []signal.Finding{scripted, young}, accept + "read it", Pass, Accepted, ""},
		{"bound to its hash", registryOnly, []signal.Finding{scripted}, accept + ourHash + " read it", Pass, Accepted, ""},
		{"a yarn berry lockfile beside it", pinned(ourHash, fromRegistry(ourHash), lockfile.Entry{Source: lockfile.Registry, Checksum: "10c0/" + commit}), []signal.Finding{scripted}, accept + ourHash + " read it", Pass, Accepted, ""},
		{"tabs", registryOnly, []signal.Finding{scripted}, "/lockkeeper \taccept\tnpm:left-pad@1.3.0\tread it", Pass, Accepted, ""},
		{"only the cooldown", registryOnly, []signal.Finding{young}, "/lockkeeper hold-off npm:left-pad@1.3.0 urgent", Pass, Accepted, ""},
		{"the cooldown and no more", registryOnly, []signal.Finding{scripted, young}, "/lockkeeper hold-off npm:left-pad@1.3.0 urgent", Block, Accepted, ""},
		{"another hash", registryOnly, []signal.Finding{scripted}, accept + otherHash + " read it", Block, Unused, "another hash"},
		{"one lockfile has another hash", pinned(ourHash, fromRegistry(ourHash), fromRegistry(otherHash)), []signal.Finding{scripted}, accept + ourHash + " x", Block, Unused, "another hash"},
		{"no registry has its hash", pinned("", fromRegistry(ourHash)), []signal.Finding{scripted}, accept + "read it", Block, Unused, "hash must be given"},
		{"no registry has it and the hash is given", pinned("", fromRegistry(ourHash)), []signal.Finding{scripted}, accept + ourHash + " read it", Pass, Accepted, ""},
		{"nothing pins it", pinned("", fromRegistry()), []signal.Finding{scripted}, accept + ourHash + " x", Block, Unused, "hash must be given"},
		{"the lockfile has none", pinned(ourHash, fromRegistry()), []signal.Finding{scripted}, accept + ourHash + " x", Block, Unused, "no such hash"},
		{"git", pinned(ourHash, fromGit(commit)), []signal.Finding{scripted}, accept + "read it", Block, Unused, "outside a registry"},
		{"git at its commit", pinned("", fromGit(commit)), []signal.Finding{scripted}, accept + commit + " read it", Pass, Accepted, ""},
		{"git at another commit", pinned("", fromGit(strings.Repeat("d", 40))), []signal.Finding{scripted}, accept + commit + " x", Block, Unused, "another hash or commit"},
		{"git at a branch", pinned("", fromGit("main")), []signal.Finding{scripted}, accept + commit + " x", Block, Unused, "another hash or commit"},
		{"git in one lockfile, and the registry in another", pinned(ourHash, fromRegistry(ourHash), fromGit(commit)), []signal.Finding{scripted}, accept + ourHash + " x", Block, Unused, "outside a registry"},
		{"an archive's address", pinned("", lockfile.Entry{Source: lockfile.URL, Integrity: []string{ourHash}}), []signal.Finding{scripted}, accept + ourHash + " x", Pass, Accepted, ""},
		{"a file", pinned("", lockfile.Entry{Source: lockfile.File}), []signal.Finding{scripted}, accept + ourHash + " x", Block, Unused, "outside a registry"},

		{"malware", registryOnly, []signal.Finding{malware}, accept + "x", Block, Refused, "known-malware can't be accepted"},
		{"doubted malware", registryOnly, []signal.Finding{milder}, accept + "x", Block, Refused, "known-malware can't be accepted"},
		{"other content", registryOnly, []signal.Finding{locked}, accept + "x", Block, Refused, "relocked can't be accepted"},
		{"tampering with points", registryOnly, []signal.Finding{outside}, accept + "x", Block, Refused, "off-registry-source can't be accepted"},
		{"what always blocks", registryOnly, []signal.Finding{always}, accept + "x", Block, Refused, "can't be accepted"},
		{"tampering beside the rest", registryOnly, []signal.Finding{scripted, outside}, accept + "x", Block, Accepted, ""},
		{"an unknown signal", registryOnly, []signal.Finding{points("made-up", 60)}, accept + "x", Block, Refused, "can't be accepted"},

		{"another version", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@1.3.1 x", Block, Unused, "brings no such version"},
		{"another package", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad2@1.3.0 x", Block, Unused, "brings no such version"},
		{"another ecosystem", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept jsr:left-pad@1.3.0 x", Block, Unused, "brings no such version"},
		{"nothing found", registryOnly, nil, accept + "x", Pass, Unused, "nothing was found"},
		{"no version", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad x", Block, Refused, "one exact version"},
		{"every version", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@* x", Block, Refused, "one exact version"},
		{"a range", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@1.x x", Block, Refused, "one exact version"},
		{"a caret", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@^1.3.0 x", Block, Refused, "one exact version"},
		{"a tag", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@latest x", Block, Refused, "one exact version"},
		{"every package", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:*@1.3.0 x", Block, Refused, "one exact version"},
		{"no ecosystem", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept left-pad@1.3.0 x", Block, Refused, "one exact version"},
		{"nothing", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept ", Block, Refused, "one exact version"},
		{"no reason", registryOnly, []signal.Finding{scripted}, accept, Block, Refused, "no reason"},
		{"a reason of blanks", registryOnly, []signal.Finding{scripted}, accept + " \u200b \u00a0", Block, Refused, "no reason"},
		{"the reason of the example", registryOnly, []signal.Finding{scripted}, accept + "REASON", Block, Refused, "no reason"},
		{"a hash and no reason", registryOnly, []signal.Finding{scripted}, accept + ourHash, Block, Refused, "no reason"},
		{"a weak hash", registryOnly, []signal.Finding{scripted}, accept + "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= x", Block, Refused, "sha256"},
		{"a hash in capitals", registryOnly, []signal.Finding{scripted}, accept + "SHA512-AAAA x", Block, Refused, "sha256"},
		{"half a hash", registryOnly, []signal.Finding{scripted}, accept + "sha512-*** x", Block, Refused, "sha256"},
		{"another command", registryOnly, []signal.Finding{scripted}, "/lockkeeper approve npm:left-pad@1.3.0 x", Block, Refused, "no such command"},
		{"a recheck", registryOnly, []signal.Finding{scripted}, "/lockkeeper recheck", Block, "", ""},

		{"a quoted command", registryOnly, []signal.Finding{scripted}, "> " + accept + "x", Block, "", ""},
		{"an indented command", registryOnly, []signal.Finding{scripted}, "    " + accept + "x", Block, "", ""},
		{"a block of code", registryOnly, []signal.Finding{scripted}, "```" + accept + "x", Block, "", ""},
		{"in mid-sentence", registryOnly, []signal.Finding{scripted}, "you could " + accept + "x", Block, "", ""},
		{"capitals", registryOnly, []signal.Finding{scripted}, "/Lockkeeper accept npm:left-pad@1.3.0 x", Block, "", ""},
		{"a look-alike command", registryOnly, []signal.Finding{scripted}, "/l\u043eckkeeper accept npm:left-pad@1.3.0 x", Block, "", ""},
		{"a look-alike slash", registryOnly, []signal.Finding{scripted}, "\u2215lockkeeper accept npm:left-pad@1.3.0 x", Block, "", ""},
		{"a look-alike verb", registryOnly, []signal.Finding{scripted}, "/lockkeeper \u0430ccept npm:left-pad@1.3.0 x", Block, Refused, "no such command"},
		{"a look-alike name", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-p\u0430d@1.3.0 x", Block, Refused, "one exact version"},
		{"an invisible character in the name", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad\u200b@1.3.0 x", Block, Refused, "one exact version"},
		{"another space", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept\u00a0npm:left-pad@1.3.0 x", Block, Refused, "no such command"},
		{"markup in the name", registryOnly, []signal.Finding{scripted}, "/lockkeeper accept npm:`<b>@1.3.0 x", Block, Refused, "one exact version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := recommended(t).Hear(say(c.text))
			cases := []Case{{c.d, c.findings}}
			j := Judge(p, now, cases, nil, nil)
			if j.Verdict != c.want {
				t.Errorf("verdict %s, want %s", j.Verdict, c.want)
			}
			if (len(j.Exceptions) == 1) != (c.state != "") {
				t.Fatalf("%d commands listed", len(j.Exceptions))
			}
			for _, use := range j.Exceptions {
				if use.State != c.state || !strings.Contains(use.Why, c.why) || (use.Why == "") != (c.state == Accepted) || use.Exception.By != "alice" {
					t.Errorf("became %+v, want %s (%s)", use, c.state, c.why)
				}
			}
			if again := Judge(p, now, cases, nil, nil); fmt.Sprint(again.Exceptions) != fmt.Sprint(j.Exceptions) {
				t.Errorf("a second judgement says %v, not %v", again.Exceptions, j.Exceptions)
			}
		})
	}
}

// What is offered to copy lets the package pass once it has a reason, and where
// nothing could, nothing is offered.
func TestTheCommandThatIsOffered(t *testing.T) {
	for _, c := range []struct {
		name     string
		d        *evidence.Dossier
		findings []signal.Finding
		want     string
	}{
		{"blocked", pinned(ourHash, fromRegistry("sha1-AAAA", ourHash)), []signal.Finding{scripted, young}, "/lockkeeper accept npm:left-pad@1.3.0 " + ourHash},
		{"blocked without a hash", pinned(ourHash, fromRegistry()), []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@1.3.0"},
		{"held", pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{young}, "/lockkeeper hold-off npm:left-pad@1.3.0"},
		{"of two lockfiles", pinned(ourHash, fromRegistry(ourHash), fromRegistry("sha384-BBBB")), []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@1.3.0 " + ourHash},
		{"held, of a registry without hashes", pinned("", fromRegistry(ourHash)), []signal.Finding{young}, "/lockkeeper hold-off npm:left-pad@1.3.0 " + ourHash},
		{"git", pinned("", fromGit(commit)), []signal.Finding{scripted}, "/lockkeeper accept npm:left-pad@1.3.0 " + commit},
		{"git, held", pinned("", fromGit(commit)), []signal.Finding{young}, "/lockkeeper hold-off npm:left-pad@1.3.0 " + commit},
		{"git at a branch", pinned("", fromGit("main")), []signal.Finding{scripted}, ""},
		{"two contents", pinned("", fromRegistry(ourHash), fromRegistry(otherHash)), []signal.Finding{scripted}, ""},
		{"malware", pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{malware, scripted}, ""},
		{"tampering", pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{outside, scripted}, ""},
		{"tampering that only warns", pinned(ourHash, fromRegistry(ourHash)), []signal.Finding{points(missing, 40), scripted}, "/lockkeeper accept npm:left-pad@1.3.0 " + ourHash},
		{"passing", pinned(ourHash, fromRegistry(ourHash)), nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cases := []Case{{c.d, c.findings}}
			p := recommended(t)
			if got := Judge(p, now, cases, nil, nil).Cases[0].Command; got != "" {
				t.Errorf("%q is offered where nobody is heard", got)
			}
			got := Judge(p.Hear(nil), now, cases, nil, nil).Cases[0].Command
			if got != c.want {
				t.Fatalf("offers %q, want %q", got, c.want)
			}
			if got == "" {
				return
			}
			then := Judge(p.Hear(say(got+" read it")), now, cases, nil, nil)
			if then.Verdict == Block || then.Verdict == Hold || then.Exceptions[0].State != Accepted {
				t.Errorf("obeyed, it is still %s: %+v", then.Verdict, then.Exceptions)
			}
		})
	}
	odd := pinned(ourHash, fromRegistry(ourHash))
	odd.Change.Name = "a b`\n"
	if got := Judge(recommended(t).Hear(nil), now, []Case{{odd, []signal.Finding{scripted}}}, nil, nil).Cases[0].Command; got != "" {
		t.Errorf("offers %q", got)
	}
}
