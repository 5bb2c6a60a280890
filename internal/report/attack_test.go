package report

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// payloads are what an attacker would put into a name, a version, a path, a
// notice or an address.
var payloads = []string{
	"x\x1b[2J\x1b]8;;https://evil.invalid\x07",
	"x\u009b31m",
	"x\nFORGED",
	"x\r\nFORGED",
	"x\u2028FORGED\u2029FORGED\u0085FORGED",
	"\n\n#\n\nFORGED\n\n-\n1.\nFORGED",
	"::error file=a,line=1::x",
	"text ::stop-commands::token",
	":",
	"error file=a,line=1 :",
	"a##[error]x",
	"user\u202egnp.exe\u2066\u2069\u200e",
	"a\u200b\u200d\ufeff\u00ad\U000e0041\U000e0062b",
	"<img src=https://evil.invalid/a.png onerror=alert(1)>",
	"</details></summary><script>alert(1)</script>",
	"![a](https://evil.invalid/a.png)",
	"[click](http://evil.invalid)",
	"](http://evil.invalid) ",
	"` @victim `` [x](http://evil.invalid)",
	"a | b | c",
	"@victim",
	"see #1234, acme/web#7 and GH-99",
	"<!-- lockkeeper -->",
	"javascript:alert(1)",
	"javascript:1) JavaScript:0 mailto:1",
	"www.evil.invalid https://evil.invalid/a me@evil.invalid",
	"\\",
	"\xff\xfe\xc0\x80",
	strings.Repeat("A ", 2*valueCap),
	strings.Repeat("::", valueCap),
	"",
}

// full is a document in which every field is set, so that each can be planted.
func full() *Report {
	when := now.Add(-time.Hour)
	later := now.Add(time.Hour)
	exception := &Exception{Package: "npm:a", Signals: []string{"deprecated"}, Reason: "reason", Owner: "owner", Expires: "2027-01-31", State: "applied"}
	accepted := &Exception{Package: "npm:a", Signals: []string{"deprecated"}, Reason: "reason", State: "accepted", By: "login", Link: "https://github.com/acme/web/pull/7"}
	finding := Finding{
		Signal: "deprecated", Points: 35, Title: "title", Message: "message", Evidence: map[string]string{"key": "value"},
		Remedy: "remedy", CountedAs: "known-malware", Location: &Location{Path: "package-lock.json", Line: 3}, Links: []Link{{"page", "https://osv.dev/a"}},
	}
	excused := finding
	excused.Exception = exception
	let := finding
	let.Exception = accepted
	gap := func(level string) Gap {
		return Gap{"times", "reason " + level, "hint", level, &Location{Path: "package-lock.json", Line: 3}, 2}
	}
	r := Build(input())
	r.Verdict = "block"
	r.Findings = []Finding{finding}
	r.Gaps = []Gap{gap("block")}
	r.Exceptions = []Exception{
		{Package: "npm:b", Signals: []string{"deprecated"}, Reason: "reason", Owner: "owner", Expires: "2026-01-31", State: "expired"},
		{Package: "npm:b", Reason: "reason", State: "refused", By: "login", Link: "https://github.com/acme/web/pull/7", Why: "why"},
	}
	kinds := []string{"added", "removed", "upgraded", "downgraded", "relocked"}
	for i, v := range verdicts {
		r.Changes = append(r.Changes, Change{
			PURL: "pkg:npm/a@2.0.0", Ecosystem: "npm", Name: "a", Kind: kinds[i], From: []string{"1.0.0"}, To: "2.0.0",
			Via: [][]string{{"b", "a"}}, Locations: []Location{{Path: "package-lock.json", Line: 3}}, MoreLocations: 1,
			PublishedAt: &when, HoldUntil: &later, Score: 35, Verdict: v.id,
			Command: "/lockkeeper accept npm:a@2.0.0", Findings: []Finding{finding, excused, let}, Gaps: []Gap{gap("block"), gap("warn")},
		})
	}
	return r
}

