package gate

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// An endpoint is one kind of address that a run asks.
type endpoint struct {
	name, path string
	check      string                     // that is left open without it
	other      string                     // what it may answer about another package
	lock       func() (base, head string) // the change that asks for it
	without    []string                   // faults that are none here, or a matter of chance
}

// endpoints are all that there are.
var endpoints = []endpoint{
	{"npm's document of a package", "/npm/wren", "registry", `{"name":"finch","versions":{"1.0.1":{}}}`, npmUpdate, nil},
	{"npm's keys", "/npm/-/npm/v1/keys", "signatures", `{"keys":[{"keyid":"another"}]}`, npmUpdate, nil},
	{"OSV's batch", "/osv/v1/querybatch", "advisories", `{"results":[]}`, npmUpdate, nil},
	{"OSV's record", "/osv/v1/vulns/MAL-2026-1", "advisories", `{"id":"MAL-2026-2","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"finch"},"versions":["1.0.0"]}]}`, npmUpdate, nil},
	{"GitHub's advisories", "/github/advisories", "github-advisories", `{"message":"another API"}`, npmUpdate,
		// Two questions are asked at once, and one of them meets what comes now and then. Its answers are lists.
		[]string{"429, now and then", "503, now and then", "breaks off now and then", "a list"}},
	{"JSR's document of a package", "/jsr/@acme/path/meta.json", "registry", `{"scope":"acme","name":"flag","versions":{"1.0.1":{}}}`, jsrUpdate, nil},
	{"JSR's document of a release", "/jsr/@acme/path/1.0.1_meta.json", "hashes", `{"manifest":{}}`, jsrUpdate, nil},
}

// fixture is a world in which nothing is wrong with an update of wren on npm and
// of @acme/path on JSR.
type fixture struct{ fstest.MapFS }

const (
	wrenHash   = "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
	jsrRelease = `{"manifest":{"/mod.ts":{"size":1,"checksum":"sha256-0"}}}`
)

func newFixture(t *testing.T) fixture {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("wren@1.0.1:" + wrenHash))
	var signature []byte
	for len(signature) < 70 { // rarely one is shorter, and so was a length in the golden
		if signature, err = ecdsa.SignASN1(rand.Reader, key, digest[:]); err != nil {
			t.Fatal(err)
		}
	}
	release := `{"name":"wren","version":%q,"scripts":{},"_npmUser":{"name":"ann"},"maintainers":[{"name":"ann"}],"dist":{"integrity":%q,"signatures":[%s]}}`
	encoded := base64.StdEncoding.EncodeToString
	files := map[string]string{
		"wren.json": fmt.Sprintf(`{"name":"wren","versions":{"1.0.0":%s,"1.0.1":%s},"time":{"created":"2024-01-01T00:00:00Z","1.0.0":"2024-01-01T00:00:00Z","1.0.1":"2025-01-01T00:00:00Z"}}`,
			fmt.Sprintf(release, "1.0.0", "sha512-BBBB", ""), fmt.Sprintf(release, "1.0.1", wrenHash, `{"keyid":"k","sig":"`+encoded(signature)+`"}`)),
		"-/npm/v1/keys.json": `{"keys":[{"keyid":"k","scheme":"ecdsa-sha2-nistp256","key":"` + encoded(public) + `"}]}`,
		"osv/MAL-2026-1.json": `{"id":"MAL-2026-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"wren"},
			"ranges":[{"type":"SEMVER","events":[{"introduced":"3.0.0"}]}]}]}`,
		"jsr/@acme/path/meta.json":       `{"scope":"acme","name":"path","versions":{"1.0.0":{"createdAt":"2025-12-01T00:00:00Z"},"1.0.1":{"createdAt":"2026-01-01T00:00:00Z"}}}`,
		"jsr/@acme/path/1.0.1_meta.json": jsrRelease,
	}
	f := fixture{make(fstest.MapFS)}
	for name, content := range files {
		f.MapFS[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return f
}

func npmUpdate() (base, head string) {
	const lock = `{"lockfileVersion":3,"packages":{"":{},"node_modules/wren":{"version":%q,"integrity":%q}}}`
	return fmt.Sprintf(lock, "1.0.0", "sha512-BBBB"), fmt.Sprintf(lock, "1.0.1", wrenHash)
}

func jsrUpdate() (base, head string) {
	const lock = `{"version":"5","specifiers":{"jsr:@acme/path@1":%q},"jsr":{"@acme/path@%[1]s":{"integrity":%q}}}`
	hash := sha256.Sum256([]byte(jsrRelease))
	return fmt.Sprintf(lock, "1.0.0", strings.Repeat("0", 64)), fmt.Sprintf(lock, "1.0.1", hex.EncodeToString(hash[:]))
}

// harmless are the faults after which everything is known all the same.
var harmless = map[string]bool{
	"nothing wrong": true, "429, now and then": true, "503, now and then": true, "breaks off now and then": true,
	"sends more than it announces": true,
}

// An encounter is a fault that a run meets at an endpoint.
type encounter struct {
	name      string
	fault     worldtest.Fault
	transport http.RoundTripper // nil for the usual
	slow      bool
}

func encounters(path, other string) []encounter {
	all := []encounter{
		{name: "nothing wrong"},
		{name: "nobody listens", transport: refused{&http.Transport{}, path}},
		{name: "tells of another package", fault: worldtest.Of([]byte(other))},
	}
	for _, f := range worldtest.Faults {
		all = append(all, encounter{name: f.Name, fault: f.Fault, slow: f.Slow})
	}
	return all
}

// refused is a network on which nobody listens at one path.
type refused struct {
	http.RoundTripper
	path string
}

func (n refused) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == n.path {
		return nil, syscall.ECONNREFUSED
	}
	return n.RoundTripper.RoundTrip(r)
}

