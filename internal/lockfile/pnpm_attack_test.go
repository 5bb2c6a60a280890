package lockfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// pnpmAttack is a file and what is found in it: the entries, then the doubts.
type pnpmAttack struct {
	name, data string
	want       []string
}

const (
	pnpmHead = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: 1.0.0}
`
	pnpmEntry = `  a@1.0.0:
    resolution: {integrity: sha512-YQ==}
`
)

// pnpmFile gives a lockfile with these entries, from line 7 on.
func pnpmFile(entries string) string {
	return pnpmHead + "packages:\n" + entries + "snapshots:\n  a@1.0.0: {}\n"
}

// pnpmSummary gives the entries and the doubts of an inventory, a line each.
func pnpmSummary(inv *Inventory, err error) []string {
	if err != nil {
		return []string{err.Error()}
	}
	var list []string
	for i := range inv.Entries {
		e := &inv.Entries[i]
		line := fmt.Sprintf("%d %s@%s %s %s %s", e.Line, e.Name, e.Version, e.Source, e.Resolved, strings.Join(e.Integrity, " "))
		list = append(list, strings.TrimRight(line, " "))
	}
	for _, d := range inv.Doubts {
		weight := "doubt"
		if d.Packages {
			weight = "DOUBT"
		}
		list = append(list, fmt.Sprintf("%s %d: %s", weight, d.Line, d.Message))
	}
	return list
}

func TestPNPMAttacks(t *testing.T) {
	for _, attack := range slices.Concat(pnpmTextAttacks, pnpmEntryAttacks) {
		t.Run(attack.name, func(t *testing.T) {
			got := pnpmSummary(Parse(Input{Path: "pnpm-lock.yaml", Data: []byte(attack.data)}))
			if !slices.Equal(got, attack.want) {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", attack.data, strings.Join(got, "\n"), strings.Join(attack.want, "\n"))
			}
		})
	}
}

// What cannot be read says what its owner can do.
func TestPNPMUnread(t *testing.T) {
	for data, hint := range map[string]string{
		"":                                    hintPNPMRestore,
		"a: [":                                hintPNPMRestore,
		"x":                                   hintPNPMRestore,
		"a: &b c":                             hintPNPMRestore,
		"<<<<<<< HEAD\na: 1\n":                hintPNPMConflict,
		"a: 1\r<<<<<<< HEAD\r":                hintPNPMConflict,
		"a: 1\n||||||| base\nb: 1\n":          hintPNPMConflict,
		"a: 1\n=======\nb: 1\n":               hintPNPMConflict,
		"a: 1\nb: 1\n>>>>>>> theirs\n":        hintPNPMConflict,
		"lockfileVersion: '12.0'\nthings: {}": hintPNPMUpdate,
		strings.Repeat("---\na: 1\n", 17):     hintIgnore,
		"{packages: {? [a] : {}}}":            hintPNPMRestore,
		strings.Repeat("a: {", 100) + "\n":    hintPNPMRestore,
	} {
		_, err := Parse(Input{Path: "pnpm-lock.yaml", Data: []byte(data)})
		u, ok := err.(*Unread)
		if !ok || u.Reason == "" || u.Hint != hint {
			t.Errorf("%q: %#v, want the hint %q", data, err, hint)
		}
	}
}

func TestKnownBranches(t *testing.T) {
	for file, want := range map[string]bool{
		"pnpm-lock.yaml":             true,
		"app/pnpm-lock.main.yaml":    true,
		"pnpm-lock.feature!x-1.yaml": true,
		"pnpm-lock.yml":              false,
		"pnpm-lock.yaml.bak":         false,
		"my-pnpm-lock.main.yaml":     false,
		"pnpm-lock.main.yaml/a.txt":  false,
		"pnpm-workspace.yaml":        false,
	} {
		if ecosystem, ok := Known(file); ok != want || ok && ecosystem != "npm" {
			t.Errorf("Known(%q) = %q, %v", file, ecosystem, ok)
		}
	}
	data := []byte(pnpmFile(pnpmEntry))
	inv, err := Parse(Input{Path: "pnpm-lock.main.yaml", Data: data})
	if err != nil || len(inv.Entries) != 1 || inv.Format != "pnpm-lock-v9.0" {
		t.Errorf("%+v, %v", inv, err)
	}
}
