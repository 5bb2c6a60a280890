package report

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
)

// maxDocument is the size in bytes up to which a saved report is read.
const maxDocument = 256 << 20

// ErrNotReport is wrapped by the error for a document that is JSON, but no
// report of this version.
var ErrNotReport = errors.New("not a " + Schema + " document")

// Read reads a saved report. It may come from anywhere: every renderer is safe
// for every document that Read accepts. Members that this version does not
// know are passed over; duplicate members, bytes that are not UTF-8, unknown
// verdicts and documents above 256 MiB are errors.
func Read(r io.Reader) (*Report, error) { return read(r, maxDocument) }

func read(r io.Reader, most int64) (*Report, error) {
	limited := &io.LimitedReader{R: r, N: most + 1}
	var doc Report
	err := json.UnmarshalRead(limited, &doc)
	if limited.N <= 0 {
		return nil, fmt.Errorf("report: reading: larger than %d MiB", most>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("report: reading: %w", err)
	}
	if err := doc.check(); err != nil {
		return nil, fmt.Errorf("report: reading: %w", err)
	}
	return &doc, nil
}

func (r *Report) check() error {
	if r.Schema != Schema {
		return fmt.Errorf("schema %.80q: %w", r.Schema, ErrNotReport)
	}
	if !known(r.Verdict) {
		return fmt.Errorf("verdict %.80q: %w", r.Verdict, ErrNotReport)
	}
	for i := range r.Changes {
		if c := &r.Changes[i]; !known(c.Verdict) {
			return fmt.Errorf("changes[%d]: verdict %.80q: %w", i, c.Verdict, ErrNotReport)
		}
	}
	return nil
}

func known(verdict string) bool {
	return slices.ContainsFunc(verdicts, func(v ruling) bool { return v.id == verdict })
}
