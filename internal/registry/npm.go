package registry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// NPM asks registries that speak npm's protocol.
type NPM struct {
	Door fetch.Getter
	// Address gives the registry that is configured for a package's name.
	Address func(name string) string
}

// maxDocument bounds a document on the wire, in bytes after decompression. The
// largest of the public registry have some 60 MB.
const maxDocument = 128 << 20

// Package asks for the full document of a package. The error wraps a
// [*fetch.Failure] where the registry gave none, and is or wraps a [*Broken]
// where the document can't be read.
func (n NPM) Package(ctx context.Context, name string) (*Package, error) {
	path, ok := npmPath(name)
	if !ok {
		return nil, fmt.Errorf("npm: %q is not a package's name", name)
	}
	// The abbreviated form, which npm's clients ask for, has no times,
	// publishers and scripts: hence plain JSON.
	body, err := n.Door.Fetch(ctx, fetch.Request{
		URL:    strings.TrimSuffix(n.Address(name), "/") + "/" + path,
		Accept: "application/json",
		Limit:  maxDocument,
	})
	if err != nil {
		return nil, fmt.Errorf("npm: %s: %w", name, err)
	}
	defer body.Close()

	p, err := ReadNPM(body, name)
	var failure *fetch.Failure
	if errors.As(err, &failure) {
		return nil, fmt.Errorf("npm: %s: %w", name, failure)
	}
	return p, err
}

// maxNPMName is npm's own bound, in characters.
const maxNPMName = 214

// npmPath gives the one path segment under which a registry knows a name. It
// is strict, so that no name out of a lockfile reaches another path: what
// npm's validate-npm-package-name takes of names old and new, which is the
// characters that encodeURIComponent leaves alone and no dot in front.
func npmPath(name string) (path string, ok bool) {
	if len(name) > maxNPMName {
		return "", false
	}
	rest, scoped := strings.CutPrefix(name, "@")
	if !scoped {
		// Registries keep paths of their own behind an underscore.
		return name, npmSegment(name) && name[0] != '_'
	}
	scope, bare, _ := strings.Cut(rest, "/")
	return "@" + scope + "%2F" + bare, npmSegment(scope) && npmSegment(bare)
}

func npmSegment(s string) bool {
	if s == "" || s[0] == '.' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		return !letter && !strings.ContainsRune("-_.!~*'()", c)
	})
}