// plant visits every string of a document, calls edit for each kind of field
// that it names, and sets what edit gives.
func plant(v reflect.Value, name string, edit func(name, value string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			plant(v.Elem(), name, edit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			plant(v.Field(i), name+"."+v.Type().Field(i).Name, edit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			plant(v.Index(i), name, edit)
		}
	case reflect.Map:
		changed := reflect.MakeMap(v.Type())
		for _, key := range v.MapKeys() {
			k := reflect.New(key.Type()).Elem()
			k.Set(key)
			plant(k, name+"[key]", edit)
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			plant(value, name+"[value]", edit)
			changed.SetMapIndex(k, value)
		}
		v.Set(changed)
	case reflect.String:
		v.SetString(edit(name, v.String()))
	}
}

// Whatever field an attack comes in, it reaches no channel alive.
func TestAttackInEachField(t *testing.T) {
	fields := map[string]bool{}
	plant(reflect.ValueOf(full()), "Report", func(name, value string) string {
		fields[name] = true
		return value
	})
	if len(fields) < 50 {
		t.Fatalf("only %d fields found", len(fields))
	}
	for field := range fields {
		for _, payload := range []string{
			"::error::x\x1b[2J\nFORGED ##[error] <img src=x> ](http://evil.invalid) `a|b` @victim #12 \u202e\u200b",
			"</details> | ` GH-1 www.evil.invalid :tada: ![a](https://evil.invalid) \U000e0041\xff\u2028FORGED",
		} {
			r := full()
			plant(reflect.ValueOf(r), "Report", func(name, value string) string {
				if name == field {
					return payload
				}
				return value
			})
			if err := attacked(r); err != nil {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
}

func TestEachAttackInAllFields(t *testing.T) {
	for _, payload := range payloads {
		r := full()
		plant(reflect.ValueOf(r), "Report", func(string, string) string { return payload })
		if err := attacked(r); err != nil {
			t.Errorf("%.60q: %v", payload, err)
		}
	}
}

func FuzzRenderers(f *testing.F) {
	for _, p := range payloads {
		f.Add(p, 100, 4096)
	}
	f.Fuzz(func(t *testing.T, payload string, width, limit int) {
		if len(payload) > 300 { // the checks take long, and long values have their cases above
			return
		}
		payload = strings.ReplaceAll(payload, "FORGED", "") // the mark of an injected line
		r := full()
		plant(reflect.ValueOf(r), "Report", func(string, string) string { return payload })
		if err := attacked(r); err != nil {
			t.Errorf("%q: %v", payload, err)
		}
		small := render(t, "markdown", r, Options{Limit: limit})
		if limit >= leastLimit && len(small) > limit {
			t.Errorf("%d bytes of Markdown where %d are the limit", len(small), limit)
		}
		if err := inertText(render(t, "text", r, Options{Width: width})); err != nil {
			t.Errorf("%q, %d columns: %v", payload, width, err)
		}
	})
}

// attacked renders a document in every way and looks for live attacks.
func attacked(r *Report) error {
	for _, name := range Formats() {
		var b bytes.Buffer
		o := Options{Repository: "https://github.com/acme/web", Page: func(_, name, _ string) string { return "https://npm.example.com/" + name }}
		if err := Render(&b, name, r, o); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		check := map[string]func(string) error{"markdown": deadMarkdown, "sarif": deadSARIF, "json": sameValues(r), "html": deadHTML}[name]
		if err := inertText(b.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if check == nil {
			continue
		}
		if err := check(b.String()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, a := range Annotations(r) {
		text := a.Path + "\n" + a.Title + "\n" + a.Message
		if strings.Contains(a.Path+a.Title, "\n") {
			return fmt.Errorf("annotation with a path or title of two lines")
		}
		if err := inertText([]byte(text)); err != nil {
			return fmt.Errorf("annotation: %w", err)
		}
		if n := utf8.RuneCountInString(CommandData(a.Message)); n > messageLimit {
			return fmt.Errorf("annotation of %d characters", n)
		}
	}
	return nil
}

// inertText looks for what a terminal or the runner's log would obey.
func inertText(out []byte) error {
	if !utf8.Valid(out) {
		return fmt.Errorf("not UTF-8")
	}
	if bytes.Contains(out, []byte("##[")) {
		return fmt.Errorf("a workflow command in ##[ form")
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			return fmt.Errorf("a workflow command: %.80q", line)
		}
		if strings.HasPrefix(strings.TrimSpace(line), "FORGED") {
			return fmt.Errorf("an injected line: %.80q", line)
		}
		for _, r := range line {
			if !visible(r) && !presentation(r) {
				return fmt.Errorf("the raw character %U", r)
			}
		}
	}
	return nil
}

var (
	codeHTML   = regexp.MustCompile(`<code>[^<\n]*</code>`)
	ownLink    = regexp.MustCompile(`\]\(https://[a-z0-9.]+(/[^()\s<>]*)?\)`)
	ownElement = regexp.MustCompile(`</?(span|details|summary|sub|br|code)>`)
	reference  = regexp.MustCompile(`@[A-Za-z0-9]|#[0-9]|(?i:gh-[0-9]|www\.[a-z0-9]|https?://|javascript:\S|mailto:\S)`)
	tableRow   = regexp.MustCompile(`(?m)^\|.*\|$`)
)

// deadMarkdown looks for text from outside that is structure.
func deadMarkdown(out string) error {
	text := ownLink.ReplaceAllString(withoutLiterals(codeHTML.ReplaceAllString(out, "")), "")
	if a, b := strings.Count(text, "<details>"), strings.Count(text, "</details>"); a != b {
		return fmt.Errorf("%d sections open and %d close", a, b)
	}
	columns := 0
	for _, row := range tableRow.FindAllString(text, -1) {
		n := strings.Count(row, "|")
		if strings.Contains(row, "---") {
			columns = n
		} else if columns != 0 && n != columns && !strings.Contains(row, " package |") && !strings.Contains(row, "| points |") {
			return fmt.Errorf("a row of %d cells in a table of %d: %.80q", n, columns, row)
		}
	}
	text = ownElement.ReplaceAllString(text, "\x00")
	for _, forbidden := range []string{"<", "](", "![", "`"} {
		if i := strings.Index(text, forbidden); i >= 0 {
			return fmt.Errorf("live %q: %.80q", forbidden, text[max(0, i-30):])
		}
	}
	if live := reference.FindString(text); live != "" {
		return fmt.Errorf("live reference %q", live)
	}
	return nil
}

// withoutLiterals puts a dot for what Markdown shows as it stands: code spans,
// and outside of them escaped characters.
func withoutLiterals(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0:
			b.WriteByte('.')
			i++
		case s[i] == '`':
			if end := strings.IndexAny(s[i+1:], "`\n"); end >= 0 && s[i+1+end] == '`' {
				b.WriteByte('.')
				i += 1 + end
				continue
			}
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// deadSARIF looks into the messages, which GitHub reads for links, and
// into Markdown.
func deadSARIF(out string) error {
	var log map[string]any
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		return err
	}
	var walk func(key string, v any) error
	walk = func(key string, v any) error {
		switch v := v.(type) {
		case map[string]any:
			for k, value := range v {
				if err := walk(k, value); err != nil {
					return err
				}
			}
		case []any:
			for _, value := range v {
				if err := walk(key, value); err != nil {
					return err
				}
			}
		case string:
			if key == "text" && strings.Contains(v, "](") {
				return fmt.Errorf("a link in a message: %.80q", v)
			}
			if key == "markdown" {
				if err := deadMarkdown(v); err != nil {
					return err
				}
			}
			if key == "ruleId" && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
				return fmt.Errorf("rule %.80q", v)
			}
			if key == "uri" && (strings.Contains("/"+v+"/", "/../") || v != "" && v[0] == '/' || strings.ContainsAny(v, " \\`<>\"")) {
				return fmt.Errorf("uri %.80q", v)
			}
		}
		return nil
	}
	return walk("", log)
}

// sameValues checks that the escapes of the JSON mean what they stand for.
func sameValues(r *Report) func(string) error {
	return func(out string) error {
		var saved Report
		if err := json.Unmarshal([]byte(out), &saved); err != nil {
			return err
		}
		got, err := marshal(&saved)
		if err != nil {
			return err
		}
		want, err := marshal(r)
		if err != nil {
			return err
		}
		// What is not UTF-8 is the one thing that JSON cannot keep.
		if diff := cmp.Diff(string([]rune(string(want))), string(got)); diff != "" {
			return fmt.Errorf("other values (-want +got):\n%s", diff)
		}
		return nil
	}
}
