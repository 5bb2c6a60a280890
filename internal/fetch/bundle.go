package fetch

import (
	"strings"
	"time"
)

// A bundle is a zip file of an index and the bodies that it names:
//
//	index.json         what was asked and how it was answered
//	answers/<sha256>   a body, under the digest of its bytes
//
// It holds no token, no cookie, no header and no address that was redirected
// to. It is written in one order and without the time of its files, so that
// the same answers give the same bytes.
const (
	bundleSchema = "lockkeeper.evidence/v1"
	indexName    = "index.json"
	answersDir   = "answers/"
)

// index is the bundle's table of contents, sorted by question.
type index struct {
	Schema     string    `json:"schema"`
	RecordedAt time.Time `json:"recorded_at"`
	Answers    []entry   `json:"answers"`
}

// entry is one question, and either the body that answered it or the failure.
type entry struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Accept string `json:"accept,omitzero"`
	Posted string `json:"body_sha256,omitzero"` // of the question's body

	Status  int    `json:"status,omitzero"`
	File    string `json:"file,omitzero"` // the digest that names the body
	Failure Reason `json:"failure,omitzero"`
	Detail  string `json:"detail,omitzero"`
}

func (e entry) question() question {
	return question{method: e.Method, url: e.URL, accept: e.Accept, body: e.Posted}
}

// compare orders entries by question.
func (e entry) compare(o entry) int {
	for _, pair := range [][2]string{{e.URL, o.URL}, {e.Method, o.Method}, {e.Accept, o.Accept}, {e.Posted, o.Posted}} {
		if c := strings.Compare(pair[0], pair[1]); c != 0 {
			return c
		}
	}
	return 0
}
