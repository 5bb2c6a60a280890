package report

import (
	"slices"
	"strings"
	"time"
)

// heldTitle begins the title of the annotation that says when a hold ends, so
// that a later run finds it without asking anybody to judge again.
const heldTitle = "Lockkeeper: held until "

// held remarks when the last hold of a run ends which nothing else speaks
// against.
func (a *annotator) held() {
	if a.r.Verdict != "hold" {
		return
	}
	var last time.Time
	for _, c := range withVerdict(a.r, "hold") {
		if c.HoldUntil != nil && c.HoldUntil.After(last) {
			last = *c.HoldUntil
		}
	}
	if !last.IsZero() {
		a.add(Annotation{Level: "notice", Title: heldTitle + last.UTC().Format(time.RFC3339)},
			"The check passes once it is run again after that. A workflow with mode: recheck does so by itself")
	}
}

// Told reports whether an annotation of a failed job has a title that the
// Action gives to what made it fail.
func Told(title string) bool {
	return title == ActionTitle || slices.ContainsFunc(ourTitles(), func(ours string) bool { return strings.HasPrefix(title, ours) })
}

// ActionTitle is that of what the Action says of itself, such as an error.
const ActionTitle = "Lockkeeper"

// unjudgedTitle begins the title of the annotation of a gap.
const unjudgedTitle = "Could not be judged: "

func ourTitles() []string {
	titles := []string{heldTitle, unjudgedTitle}
	for _, v := range verdicts {
		if v.id != "pass" {
			titles = append(titles, string(v.word)+": ")
		}
	}
	return titles
}

// HeldUntil reads the end of a hold from the title of an annotation.
func HeldUntil(title string) (time.Time, bool) {
	text, ok := strings.CutPrefix(title, heldTitle)
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t.UTC(), err == nil
}
