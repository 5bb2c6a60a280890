package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

func TestSignatureInvalid(t *testing.T) {
	runCases(t, "signature-invalid", []testCase{
		{name: "forged", edit: func(d *evidence.Dossier) {
			d.Forged = []evidence.Forged{{Place: d.Change.Head[0], Hash: newHash, Fault: "is not over this name, version and hash"}}
		}, want: []string{"always: The registry's signature over left-pad 1.3.1 is not over this name, version and hash."}},
		{name: "good, or nothing signed", edit: func(*evidence.Dossier) {}},
	})
}
