package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestAttestationMismatch(t *testing.T) {
	fault := func(f attestation.Fault) func(*evidence.Dossier) {
		return func(d *evidence.Dossier) { d.Misattested = &f }
	}
	runCases(t, "attestation-mismatch", []testCase{
		{name: "other bytes", edit: fault(attestation.Fault{Kind: attestation.OtherDigest, What: "publish attestation", Cause: "is over " + oldHash, Hash: newHash}),
			want: []string{"always: The lockfile pins left-pad 1.3.1 by the hash sha512-bmV3IGJ5dGVz; its publish attestation is over sha512-b2xkIGJ5dGVz."}},
		{name: "another package", edit: fault(attestation.Fault{Kind: attestation.OtherPackage, What: "provenance", Cause: "is about pkg:npm/right-pad@1.3.1"}),
			want: []string{"always: The provenance of left-pad 1.3.1 is about pkg:npm/right-pad@1.3.1."}},
		{name: "a signature that does not hold", edit: fault(attestation.Fault{Kind: attestation.BadSignature, What: "provenance", Cause: "does not hold: no log entry"}),
			want: []string{"always: The provenance of left-pad 1.3.1 does not hold: no log entry."}},
		{name: "verified", edit: func(d *evidence.Dossier) { d.Attested = &evidence.Attested{Version: "1.3.1"} }},
		{name: "nothing attested, or not verified", edit: func(d *evidence.Dossier) { d.Release.Provenance = true }},
	})
}

// The finding stands where the hash does that is not the attested one.
func TestAttestationMismatchNamesThePlace(t *testing.T) {
	d := ordinary()
	d.Change.Head = append(d.Change.Head, place(99, "left-pad", "1.3.1", evilHash))
	d.Misattested = &attestation.Fault{Kind: attestation.OtherDigest, What: "provenance", Cause: "is over " + newHash, Hash: evilHash}
	for _, f := range Run(d, judged()) {
		if f.Signal == "attestation-mismatch" && f.Line == 99 {
			return
		}
	}
	t.Error("no finding on line 99")
}
