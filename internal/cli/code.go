package cli

import (
	"errors"
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/gate"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// usageError is a wrong use of the program.
type usageError struct {
	message string
	hint    string
	err     error // the cause, if there is one
}

func (e *usageError) Error() string { return e.message }
func (e *usageError) Hint() string  { return e.hint }
func (e *usageError) Unwrap() error { return e.err }

func usagef(hint, format string, args ...any) error {
	return &usageError{message: fmt.Sprintf(format, args...), hint: hint}
}

// hintedError is any other error that something can be done about.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Hint() string  { return e.hint }
func (e *hintedError) Unwrap() error { return e.error }

// hintOf finds the hint of an error that has one.
func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// codeOf gives the exit code of an error: the user's to mend, or ours to say
// that nothing could be judged.
func codeOf(err error) int {
	var usage *usageError
	var broken *policy.Broken
	var misuse *gate.Misuse
	if errors.As(err, &usage) || errors.As(err, &broken) || errors.As(err, &misuse) {
		return codeUsage
	}
	return codeUnjudged
}

// codeOfReport gives the exit code of a verdict.
func codeOfReport(r *report.Report) int {
	if r.Policy.Preset == "audit" {
		return codePass
	}
	switch policy.Verdict(r.Verdict) {
	case policy.Block, policy.Hold:
		return codeBlocked
	case policy.Unjudged:
		return codeUnjudged
	}
	return codePass
}
