package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

func approved(r *registry.Release) { trusted(r); r.Approver = registry.Person{Name: "alice"} }
func signed(r *registry.Release)   { r.Signatures = []registry.Signature{{}} }

func TestProvenanceLost(t *testing.T) {
	nothing := func(*registry.Release) {}
	runCases(t, "provenance-lost", []testCase{
		{name: "after two with it", edit: after(nothing, made("1.2.0", 60*day, attested), made("1.3.0", 30*day, trusted)), want: []string{
			"35: left-pad 1.3.1 has no provenance; the 2 releases before it in its line had, the last one 1.3.0."}},
		{name: "approved before", edit: after(nothing, made("1.2.0", 60*day, approved), made("1.3.0", 30*day, approved)), want: []string{
			"35: left-pad 1.3.1 has no provenance; the 2 releases before it in its line had, the last one 1.3.0."}},
		{name: "a token in the pipeline instead of a trusted publisher", edit: after(attested, made("1.1.0", 90*day, attested), made("1.2.0", 60*day, trusted), made("1.3.0", 30*day, trusted)), want: []string{
			"15: left-pad 1.3.1 has provenance only; the 2 releases before it in its line had a trusted publisher, the last one 1.3.0."}},
		{name: "a trusted publisher without the approval", edit: after(trusted, made("1.2.0", 60*day, approved), made("1.3.0", 30*day, approved)), want: []string{
			"15: left-pad 1.3.1 has a trusted publisher; the 2 releases before it in its line had an approval of its staged release, the last one 1.3.0."}},
		{name: "the registry signs it as it signed the others", edit: func(d *evidence.Dossier) {
			after(signed, made("1.2.0", 60*day, attested, signed), made("1.3.0", 30*day, attested, signed))(d)
			signed(d.Baseline)
		}, want: []string{"35: left-pad 1.3.1 has no provenance; the 2 releases before it in its line had, the last one 1.3.0."}},

		{name: "kept", edit: after(attested, made("1.2.0", 60*day, attested), made("1.3.0", 30*day, attested))},
		{name: "a trusted publisher after provenance", edit: after(trusted, made("1.2.0", 60*day, attested), made("1.3.0", 30*day, attested))},
		{name: "an approval after a trusted publisher", edit: after(approved, made("1.2.0", 60*day, trusted), made("1.3.0", 30*day, trusted))},
		{name: "approved once is no habit", edit: after(trusted, made("1.2.0", 60*day, trusted), made("1.3.0", 30*day, approved))},
		{name: "a mirror that strips who published the newest", edit: after(by(""), made("1.2.0", 60*day, attested), made("1.3.0", 30*day, attested))},
		{name: "a mirror that strips the archive's facts of those it holds", edit: func(d *evidence.Dossier) {
			after(nothing, made("1.2.0", 60*day, attested), made("1.3.0", 30*day, attested))(d)
			signed(d.Baseline)
		}},
		{name: "a mirror that strips all", edit: after(nothing, made("1.2.0", 60*day), made("1.3.0", 30*day))},
		{name: "once is no habit", edit: after(nothing, made("1.2.0", 60*day), made("1.3.0", 30*day, attested))},
		{name: "lost before", edit: after(nothing, made("1.1.0", 90*day, attested), made("1.2.0", 60*day, attested), made("1.3.0", 30*day))},
		{name: "another line has it", edit: after(nothing, made("1.3.0", 300*day), made("2.0.0", 60*day, attested), made("2.1.0", 30*day, attested))},
		{name: "a prerelease", edit: after(func(r *registry.Release) { r.Version = "1.4.0-rc.1" }, made("1.2.0", 60*day, attested), made("1.3.0", 30*day, attested))},
		{name: "prereleases had it", edit: after(nothing, made("1.3.0-a.1", 60*day, attested), made("1.3.0-a.2", 30*day, attested))},
	})
}
