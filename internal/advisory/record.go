package advisory

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ecosystems gives OSV's name of each package URL type whose versions can be
// compared. Records of others are passed over: without an order of versions
// their ranges would name nothing, and nothing would look like innocence.
var ecosystems = map[string]string{
	"npm": "npm",
}

// Covers reports whether there are advisories for an ecosystem at all.
func Covers(ecosystem string) bool {
	_, ok := ecosystems[ecosystem]
	return ok
}

// ecosystemOf is the other direction.
var ecosystemOf = func() map[string]string {
	m := make(map[string]string, len(ecosystems))
	for ours, osv := range ecosystems {
		m[osv] = ours
	}
	return m
}()

// Bounds of one record.
const (
	maxRecord   = 16 << 20 // bytes
	maxDepth    = 64       // objects and arrays inside one another
	maxEvents   = 10_000   // of all ranges
	maxVersions = 100_000  // listed
	maxAliases  = 1_000
	maxSummary  = 1 << 10 // bytes; the rest is dropped
)

// record is what is kept of a record.
type record struct {
	Advisory
	affected  []affected
	withdrawn bool
}

// affected is what a record says of one package.
type affected struct {
	ecosystem, name string
	versions        []string
	ranges          []extent
	hashes          []string // of its archives, as Subresource Integrity
}

// document is an OSV record as it is written
// (https://ossf.github.io/osv-schema/). What decides whether a version is named
// must have its type; of the rest, what has another is as if it were not there.
type document struct {
	ID        string             `json:"id"`
	Withdrawn string             `json:"withdrawn"`
	Aliases   []string           `json:"aliases"`
	Published loose[time.Time]   `json:"published"`
	Summary   loose[string]      `json:"summary"`
	Severity  loose[[]rating]    `json:"severity"`
	Specific  loose[specific]    `json:"database_specific"`
	Affected  []affectedDocument `json:"affected"`
}

type affectedDocument struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Versions []string `json:"versions"`
	Ranges   []struct {
		Type   string          `json:"type"`
		Events []eventDocument `json:"events"`
	} `json:"ranges"`
	Severity loose[[]rating] `json:"severity"`
	Specific loose[specific] `json:"database_specific"`
}

type rating struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

// specific is what the databases of GitHub and of OpenSSF's malicious packages
// add to a record or to one of its packages.
type specific struct {
	Severity loose[string]   `json:"severity"`
	CWEIDs   loose[[]string] `json:"cwe_ids"`
	CWEs     loose[[]struct {
		ID string `json:"cweId"`
	}] `json:"cwes"`
	Indicators loose[struct {
		Archives []struct {
			Hashes map[string]string `json:"hashes"`
		} `json:"package_integrity"`
	}] `json:"indicators"`
}

