package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parts splits a document as a sharded scan would, by turns.
func parts(r *Report, n int) []*Report {
	var all []*Report
	for i := range n {
		part := *r
		part.Shard = &Shard{i + 1, n}
		part.Changes, part.Verdict, part.Score = nil, "pass", 0
		for j, c := range r.Changes {
			if j%n == i {
				part.Changes = append(part.Changes, c)
				if rank(c.Verdict) < rank(part.Verdict) {
					part.Verdict = c.Verdict
				}
				part.Score = max(part.Score, c.Score)
			}
		}
		part.Gaps = append(own(r.Gaps), shared(part.Changes)...)
		part.Counts = count(&part)
		all = append(all, &part)
	}
	return all
}

func TestMergedPartsAreTheWhole(t *testing.T) {
	for _, sample := range samples {
		for _, n := range []int{1, 2, 3, 7} {
			whole := sample.report()
			if len(whole.Findings) > 0 || len(whole.Exceptions) > 0 {
				continue // what the repository adds to the verdict, parts would share
			}
			whole.Score = 0 // samples make theirs up
			for _, c := range whole.Changes {
				whole.Score = max(whole.Score, c.Score)
			}
			split := parts(whole, n)
			split[0], split[n-1] = split[n-1], split[0] // in any order
			merged, err := Merge(split)
			if err != nil {
				t.Fatalf("%s in %d: %v", sample.name, n, err)
			}
			for _, format := range Formats() {
				if diff := cmp.Diff(string(render(t, format, whole, Options{})), string(render(t, format, merged, Options{}))); diff != "" {
					t.Errorf("%s in %d as %s (-whole +merged):\n%s", sample.name, n, format, diff)
				}
			}
		}
	}
}

func TestPartsThatDontFit(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(p []*Report) []*Report
	}{
		{"no reports", func([]*Report) []*Report { return nil }},
		{"whole already", func(p []*Report) []*Report { p[1].Shard = nil; return p }},
		{"shard 1/3: merging: among 2 reports", func(p []*Report) []*Report { return p[:2] }},
		{"given twice", func(p []*Report) []*Report { p[1] = p[0]; return p }},
		{"shard 4/3", func(p []*Report) []*Report { p[0].Shard.Index = 4; return p }},
		{"same --now", func(p []*Report) []*Report { p[2].JudgedAt = now.AddDate(0, 0, 1); return p }},
		{"heads", func(p []*Report) []*Report { p[2].Head.Commit = "x"; return p }},
		{"policies", func(p []*Report) []*Report { p[1].Policy.Block = 99; return p }},
		{"lockfiles", func(p []*Report) []*Report { p[1].Lockfiles = nil; return p }},
		{"versions of lockkeeper", func(p []*Report) []*Report { p[1].Tool.Version = "x"; return p }},
	} {
		if got, err := Merge(c.change(parts(large(), 3))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("merged to %v, %v; want an error of %q", got != nil, err, c.want)
		}
	}
}

// An exception that one part has a use for is used.
func TestExceptionsOfParts(t *testing.T) {
	unused := func(name string) Exception { return Exception{Package: name, State: "unused"} }
	p := parts(quiet(), 2)
	p[0].Exceptions = []Exception{unused("npm:a"), unused("npm:b")}
	p[1].Exceptions = []Exception{unused("npm:b"), unused("npm:c")}
	merged, err := Merge(p)
	if err != nil || fmt.Sprint(merged.Exceptions) != fmt.Sprint([]Exception{unused("npm:b")}) {
		t.Errorf("exceptions %v, %v", merged.Exceptions, err)
	}
}
