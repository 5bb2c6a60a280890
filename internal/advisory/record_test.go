package advisory

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	repeat := func(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }
	affecting := func(member string) string {
		return `{"id":"MAL-1","affected":[{"package":{"ecosystem":"npm","name":"wren"},` + member + `}]}`
	}
	tests := []struct{ name, text, want string }{
		{"empty", ``, "is no OSV record"},
		{"array", `[]`, "is no OSV record"},
		{"cut", `{"id":"MAL-1","affected":[`, "is no OSV record"},
		{"two", `{"id":"MAL-1"}{"id":"MAL-2"}`, "is no OSV record"},
		{"no id", `{"affected":[]}`, "has no usable id"},
		{"an id that climbs", `{"id":"../MAL-1"}`, "has no usable id"},
		{"a long id", `{"id":"` + strings.Repeat("a", 129) + `"}`, "has no usable id"},
		{"a member twice", `{"id":"MAL-1","withdrawn":"2026-01-01T00:00:00Z","withdrawn":null}`, "is no OSV record"},
		{"affected", `{"id":"MAL-1","affected":{}}`, "is no OSV record"},
		{"withdrawn", `{"id":"MAL-1","withdrawn":true}`, "is no OSV record"},
		{"versions", affecting(`"versions":"1.0.0"`), "is no OSV record"},
		{"events", affecting(`"ranges":[{"type":"SEMVER","events":[{"introduced":0}]}]`), "is no OSV record"},
		{"no name", `{"id":"MAL-1","affected":[{"package":{"ecosystem":"npm"}}]}`, "MAL-1: affects a package without a name"},
		{"depth", `{"id":"MAL-1","x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, "has more than 64 levels of nesting"},
		{"size", `{"id":"MAL-1","x":"` + strings.Repeat("x", maxRecord) + `"}`, "has more than 16777216 bytes"},
		{
			"too many events",
			affecting(`"ranges":[{"events":[` + repeat(`{"introduced":"1.0.0"}`, maxEvents) + `]},{"events":[{"introduced":"1.0.0"}]}]`),
			"MAL-1: has more than 10000 events",
		},
		{"too many versions", affecting(`"versions":[` + repeat(`"1"`, maxVersions+1) + `]`), "MAL-1: lists more than 100000 versions"},
		{
			"too many aliases",
			`{"id":"MAL-1","aliases":[` + repeat(`"A-1"`, maxAliases+1) + `],"affected":[{"package":{"ecosystem":"npm","name":"wren"}}]}`,
			"MAL-1: has more than 1000 aliases",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := parse([]byte(tt.text))
			if err == nil || r != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v; want %q", r, err, tt.want)
			}
		})
	}
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{
		``: 0, `{}`: 1, `[[],[[]]]`: 3, `{"a[[":"\"[[","b\\":[1]}`: 2, `"[`: 0, `"\`: 0, `]]]`: 0,
	} {
		if got := depth([]byte(text)); got != want {
			t.Errorf("depth(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestSummaryIsCut(t *testing.T) {
	text := fmt.Sprintf(`{"id":"MAL-1","summary":"%s","affected":[{"package":{"ecosystem":"npm","name":"wren"}}]}`, strings.Repeat("ü", maxSummary))
	r, err := parse([]byte(text))
	if err != nil || len(r.Summary) != maxSummary || strings.Trim(r.Summary, "ü") != "" {
		t.Errorf("%d bytes: %v", len(r.Summary), err)
	}
}

func TestMalware(t *testing.T) {
	about := func(member string) string {
		return `{"id":"GHSA-1",` + member + `,"affected":[{"package":{"ecosystem":"npm","name":"wren"}}]}`
	}
	tests := []struct {
		text string
		want bool
	}{
		{`{"id":"MAL-1","affected":[{"package":{"ecosystem":"npm","name":"wren"}}]}`, true},
		{about(`"aliases":["MAL-1"]`), true},
		{about(`"summary":"Malicious Package in wren"`), true},
		{about(`"summary":"Embedded Malicious Code in wren"`), true},
		{about(`"database_specific":{"cwe_ids":["CWE-79","CWE-506"]}`), true},
		{`{"id":"GHSA-1","affected":[{"package":{"ecosystem":"npm","name":"wren"},"database_specific":{"cwes":[{"cweId":"CWE-506"}]}}]}`, true},
		{about(`"summary":"wren runs malicious code in a crafted file"`), false},
		{about(`"database_specific":{"cwe_ids":["CWE-5060"]}`), false},
	}
	for _, tt := range tests {
		r, err := parse([]byte(tt.text))
		if err != nil || r.Malware != tt.want {
			t.Errorf("%s: %v, %v", tt.text, r, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range records(f) {
		f.Add(text, "wren", "6.0.0")
	}
	f.Fuzz(func(t *testing.T, text []byte, name, version string) {
		r, err := parse(text)
		if r == nil || err != nil {
			return
		}
		if !json.Valid(text) {
			t.Error("what is not JSON was read")
		}
		for _, a := range r.affected {
			for _, v := range a.versions {
				q := Query{Ecosystem: a.ecosystem, Name: a.name, Version: v}
				if m, ok := r.match(q); v != "" && (!ok || m != ByVersion) {
					t.Errorf("%s@%s is listed and does not match", a.name, v)
				}
			}
		}
		q := Query{Ecosystem: "npm", Name: name, Version: version}
		for _, a := range Merge("npm", matching(q, []*record{r, r})) {
			if a.ID == "" || a.URL == "" {
				t.Errorf("%+v has no id", a)
			}
		}
	})
}
