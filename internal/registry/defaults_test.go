package registry

import (
	"slices"
	"strings"
	"testing"
)

func TestPublic(t *testing.T) {
	for ecosystem, a := range Public {
		if !slices.Contains(a.Public, a.URL) {
			t.Errorf("%s: its registry is not among its public addresses", ecosystem)
		}
		for _, address := range a.Public {
			if !strings.HasPrefix(address, "https://") || !strings.HasSuffix(address, "/") {
				t.Errorf("%s: %s is not an https address with a final slash", ecosystem, address)
			}
			if archive := address + "wren/-/wren-1.0.0.tgz"; !a.IsPublic(archive) {
				t.Errorf("%s: %s does not count as public", ecosystem, archive)
			}
		}
	}
}
