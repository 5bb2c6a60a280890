package registry

import (
	"errors"
	"io"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/fetch/fetchtest"
)

func TestArchiveAddress(t *testing.T) {
	const home, team = "https://npm.example.com", "https://npm.acme.example/team"
	for _, tt := range []struct{ name, version, listed, want string }{
		{"wren", "1.0.0", home + "/wren/-/wren-1.0.0.tgz", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", home + "/files/abc?v=1", home + "/files/abc?v=1"},
		{"wren", "1.0.0", "", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", "https://cdn.invalid/wren-1.0.0.tgz", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", "http://npm.example.com/wren/-/wren-1.0.0.tgz", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", "https://npm.example.com@evil.invalid/wren-1.0.0.tgz", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", "https://npm.example.com.evil.invalid/wren", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0", "file:///etc/passwd", home + "/wren/-/wren-1.0.0.tgz"},
		{"wren", "1.0.0-rc.1+build.5", "", home + "/wren/-/wren-1.0.0-rc.1%2Bbuild.5.tgz"},
		{"@acme/wren", "1.0.0", team + "/@acme/wren/-/wren-1.0.0.tgz", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		{"@acme/wren", "1.0.0", "", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		{"@acme/wren", "1.0.0", home + "/@acme/wren/-/wren-1.0.0.tgz", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		// Above the path that is configured the token is not for use.
		{"@acme/wren", "1.0.0", "https://npm.acme.example/other/wren.tgz", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		{"@acme/wren", "1.0.0", team + "/../other/wren.tgz", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		{"@acme/wren", "1.0.0", team + "/%2e%2e/other/wren.tgz", team + "/@acme/wren/-/wren-1.0.0.tgz"},
		{"@other/wren", "1.0.0", "", home + "/@other/wren/-/wren-1.0.0.tgz"},
	} {
		getter := fetchtest.New(t, map[string]fetchtest.Answer{tt.want: fetchtest.Body("archive")})
		body, err := npmAt(getter).Archive(t.Context(), tt.name, tt.version, tt.listed)
		if err != nil {
			t.Errorf("%s %s listed at %q: %v", tt.name, tt.version, tt.listed, err)
			continue
		}
		if data, err := io.ReadAll(body); string(data) != "archive" || err != nil {
			t.Errorf("%s: got %q, %v", tt.want, data, err)
		}
		body.Close()
		if r := getter.Requests()[0]; !r.Immutable || !r.Unkept || r.Limit != maxArchive {
			t.Errorf("asked with %+v", r)
		}
	}
}

// No name and no version leaves the path that is made of them.
func TestHostileArchiveNames(t *testing.T) {
	for _, tt := range [][2]string{
		{"..", "1.0.0"}, {"../wren", "1.0.0"}, {"wren/../../x", "1.0.0"}, {"@acme/../x", "1.0.0"}, {"@acme/wren/x", "1.0.0"}, {"@/x", "1.0.0"},
		{"wren?x", "1.0.0"}, {"wren#x", "1.0.0"}, {"wren%2F..", "1.0.0"}, {"wren\\x", "1.0.0"}, {"wren\n", "1.0.0"}, {"", "1.0.0"}, {"_wren", "1.0.0"},
		{strings.Repeat("a", maxNPMName+1), "1.0.0"},
		{"wren", ""}, {"wren", "+"}, {"wren", ".."}, {"wren", "../x"}, {"wren", "1.0.0/../../x"}, {"wren", "1.0.0?x=1"}, {"wren", "1.0.0#x"},
		{"wren", "1.0.0%2F.."}, {"wren", "1.0.0 x"}, {"wren", "1.0.0\r\nHost: x"}, {"wren", `1\2`}, {"wren", "+../x"},
	} {
		body, err := npmAt(fetchtest.New(t, nil)).Archive(t.Context(), tt[0], tt[1], "")
		if body != nil || err == nil {
			t.Errorf("%.40q %q: no error", tt[0], tt[1])
		}
	}
}

func FuzzArchivePath(f *testing.F) {
	f.Add("@acme/wren", "1.0.0+build")
	f.Add("wren", "..")
	f.Fuzz(func(t *testing.T, name, version string) {
		p, ok := archivePath(name, version)
		if !ok {
			return
		}
		u, err := url.Parse("https://npm.example.com/" + p)
		if err != nil || u.Path != path.Clean(u.Path) || !strings.HasPrefix(u.Path, "/"+name+"/-/") || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q %q: %q, %v", name, version, p, err)
		}
	})
}

func TestArchiveFails(t *testing.T) {
	for _, reason := range []fetch.Reason{fetch.NotFound, fetch.Denied, fetch.Offline} {
		getter := fetchtest.New(t, map[string]fetchtest.Answer{"https://npm.example.com/wren/-/wren-1.0.0.tgz": fetchtest.Fail(reason)})
		_, err := npmAt(getter).Archive(t.Context(), "wren", "1.0.0", "")
		var failure *fetch.Failure
		if !errors.As(err, &failure) || failure.Reason != reason {
			t.Errorf("got %v, want %s", err, reason)
		}
	}
}
