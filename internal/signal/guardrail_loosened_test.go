package signal

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
)

func loosening(path string, line int, name, change string) settings.Loosening {
	return settings.Loosening{
		Tools: []settings.Tool{settings.NPM, settings.PNPM}, Setting: name, Path: path, Line: line, Before: "a", After: "b",
		Change: change, Effect: "it protects less", Remedy: "Keep it.",
	}
}

func TestGuardrailLoosened(t *testing.T) {
	off := loosening("web/.npmrc", 2, "package-lock", "goes from true to false")
	off.Lockfile = true
	r := &evidence.Repository{
		Removed:  []string{"web/package-lock.json"},
		Loosened: []settings.Loosening{off, loosening("b", 3, "registry", `goes from "x" to "y"`), loosening("a", 9, "strict-ssl", "goes from true to false")},
	}
	want := []string{
		"a:9 40: strict-ssl of npm, pnpm goes from true to false: it protects less.",
		`b:3 0: registry of npm, pnpm goes from "x" to "y": it protects less.`,
		"web/package-lock.json:0 40: web/package-lock.json goes away and its manifest stays, so that nothing pins what is installed.",
		"web/.npmrc:2 0: package-lock of npm, pnpm goes from true to false: it protects less.",
	}
	found := RunRepository(r, judged())
	if diff := cmp.Diff(want, located(found)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if found[0].Remedy != "Keep it." || factOf(found, "guardrail-loosened", "before") != "a" {
		t.Errorf("%+v", found[0])
	}
	r.Removed = nil
	if got := RunRepository(r, judged()); got[2].Points != 40 {
		t.Errorf("a lockfile that is switched off counts %d", got[2].Points)
	}
}

func TestLoosenedSettingsAreBounded(t *testing.T) {
	r := &evidence.Repository{}
	for i := range 500 {
		r.Loosened = append(r.Loosened, loosening("a", i+1, "registry", fmt.Sprintf("goes from %d", i)))
	}
	got := RunRepository(r, judged())
	if len(got) != maxLoosened+1 || got[maxLoosened].Message != "The head loosens 480 settings more." || got[maxLoosened].Points != 0 {
		t.Errorf("%d findings, the last %+v", len(got), got[len(got)-1])
	}
}
