package github

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
)

// Bounds of one question.
const (
	maxSubjects = 1_000   // names, by the API's own rule
	maxQuestion = 6 << 10 // bytes that they take in an address; servers refuse 8 KiB
)

// ecosystems are the package URL types that are asked after, as GitHub writes
// them, and what a name and a version there may be. Another name is in no
// advisory, and one such name could have the API refuse the question for all
// the rest.
var ecosystems = map[string]struct {
	github        string
	name, version *regexp.Regexp
}{
	"npm": {
		github:  "npm",
		name:    regexp.MustCompile(`^(@[A-Za-z0-9._~!'()*-]+/)?[A-Za-z0-9._~!'()*-]+$`),
		version: regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`),
	},
}

const maxName = 214 // bytes of a name, as npm has it, or of a version

// question asks for the advisories of one kind that affect one of the subjects:
// "name" or "name@version".
type question struct {
	kind      string // of advisory: "malware" or "reviewed"
	ecosystem string // the package URL type
	subjects  []string
}

// compose puts queries into as few questions as their bounds allow. The same
// queries in any order are the same questions. Malware is asked after by name
// alone: a record that names other versions of a package is what tells a
// hijacked one from one that was malware from the start, and few packages have
// any.
func compose(queries []advisory.Query) []question {
	var all []question
	for _, ecosystem := range ecosystemsOf(queries) {
		var names, versions []string
		for _, q := range queries {
			row := ecosystems[ecosystem]
			if q.Ecosystem != ecosystem || len(q.Name) > maxName || !row.name.MatchString(q.Name) {
				continue
			}
			names = append(names, q.Name)
			versions = append(versions, subject(q))
		}
		all = append(all, split("malware", ecosystem, names)...)
		all = append(all, split("reviewed", ecosystem, versions)...)
	}
	return all
}

func ecosystemsOf(queries []advisory.Query) []string {
	var found []string
	for _, q := range queries {
		if _, ok := ecosystems[q.Ecosystem]; ok && !slices.Contains(found, q.Ecosystem) {
			found = append(found, q.Ecosystem)
		}
	}
	slices.Sort(found)
	return found
}

// subject names a query's version, or only its package where the version would
// not be understood. Build metadata decides nothing.
func subject(q advisory.Query) string {
	v, _, _ := strings.Cut(q.Version, "+")
	if len(v) > maxName || !ecosystems[q.Ecosystem].version.MatchString(v) {
		return q.Name
	}
	return q.Name + "@" + v
}

// split makes questions of the subjects, in order and each once.
func split(kind, ecosystem string, subjects []string) []question {
	slices.Sort(subjects)
	subjects = slices.Compact(subjects)
	var all []question
	for len(subjects) > 0 {
		n, bytes := 0, 0
		for n < min(len(subjects), maxSubjects) {
			bytes += len(url.QueryEscape(subjects[n] + ","))
			if n > 0 && bytes > maxQuestion {
				break
			}
			n++
		}
		all = append(all, question{kind, ecosystem, subjects[:n:n]})
		subjects = subjects[n:]
	}
	return all
}

// halves are two questions that together ask the same.
func (q question) halves() [2]question {
	middle := len(q.subjects) / 2
	return [2]question{
		{q.kind, q.ecosystem, q.subjects[:middle:middle]},
		{q.kind, q.ecosystem, q.subjects[middle:]},
	}
}

// names are the packages that are asked after, in lower case: GitHub looks them
// up without regard to it.
func (q question) names() map[string]bool {
	names := make(map[string]bool, len(q.subjects))
	for _, s := range q.subjects {
		if at := strings.LastIndexByte(s, '@'); at > 0 {
			s = s[:at]
		}
		names[strings.ToLower(s)] = true
	}
	return names
}
