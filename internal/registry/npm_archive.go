package registry

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// maxArchive bounds an archive on the wire, in bytes; who reads it may stop
// earlier.
const maxArchive = 256 << 20

// Archive asks for the archive of one version: at the address that the
// registry's document lists, if that is the configured registry's own, else
// where npm's clients expect it. The error wraps a [*fetch.Failure].
func (n NPM) Archive(ctx context.Context, name, version, listed string) (io.ReadCloser, error) {
	home := n.Address(name)
	if !below(home, listed) {
		path, ok := npmPath(name)
		if !ok || !npmSegment(version) && !npmSegment(strings.ReplaceAll(version, "+", "")) {
			return nil, fmt.Errorf("npm: %q of %q is not a package's version", version, name)
		}
		_, bare, scoped := strings.Cut(name, "/")
		if !scoped {
			bare = name
		}
		listed = strings.TrimSuffix(home, "/") + "/" + path + "/-/" + bare + "-" + strings.ReplaceAll(version, "+", "%2B") + ".tgz"
	}
	body, err := n.Door.Fetch(ctx, fetch.Request{URL: listed, Limit: maxArchive, Immutable: true, Unkept: true})
	if err != nil {
		return nil, fmt.Errorf("npm: archive of %s %s: %w", name, version, err)
	}
	return body, nil
}
