package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/gate/worldtest"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// network judges changes against a registry that answers late: with no cache,
// and again at once with the one that the first run left.
func network(dir, binary string) error {
	const latency = 100 * time.Millisecond
	fmt.Printf("Changed packages against a loopback registry that answers each request after %s\n\n", latency)
	row("changed packages", "documents, MB", "first run", "requests", "memory, MiB", "second run", "requests", "memory, MiB")
	row("---", "---", "---", "---", "---", "---", "---", "---")
	for _, n := range []int{1, 100, 400} {
		// As npm's registry says of its documents.
		world := &worldtest.World{Latency: latency, Header: map[string]string{"Cache-Control": "public, max-age=300"}}
		world.Start()
		base, head, raised, err := pair(dir, world.NPM(), entries, n)
		if err != nil {
			return err
		}
		files, size, err := registryOf(raised)
		if err != nil {
			return err
		}
		world.Files = files
		cold, warm, err := twice(dir, binary, world, base, head)
		world.Close()
		if err != nil {
			return err
		}
		row(len(raised), float64(size)/1e6, cold.wall, cold.requests, cold.memory>>20, warm.wall, warm.requests, warm.memory>>20)
	}
	return nil
}

// reach is what a run took, and how often it asked.
type reach struct {
	usage
	requests int64
}

// twice gives the median of runs that begin with an empty cache, and of runs
// that follow them.
func twice(dir, binary string, world *worldtest.World, base, head string) (cold, warm reach, err error) {
	env := []string{"NPM_CONFIG_REGISTRY=" + world.NPM(), "LOCKKEEPER_OSV_URL=" + world.OSV()}
	cache := filepath.Join(dir, "cache")
	var times [2][]time.Duration
	for range rounds {
		if err = os.RemoveAll(cache); err != nil {
			return
		}
		for i, r := range []*reach{&cold, &warm} {
			before := world.Requests()
			u, err := execute(binary, env, "check", "--content", "never", "--base", base, "--head", head, "--cache-dir", cache, "--output", filepath.Join(dir, "report.txt"))
			if err != nil {
				return cold, warm, err
			}
			times[i] = append(times[i], u.wall)
			r.requests = world.Requests() - before
			r.memory = max(r.memory, u.memory)
		}
	}
	for i, r := range []*reach{&cold, &warm} {
		slices.Sort(times[i])
		r.wall = times[i][rounds/2]
	}
	return cold, warm, nil
}

// registryOf makes a registry that knows the entries and what they were raised
// to: documents of 100 to 700 kB, as those of most packages that many depend
// on, with the new releases signed.
func registryOf(raised []lockfile.Entry) (files fstest.MapFS, size int, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, 0, err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, 0, err
	}
	files = fstest.MapFS{"-/npm/v1/keys.json": &fstest.MapFile{
		Data: fmt.Appendf(nil, `{"keys":[{"keyid":"k","scheme":"ecdsa-sha2-nistp256","key":%q}]}`, base64.StdEncoding.EncodeToString(public)),
	}}
	for i, e := range raised {
		to, hash := e.Version+"9", strings.Replace(e.Integrity[0], "sha512-", "sha512-9", 1)
		digest := sha256.Sum256([]byte(e.Name + "@" + to + ":" + hash))
		signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
		if err != nil {
			return nil, 0, err
		}
		d := document{name: e.Name}
		for r := range 60 + i*61%360 {
			d.release(fmt.Sprintf("0.%d.%d", r/20, r%20), "sha512-0", "")
		}
		d.release(e.Version, e.Integrity[0], "")
		d.release(to, hash, base64.StdEncoding.EncodeToString(signature))
		data := d.bytes()
		size += len(data)
		files[e.Name+".json"] = &fstest.MapFile{Data: data}
	}
	return files, size, nil
}

// document is npm's document of a package, while it is written.
type document struct {
	name            string
	versions, times bytes.Buffer
}

// release adds one of 1.7 kB. What takes the room is what nobody needs, as in
// real ones.
func (d *document) release(version, hash, signature string) {
	fmt.Fprintf(&d.versions, `%q:{"name":%q,"version":%q,"description":"one of many","keywords":[%s"end"],`, version, d.name, version, strings.Repeat(`"keyword",`, 20))
	fmt.Fprintf(&d.versions, `"scripts":{"test":"%s","build":"rollup -c"},"dependencies":{"debug":"^4.1.0","ms":"~2.0.0"},`, strings.Repeat("npm run lint && ", 30))
	fmt.Fprintf(&d.versions, `"gitHead":"%040d","exports":{%s".":"./index.js"},"_npmUser":{"name":"someone","email":"someone@example.com"},`, 7, strings.Repeat(`"./lib/*":"./lib/*",`, 20))
	fmt.Fprintf(&d.versions, `"maintainers":[{"name":"someone","email":"someone@example.com"}],"dist":{"integrity":%q,"signatures":[{"keyid":"k","sig":%q}]}},`, hash, signature)
	fmt.Fprintf(&d.times, `%q:"2024-01-01T00:00:00Z",`, version)
}

func (d *document) bytes() []byte {
	return fmt.Appendf(nil, `{"name":%q,"versions":{%s},"time":{%s"created":"2020-01-01T00:00:00Z"}}`,
		d.name, bytes.TrimSuffix(d.versions.Bytes(), []byte(",")), d.times.Bytes())
}
