package action

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
)

// FailOn is the verdict from which the step fails.
type FailOn string

// Block includes hold.
const (
	FailOnBlock FailOn = "block"
	FailOnWarn  FailOn = "warn"
	FailNever   FailOn = "never"
)

// Mode is what the step does.
type Mode string

// Auto leaves it to the event.
const (
	Auto    Mode = "auto"
	Check   Mode = "check"
	Scan    Mode = "scan"
	Recheck Mode = "recheck"
)

// When says when to comment on a pull request.
type When string

// Auto comments where there is something to say.
const (
	CommentAuto   When = "auto"
	CommentAlways When = "always"
	CommentNever  When = "never"
)

// Inputs are the inputs of action.yml.
type Inputs struct {
	Policy      string // "" for the base's own
	Preset      string // "" for the policy's own
	Cooldown    string // "" for the policy's own
	FailOn      FailOn
	Token       string
	Mode        Mode
	Base        string // "" for the event's
	Head        string // "" for the event's
	Comment     When
	Annotations bool
	SARIF       string // "" writes none
	SARIFUpload bool
	Report      string // "" writes none
	HTML        string // "" writes none
	CacheDir    string // "" keeps nothing between runs
	Offline     bool
}

// inputs are the names of action.yml, in its order, and how each is read. An
// empty value, which is what the runner gives for an input that is not set, is
// the default. What a preset and a cooldown may be is for the policy to say.
var inputs = []struct {
	name string
	read func(in *Inputs, value string) error
}{
	{"policy", func(in *Inputs, v string) error { return local(&in.Policy, v) }},
	{"preset", func(in *Inputs, v string) error { in.Preset = v; return nil }},
	{"fail-on", func(in *Inputs, v string) error { return oneOf(&in.FailOn, v, FailOnBlock, FailOnWarn, FailNever) }},
	{"cooldown", func(in *Inputs, v string) error { in.Cooldown = v; return nil }},
	{"token", func(in *Inputs, v string) error { in.Token = v; return nil }},
	{"mode", func(in *Inputs, v string) error { return oneOf(&in.Mode, v, Auto, Check, Scan, Recheck) }},
	{"base", func(in *Inputs, v string) error { return revision(&in.Base, v) }},
	{"head", func(in *Inputs, v string) error { return revision(&in.Head, v) }},
	{"comment", func(in *Inputs, v string) error {
		return oneOf(&in.Comment, v, CommentAuto, CommentAlways, CommentNever)
	}},
	{"annotations", func(in *Inputs, v string) error { return toggle(&in.Annotations, v, true) }},
	{"sarif", func(in *Inputs, v string) error { return local(&in.SARIF, v) }},
	{"sarif-upload", func(in *Inputs, v string) error { return toggle(&in.SARIFUpload, v, false) }},
	{"report", func(in *Inputs, v string) error { return local(&in.Report, v) }},
	{"html", func(in *Inputs, v string) error { return local(&in.HTML, v) }},
	{"cache-dir", func(in *Inputs, v string) error { in.CacheDir = v; return nil }},
	{"offline", func(in *Inputs, v string) error { return toggle(&in.Offline, v, false) }},
}

// Inputs reads the step's inputs and masks the token. The error names every
// input that is wrong.
func (r *Runner) Inputs() (Inputs, error) {
	var in Inputs
	var wrong []error
	for _, input := range inputs {
		if err := input.read(&in, r.commands.GetInput(input.name)); err != nil {
			wrong = append(wrong, fmt.Errorf("input %s: %w", input.name, err))
		}
	}
	return in, errors.Join(append(wrong, r.Mask(in.Token))...)
}

// oneOf sets an enumeration; the first of the allowed values is the default.
func oneOf[T ~string](to *T, value string, allowed ...T) error {
	*to = allowed[0]
	if value == "" {
		return nil
	}
	var names []string
	for _, a := range allowed {
		if value == string(a) {
			*to = a
			return nil
		}
		names = append(names, string(a))
	}
	return fmt.Errorf("%.80q is not one of %s", value, strings.Join(names, ", "))
}

func toggle(to *bool, value string, otherwise bool) error {
	switch value {
	case "":
		*to = otherwise
	case "true", "false":
		*to = value == "true"
	default:
		return fmt.Errorf("%.80q is not one of true, false", value)
	}
	return nil
}

// revision takes what names a commit. git allows no control character and no
// space in a reference, and neither may reach a message.
//
// https://git-scm.com/docs/git-check-ref-format
func revision(to *string, value string) error {
	if len(value) > 255 || strings.ContainsFunc(value, func(c rune) bool { return !unicode.IsGraphic(c) || unicode.IsSpace(c) }) {
		return fmt.Errorf("%.80q is not a git revision", value)
	}
	*to = value
	return nil
}

// local takes a path inside the repository, with slashes.
func local(to *string, value string) error {
	if value == "" {
		return nil
	}
	clean := filepath.ToSlash(filepath.Clean(value))
	if !filepath.IsLocal(value) || clean == "." || strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("%.80q is not a path inside the repository; write it relative to the workspace", value)
	}
	*to = clean
	return nil
}