// meet judges the fixture's update with a fault in its way, and by a stricter
// policy what was recorded of that.
func (f fixture) meet(t *testing.T, path string, lock func() (base, head string), e encounter) (recommended, strict *report.Report) {
	world := &worldtest.World{Files: f}
	if e.fault != nil {
		world.Faults = map[string]worldtest.Fault{path: e.fault}
	}
	world.Start()
	defer world.Close()
	addresses := map[string]string{
		"NPM_CONFIG_REGISTRY": world.NPM(), "LOCKKEEPER_REGISTRY_JSR": world.JSR(), "LOCKKEEPER_OSV_URL": world.OSV(),
		"GITHUB_API_URL": world.GitHub(),
	}
	name := "package-lock.json"
	base, head := lock()
	if strings.Contains(base, "jsr:") {
		name = "deno.lock"
	}
	before, after := folder(t, map[string]string{name: base}), folder(t, map[string]string{name: head})
	o := Options{
		Getenv:  func(name string) string { return addresses[name] },
		Record:  filepath.Join(t.TempDir(), "bundle"),
		GitHub:  GitHub{Token: "t0ken", Advisories: github.Advisories},
		Network: Network{Transport: e.transport, Attempts: 2, Backoff: time.Millisecond},
	}
	if e.slow {
		o.Network.Timeout, o.Network.Stall, o.Network.Deadline = 500*time.Millisecond, 500*time.Millisecond, 3*time.Second
	}
	recommended = check(t, before, after, o)
	return recommended, check(t, before, after, Options{
		Getenv: o.Getenv, Replay: o.Record, GitHub: o.GitHub, Network: Network{Transport: refusing{t}}, Overrides: policy.Overrides{Preset: "strict"},
	})
}

// changing is what differs from run to run: the world's address, and the words
// of the JSON library, which it chooses by chance so that nobody relies on them.
var changing = strings.NewReplacer("json: unable to ", "json: cannot ")

var ownAddress = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)

// said lists a report's gaps and findings.
func sentence(r *report.Report) (lines []string) {
	for _, c := range r.Changes {
		for _, g := range c.Gaps {
			reason := changing.Replace(ownAddress.ReplaceAllString(g.Reason, "HOST"))
			lines = append(lines, fmt.Sprintf("gap in %s: %s (%s)", g.Check, reason, cmp.Or(g.Hint, "no hint")))
		}
		for _, f := range c.Findings {
			lines = append(lines, "finding: "+f.Signal)
		}
	}
	return lines
}

// account judges one encounter, and gives what the report says beside usual.
func (f fixture) account(t *testing.T, end endpoint, e encounter, usual []string) []string {
	start := time.Now()
	recommended, strict := f.meet(t, end.path, end.lock, e)
	if took := time.Since(start); took > 2*time.Minute { // 128 MB through the race detector take one
		t.Errorf("%s, %s: took %s", end.name, e.name, took)
	}
	if diff := gocmp.Diff(sentence(recommended), sentence(strict)); diff != "" {
		t.Errorf("%s, %s: replayed it says something else:\n%s", end.name, e.name, diff)
	}
	lines := []string{fmt.Sprintf("%s: %s, strictly %s", e.name, recommended.Verdict, strict.Verdict)}
	left, accused := false, false
	for _, line := range sentence(recommended) {
		if !slices.Contains(usual, line) {
			lines = append(lines, line)
			left = left || strings.HasPrefix(line, "gap in "+end.check+":")
			accused = accused || strings.HasPrefix(line, "finding:")
		}
	}
	if lying := e.name == "tells of another package"; left == harmless[e.name] && !lying || accused && !lying || !left && !accused && lying {
		t.Errorf("%s, %s: %q", end.name, e.name, lines)
	}
	if left && (strict.Verdict != "unjudged" || recommended.Verdict != "unjudged" && !forgiven[end.check]) {
		t.Errorf("%s, %s: %s, strictly %s", end.name, e.name, recommended.Verdict, strict.Verdict)
	}
	return lines
}

// forgiven are the checks that the recommended policy only warns about.
var forgiven = map[string]bool{"signatures": true, "github-advisories": true}

// Whatever an address does, the run ends in time, says which question it left
// open and why, and accuses nobody. testdata/faults.txt lists each case.
func TestFaults(t *testing.T) {
	log.SetOutput(io.Discard) // net/http logs what a server sends out of turn
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	f := newFixture(t)
	var told strings.Builder
	sections := make([][][]string, len(endpoints))
	// The slow ones wait together, when nothing else keeps the machine busy.
	for _, slow := range []bool{false, true} {
		var group errgroup.Group
		group.SetLimit(map[bool]int{false: 4, true: 100}[slow])
		for i, end := range endpoints {
			usual, _ := f.meet(t, end.path, end.lock, encounter{})
			all := slices.DeleteFunc(encounters(end.path, end.other), func(e encounter) bool { return slices.Contains(end.without, e.name) })
			if sections[i] == nil {
				sections[i] = make([][]string, len(all))
			}
			for j, e := range all {
				if e.slow == slow {
					group.Go(func() error {
						sections[i][j] = f.account(t, end, e, sentence(usual))
						return nil
					})
				}
			}
		}
		_ = group.Wait()
	}
	for i, end := range endpoints {
		fmt.Fprintf(&told, "# %s\n", end.name)
		for _, lines := range sections[i] {
			fmt.Fprintf(&told, "%s\n", strings.Join(lines, "\n\t"))
		}
	}
	golden := filepath.Join("testdata", "faults.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(told.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(told.String(), "\n")); diff != "" {
		t.Errorf("testdata/faults.txt (-want +got):\n%s", diff)
	}
}
