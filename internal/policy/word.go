package policy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// CommandPrefix begins a comment that is a command.
const CommandPrefix = "/lockkeeper "

// The commands of a comment.
const (
	acceptVerb  = "accept"
	holdOffVerb = "hold-off"
	recheckVerb = "recheck" // is for the event of the comment; a judgement passes it over
)

// Word is a command that somebody gave in a comment on the pull request.
type Word struct {
	Author string // the login
	Denied string // why the author's word doesn't count, as a clause; "" where it does
	Text   string // the comment's first line
	Link   string // the comment's page
}

// How much of what people say is followed, listed and kept. Whoever may not
// write can fill neither the room of those who may, nor a report.
const (
	maxWords  = 50
	maxDenied = 10
	maxReason = 500 // characters
)

// Hear gives the policy with what people said on the pull request, in the order
// of the comments. Where the policy has acceptances off, it is the policy as it
// was.
func (p *Policy) Hear(words []Word) *Policy {
	if !p.Acceptances {
		return p
	}
	heard := *p
	heard.heard, heard.words = true, nil
	counted, denied := 0, 0
	for _, w := range words {
		a, said := read(w)
		room, most := &counted, maxWords
		if w.Denied != "" {
			room, most = &denied, maxDenied
		}
		if !said || *room > most {
			continue
		}
		if *room++; *room > most {
			a = acceptance{refused: "there are more such commands than are listed; delete some"}
			a.By, a.Link = w.Author, w.Link
		}
		heard.words = append(heard.words, a)
	}
	return &heard
}

// read gives what a word asks for; false for what asks for nothing that a
// judgement could give.
func read(w Word) (a acceptance, said bool) {
	text, ok := strings.CutPrefix(w.Text, CommandPrefix)
	verb, text := cutWord(text)
	if !ok || verb == recheckVerb || verb != acceptVerb && verb != holdOffVerb && w.Denied != "" {
		return a, false
	}
	a.verb = verb
	a.By, a.Link = w.Author, w.Link
	a.given, text = cutWord(text)
	a.given = shortened(a.given)
	if first, rest := cutWord(text); evidence.IsPin(first) || hashLike.MatchString(first) {
		a.pin, text = first, rest
	}
	a.Reason = shortened(strings.TrimSpace(text))
	a.Ecosystem, a.Name, a.Version = splitPackage(a.given)
	a.refused = a.fault(w.Denied)
	return a, true
}

// fault says why a command can't be followed, whatever the pull request changes.
func (a *acceptance) fault(denied string) string {
	switch {
	case denied != "":
		return denied
	case a.verb != acceptVerb && a.verb != holdOffVerb:
		return "there is no such command; write accept, hold-off or recheck"
	case len(a.Ecosystem)+len(a.Name)+len(a.Version) > maxNamed,
		!packageName.MatchString(a.Ecosystem + ":" + a.Name), !exactVersion.MatchString(a.Version), wildcard.MatchString(a.Version):
		return "it names no package with one exact version; write ecosystem:name@version"
	case a.pin != "" && !evidence.IsPin(a.pin):
		return "its hash is none of sha256, sha384 or sha512"
	case a.Reason == placeholder, !strings.ContainsFunc(a.Reason, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }):
		return "it gives no reason"
	}
	return ""
}

// placeholder stands for the reason in the command that is offered to copy.
const placeholder = "REASON"

// What a command may name, of at most maxNamed bytes. Characters beyond ASCII are
// left out because a look-alike of them would read the same to whoever follows
// the command later.
var (
	packageName  = regexp.MustCompile(`^[a-z]+:[A-Za-z0-9@/._:+~-]+$`)
	exactVersion = regexp.MustCompile(`^v?[0-9][0-9A-Za-z.+_!-]*$`)
	wildcard     = regexp.MustCompile(`^[^+-]*\.[xX](?:[.+-]|$)`) // 1.x
	hashLike     = regexp.MustCompile(`^(?i:sha|md5-)[0-9]*-`)
)

const maxNamed = 400

// cutWord splits at blanks only: other spaces don't look like what they do.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, " \t")
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

func shortened(text string) string {
	if utf8.RuneCountInString(text) <= maxReason {
		return text
	}
	return string([]rune(text)[:maxReason]) + "…"
}
