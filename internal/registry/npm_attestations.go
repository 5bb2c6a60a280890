package registry

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// maxAttestations bounds a document of attestations, in bytes. npm's have some
// 15 kB.
const maxAttestations = 1 << 20

// Attestations asks for the registry's document of what is attested of one
// release, as it is: nothing in it is verified. The error wraps a
// [*fetch.Failure] where the registry gave none.
func (n NPM) Attestations(ctx context.Context, name, version string) ([]byte, error) {
	path, ok := npmPath(name)
	if !ok || !isNPMVersion(version) {
		return nil, fmt.Errorf("npm: %.214q %.100q is not a release", name, version)
	}
	body, err := n.Door.Fetch(ctx, fetch.Request{
		URL:       strings.TrimSuffix(n.Address(name), "/") + "/-/npm/v1/attestations/" + path + "@" + version,
		Accept:    "application/json",
		Limit:     maxAttestations,
		Immutable: true, // attestations are made when a release is published
	})
	if err != nil {
		return nil, fmt.Errorf("npm: %s@%s: attestations: %w", name, version, err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("npm: %s@%s: attestations: %w", name, version, err)
	}
	return data, nil
}

// isNPMVersion is strict, so that no version out of a lockfile reaches another
// path: it takes the characters of semantic versions.
func isNPMVersion(s string) bool {
	return s != "" && s[0] != '.' && !strings.ContainsFunc(s, func(c rune) bool {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		return !letter && !strings.ContainsRune("-+.", c)
	})
}