// loose is a value that is left zero where it has another type.
type loose[T any] struct{ value T }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (l *loose[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var v T
	if json.Unmarshal(raw, &v, lenient) == nil {
		l.value = v
	}
	return nil
}

// lenient takes text that was cut in the middle of a character.
var lenient = jsontext.AllowInvalidUTF8(true)

// page is where people read about a record of OSV's.
const page = "https://osv.dev/vulnerability/"

// parse reads an OSV record. It gives nil for one that names no package of a
// known ecosystem.
func parse(text []byte) (*record, error) {
	d, err := decode(text)
	if err != nil {
		return nil, err
	}
	return d.record()
}

// decode reads a record's document, whatever it is about.
func decode(text []byte) (*document, error) {
	if len(text) > maxRecord {
		return nil, fmt.Errorf("has more than %d bytes", maxRecord)
	}
	if depth(text) > maxDepth {
		return nil, fmt.Errorf("has more than %d levels of nesting", maxDepth)
	}
	var d document
	if err := json.Unmarshal(text, &d, lenient); err != nil {
		return nil, fmt.Errorf("is no OSV record: %w", plainly(err))
	}
	if !isID(d.ID) {
		return nil, fmt.Errorf("has no usable id: %.40q", d.ID)
	}
	return &d, nil
}

// plainly says where a document is not what it should be. The library's own
// words for that vary from run to run, and name types of Go.
func plainly(err error) error {
	var shape *json.SemanticError
	if errors.As(err, &shape) {
		return fmt.Errorf("byte %d, %q: %s is not what belongs there", shape.ByteOffset, clip(string(shape.JSONPointer)), cmp.Or(shape.JSONKind.String(), "that"))
	}
	return err
}

func clip(pointer string) string { return pointer[:min(len(pointer), 80)] }

func (d *document) record() (*record, error) {
	r := &record{affected: d.packages(), withdrawn: d.Withdrawn != ""}
	if len(r.affected) == 0 {
		return nil, nil
	}
	if err := r.check(d.Aliases); err != nil {
		return nil, fmt.Errorf("%s: %w", d.ID, err)
	}
	r.Advisory = Advisory{
		ID:        d.ID,
		URL:       page + url.PathEscape(d.ID),
		Aliases:   others(d.ID, d.Aliases),
		Summary:   cut(d.Summary.value, maxSummary),
		Malware:   d.malware(),
		Severity:  d.severity(),
		Published: d.Published.value.UTC(),
	}
	return r, nil
}

// isID reports whether an id can stand in a path. Its length is no part of the
// pattern: a counted repetition makes that slow to compile.
func isID(id string) bool { return len(id) <= 128 && idPattern.MatchString(id) }

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:+-]*$`)

// packages gives the packages of known ecosystems.
func (d *document) packages() []affected {
	var packages []affected
	for _, a := range d.Affected {
		ecosystem, ok := ecosystemOf[a.Package.Ecosystem]
		if !ok {
			continue
		}
		p := affected{ecosystem: ecosystem, name: a.Package.Name, versions: a.Versions}
		for _, r := range a.Ranges {
			if r.Type != "GIT" { // commits, not versions
				p.ranges = append(p.ranges, newSpan(ecosystem, r.Events))
			}
		}
		for _, archive := range a.Specific.value.Indicators.value.Archives {
			p.hashes = append(p.hashes, integrities(archive.Hashes)...)
		}
		packages = append(packages, p)
	}
	return packages
}

func (r *record) check(aliases []string) error {
	events, versions := 0, 0
	for _, a := range r.affected {
		if a.name == "" {
			return errors.New("affects a package without a name")
		}
		versions += len(a.versions)
		for _, e := range a.ranges {
			events += e.size()
		}
	}
	switch {
	case events > maxEvents:
		return fmt.Errorf("has more than %d events", maxEvents)
	case versions > maxVersions:
		return fmt.Errorf("lists more than %d versions", maxVersions)
	case len(aliases) > maxAliases:
		return fmt.Errorf("has more than %d aliases", maxAliases)
	}
	return nil
}

// malware reports whether the record is about a package that is malicious and
// not merely vulnerable. Old hijacks have no id of their own kind, only a
// weakness (CWE-506, embedded malicious code) or a title.
func (d *document) malware() bool {
	weaknesses := d.Specific.value.weaknesses()
	for _, a := range d.Affected {
		weaknesses = append(weaknesses, a.Specific.value.weaknesses()...)
	}
	return isMalware(append(d.Aliases, d.ID), weaknesses, d.Summary.value)
}

func isMalware(ids, weaknesses []string, summary string) bool {
	summary = strings.ToLower(summary)
	return slices.Contains(weaknesses, "CWE-506") ||
		slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "MAL-") }) ||
		slices.ContainsFunc(malwareTitles, func(title string) bool { return strings.HasPrefix(summary, title) })
}

var malwareTitles = []string{
	"malicious code in ", "malicious package in ", "malware in ", "embedded malware in ", "embedded malicious code in ",
	// Leitwacht's title of packages that only send home where they run;
	// OpenSSF lists the same ones as malicious.
	"security-research / proof-of-concept package",
}

func (s specific) weaknesses() []string {
	ids := slices.Clone(s.CWEIDs.value)
	for _, cwe := range s.CWEs.value {
		ids = append(ids, cwe.ID)
	}
	return ids
}

// severity gives GitHub's own rating, or else the worst that the scores give.
func (d *document) severity() Severity {
	if s, ok := ratings[strings.ToUpper(d.Specific.value.Severity.value)]; ok {
		return s
	}
	worst := Unrated
	for _, r := range d.Severity.value {
		worst = worse(worst, rate(r.Score))
	}
	for _, a := range d.Affected {
		for _, r := range a.Severity.value {
			worst = worse(worst, rate(r.Score))
		}
	}
	return worst
}

// ratings are GitHub's words.
var ratings = map[string]Severity{"LOW": Low, "MODERATE": Medium, "MEDIUM": Medium, "HIGH": High, "CRITICAL": Critical}

// others gives the aliases in order, each once and without id.
func others(id string, aliases []string) []string {
	var list []string
	for _, a := range aliases {
		if a != id && a != "" {
			list = append(list, a)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// cut shortens a text to n bytes, and not inside a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// depth gives how deep objects and arrays lie in one another in a JSON text.
func depth(text []byte) (deepest int) {
	level := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			level++
			deepest = max(deepest, level)
		case '}', ']':
			level--
		case '"':
			i = endOfString(text, i+1)
		}
	}
	return deepest
}

func endOfString(text []byte, i int) int {
	for ; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

// rank orders severities from best to worst.
var rank = map[Severity]int{Unrated: 0, Low: 1, Medium: 2, High: 3, Critical: 4}

func worse(a, b Severity) Severity {
	if cmp.Compare(rank[a], rank[b]) < 0 {
		return b
	}
	return a
}
