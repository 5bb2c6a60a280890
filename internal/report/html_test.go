package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	htmlTag       = regexp.MustCompile(`<[^>]*>?`)
	htmlElement   = regexp.MustCompile(`^</?([a-z0-9]+)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)/?>$`)
	htmlAttribute = regexp.MustCompile(` ([a-zA-Z-]+)(?:="([^"]*)")?`)
	htmlReference = regexp.MustCompile(`&[^;]{0,8};?`)

	htmlElements   = strings.Fields("html head meta title style script body h1 h2 p b span br div figure figcaption svg text rect details summary table thead tbody tr th td button input code a ul li")
	htmlAttributes = strings.Fields("lang charset name content http-equiv class id type placeholder aria-label role viewBox x y width height rx text-anchor data-v href rel open")
	htmlEscapes    = strings.Fields("&amp; &lt; &gt; &#34; &#39;")
)

// deadHTML looks for text from outside that is markup, and for anything that is
// asked from elsewhere.
func deadHTML(out string) error {
	out = strings.Replace(out, "<style>"+pageStyle+"</style>", "", 1)
	out = strings.Replace(out, "<script>"+pageScript+"</script>", "", 1)
	out = strings.TrimPrefix(out, "<!doctype html>")
	for _, tag := range htmlTag.FindAllString(out, -1) {
		element := htmlElement.FindStringSubmatch(tag)
		if element == nil || !slices.Contains(htmlElements, element[1]) || element[1] == "script" || element[1] == "style" {
			return fmt.Errorf("the tag %.80q", tag)
		}
		for _, attribute := range htmlAttribute.FindAllStringSubmatch(element[2], -1) {
			if !slices.Contains(htmlAttributes, attribute[1]) {
				return fmt.Errorf("the attribute %.80q", attribute[0])
			}
			if attribute[1] == "href" && !strings.HasPrefix(attribute[2], "https://") {
				return fmt.Errorf("a link to %.80q", attribute[2])
			}
		}
	}
	for _, reference := range htmlReference.FindAllString(out, -1) {
		if !slices.Contains(htmlEscapes, reference) {
			return fmt.Errorf("the reference %q", reference)
		}
	}
	return nil
}

func TestHTML(t *testing.T) {
	r := attack()
	r.Changes[0].Publisher, r.Changes[0].Installs = "someone <a@b.invalid>", true
	golden(t, "block.html", render(t, "html", r, Options{Page: func(_, name, _ string) string { return "https://npm.example.com/package/" + name }}))
}

// The page's policy names the style and the script that are in it, or a browser
// would show neither.
func TestThePolicyOfThePageFitsIt(t *testing.T) {
	page := string(render(t, "html", full(), Options{}))
	for _, inline := range []string{pageStyle, pageScript} {
		if !strings.Contains(page, ">"+inline+"</") || !strings.Contains(page, "'"+digestSource(inline)+"'") {
			t.Errorf("not in the page, or not in its policy: %.60q", inline)
		}
	}
}

func TestPlotsCountEveryPackageOnce(t *testing.T) {
	r := large()
	d := &document{wording: newWording(r, literal, escaped), r: r}
	for name, bars := range map[string][]bar{"ages": d.ages(), "scores": d.scores()} {
		n := 0
		for _, b := range bars {
			n += b.n
		}
		if n != len(r.Changes) {
			t.Errorf("%s: %d of %d packages", name, n, len(r.Changes))
		}
	}
	for age, want := range map[int]int{0: 0, 23: 0, 24: 1, 7*24 - 1: 1, 7 * 24: 2, 365 * 24: 5, 5 * 365 * 24: 7, 9 * 365 * 24: 7} {
		r.Changes = r.Changes[:1]
		r.Changes[0].PublishedAt = new(r.JudgedAt.Add(-hours(age)))
		if got := slices.IndexFunc(d.ages(), func(b bar) bool { return b.n == 1 }); got != want {
			t.Errorf("%d hours old: in row %d, want %d", age, got, want)
		}
	}
}

// What nobody looked at is not painted as if it had passed, and the bars are cut
// where the policy cuts.
func TestScoresArePlottedByVerdictAndPolicy(t *testing.T) {
	r := &Report{Policy: Policy{Warn: 20, Block: 50}, Changes: []Change{
		{Verdict: "unjudged"}, {Verdict: "unjudged", Score: 20}, {Verdict: "pass"}, {Verdict: "warn", Score: 49}, {Verdict: "block", Score: 50}, {Verdict: "block", Score: 100},
	}}
	d := &document{wording: newWording(r, literal, escaped), r: r}
	want := []bar{{"0", "pass", 1}, {"1 to 19", "pass", 0}, {"20 to 49", "warn", 2}, {"50 to 99", "block", 1}, {"100", "block", 1}, {"not judged", "unjudged", 1}}
	if got := d.scores(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A scan's page leaves out columns that say nothing, and tells of every
// exception, as each report must.
func TestThePageOfAScan(t *testing.T) {
	page := string(render(t, "html", scanned(), Options{}))
	if strings.Contains(page, "publisher</button>") || !strings.Contains(page, "days old</button>") {
		t.Error("the columns are others than those that say something")
	}
	page = string(render(t, "html", excused(), Options{}))
	for _, said := range []string{"replaced in the next release", "expired after 2026-03-15", "matches nothing"} {
		if !strings.Contains(page, said) {
			t.Errorf("not in the page: %s", said)
		}
	}
	page = string(render(t, "html", outage(), Options{}))
	if !strings.Contains(page, "<code>tools/bun.lockb</code>: ") || !strings.Contains(page, "asks for could not be had") || !strings.Contains(page, "the policy lets that pass") {
		t.Error("gaps without their file, or without what the policy makes of them")
	}
	if page = string(render(t, "html", Build(input()), Options{})); strings.Contains(page, "<script>") || strings.Contains(page, "<table>") {
		t.Error("a table of nothing")
	}
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }
