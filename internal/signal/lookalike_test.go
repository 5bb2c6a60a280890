package signal

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/signal/popular"
)

func TestLookalikeName(t *testing.T) {
	named := func(name string) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { d.Change.Name, d.Package.Created = name, now.Add(-700*day) }
	}
	is := func(name, target, how string) testCase {
		return testCase{name: name, start: addition, edit: named(name), want: []string{
			"40: " + name + " is new here, and its name is like " + target + ", a far more popular package: " + how + "."}}
	}
	const separators, order, edit = "the same but for separators or characters that look alike", "the same words in another order", "one edit away"
	runCases(t, "lookalike-name", []testCase{
		is("lodahs", "lodash", edit),
		is("lodashh", "lodash", edit),
		is("lodas", "lodash", edit),
		is("l0dash", "lodash", separators),
		is("crossenv", "cross-env", separators),
		is("cross_env", "cross-env", separators),
		is("env-cross", "cross-env", order),
		is("@bable/core", "@babel/core", edit),

		is("types-node", "@types/node", "the same but for the mark and the slash of its scope"),

		{name: "the famous one", start: addition, edit: named("lodash")},
		{name: "widely used, though alike", start: addition, edit: named("preact")},
		{name: "like none", start: addition, edit: named("left-pad-of-the-acme")},
		{name: "there for years", start: addition, edit: func(d *evidence.Dossier) {
			named("lodahs")(d)
			d.Package.Created = now.Add(-731 * day)
		}},
		{name: "short", start: addition, edit: named("reac")},
		{name: "its own scope", start: addition, edit: named("@babel/cor")},
		{name: "another name in another scope", start: addition, edit: named("@bable/helpers-of-ours")},
		{name: "in the tree before", edit: named("lodahs")},
		{name: "in a scan, where nothing is new", start: addition, scan: true, edit: named("lodahs")},
		{name: "not from a registry", start: addition, edit: func(d *evidence.Dossier) {
			named("lodahs")(d)
			head(d).Source = lockfile.Git
		}},
	})
}

func TestPopularListIsWhole(t *testing.T) {
	names := popular.NPM()
	n := 0
	for range names.All {
		n++
	}
	if n != 15_410 || names.Rank("semver") != 1 || names.Has("") || names.Famous("no-such-name-anywhere") {
		t.Errorf("%d famous names, semver has rank %d", n, names.Rank("semver"))
	}
}

// How many known look-alikes are seen, and how many real names are taken for
// one.
func TestLookalikeRates(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "..", "shared", "data", "typosquats.csv"))
	if err != nil {
		t.Skip("the list of known look-alikes, ../shared/data/typosquats.csv, is not here")
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen, all := 0, 0
	for _, row := range rows {
		if row[2] != "npm" || !popular.NPM().Famous(row[1]) {
			continue
		}
		all++
		if target, _ := lookalike(row[0]); target != "" {
			seen++
		} else {
			t.Logf("not seen: %s for %s (%s)", row[0], row[1], row[3])
		}
	}
	t.Logf("%d of %d seen", seen, all)
	if all == 0 || seen*2 < all {
		t.Errorf("%d of %d known look-alikes seen", seen, all)
	}
}

func BenchmarkLookalike(b *testing.B) {
	lookalike("warm-up-the-tables")
	for b.Loop() {
		lookalike("react-router-of-the-acme")
	}
}
