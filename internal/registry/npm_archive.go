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
		path, ok := archivePath(name, version)
		if !ok {
			return nil, fmt.Errorf("npm: %q of %q is not a package's version", version, name)
		}
		listed = strings.TrimSuffix(home, "/") + "/" + path
	}
	body, err := n.Door.Fetch(ctx, fetch.Request{URL: listed, Limit: maxArchive, Immutable: true, Unkept: true})
	if err != nil {
		return nil, fmt.Errorf("npm: archive of %s %s: %w", name, version, err)
	}
	return body, nil
}

// archivePath gives the path at which registries serve an archive. It is as
// strict as npmPath: a version's build metadata, behind a plus sign, is all that
// it may have beside the characters of a name.
func archivePath(name, version string) (path string, ok bool) {
	if _, ok = npmPath(name); !ok || !npmSegment(strings.ReplaceAll(version, "+", "")) {
		return "", false
	}
	bare := name[strings.LastIndexByte(name, '/')+1:]
	return name + "/-/" + bare + "-" + strings.ReplaceAll(version, "+", "%2B") + ".tgz", true
}
