package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/artifact/artifacttest"
)

// Ordinary packages: the median of a lockfile's has some 20 files and 100 kB
// unpacked, the mean some 400 kB.
const (
	contentPackages = 20
	contentFiles    = 24
	contentSize     = 12_000 // bytes of a file
)

// content measures the reading of archives.
func content(dir, binary string) error {
	if err := contentOfCheck(dir, binary); err != nil {
		return err
	}
	fmt.Println()
	if err := contentOfPackages(dir, binary); err != nil {
		return err
	}
	fmt.Println()
	return contentOfLargest(dir, binary)
}

// contentOfCheck judges packages whose archives come from a registry that
// answers late.
func contentOfCheck(dir, binary string) error {
	const latency = 100 * time.Millisecond
	shop := newShop(latency)
	defer shop.Close()
	base, head, unpacked, err := shop.stock(dir)
	if err != nil {
		return err
	}
	cache, env := filepath.Join(dir, "content-cache"), []string{"NPM_CONFIG_REGISTRY=" + shop.URL + "/", "LOCKKEEPER_OSV_URL=" + shop.URL + "/osv"}
	args := []string{"check", "--base", base, "--head", head, "--cache-dir", cache, "--output", filepath.Join(dir, "report.txt")}
	var memory int64
	cold, err := median(func() (time.Duration, error) {
		if err := os.RemoveAll(cache); err != nil {
			return 0, err
		}
		u, err := execute(binary, env, args...)
		memory = max(memory, u.memory)
		return u.wall, err
	})
	if err != nil {
		return err
	}
	warm, err := several(binary, env, args...)
	if err != nil {
		return err
	}
	without, err := several(binary, env, append(args, "--content", "never")...)
	if err != nil {
		return err
	}
	fmt.Printf("%d changed packages of %d files, %.1f MB unpacked on both sides together, from a loopback registry that answers each request after %s\n\n",
		contentPackages, contentFiles+1, float64(unpacked)/1e6, latency)
	row("lockkeeper check", "median", "memory, MiB")
	row("---", "---", "---")
	row("nothing kept", cold, memory>>20)
	row("profiles from the cache", warm.wall, warm.memory>>20)
	row("--content never", without.wall, without.memory>>20)
	return nil
}

// shop is a registry of archives that are made for it.
type shop struct {
	*httptest.Server
	answers map[string][]byte
}

func newShop(latency time.Duration) *shop {
	s := &shop{answers: map[string][]byte{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		answer, ok := s.answers[r.URL.Path]
		switch {
		case ok:
			_, _ = w.Write(answer)
		case strings.HasPrefix(r.URL.Path, "/osv/"):
			fmt.Fprint(w, `{"results":[`+strings.TrimSuffix(strings.Repeat(`{},`, contentPackages), ",")+`]}`)
		default:
			http.NotFound(w, r)
		}
	}))
	return s
}

// stock fills the shop, and writes two lockfiles that differ in every package.
func (s *shop) stock(dir string) (base, head string, unpacked int, err error) {
	sides := map[string]map[string]any{"1.0.0": {}, "1.0.1": {}}
	for i := range contentPackages {
		name := fmt.Sprintf("package-%02d", i)
		versions := map[string]any{}
		for version, locked := range sides {
			files := written(uint64(i), version)
			for _, text := range files {
				unpacked += len(text)
			}
			archive, err := compress(artifacttest.Pack(files))
			if err != nil {
				return "", "", 0, err
			}
			path := "/" + name + "/-/" + name + "-" + version + ".tgz"
			s.answers[path] = archive
			dist := map[string]string{"tarball": s.URL + path, "integrity": artifacttest.Integrity(archive)}
			versions[version] = map[string]any{"name": name, "version": version, "dist": dist}
			locked["node_modules/"+name] = map[string]string{"version": version, "resolved": s.URL + path, "integrity": dist["integrity"]}
		}
		times := map[string]string{"created": "2020-01-01T00:00:00Z", "1.0.0": "2020-01-01T00:00:00Z", "1.0.1": "2024-01-01T00:00:00Z"}
		if s.answers["/"+name], err = json.Marshal(map[string]any{"name": name, "versions": versions, "time": times}); err != nil {
			return
		}
	}
	base, head = filepath.Join(dir, "content-base"), filepath.Join(dir, "content-head")
	for version, folder := range map[string]string{"1.0.0": base, "1.0.1": head} {
		lock, err := json.Marshal(map[string]any{"lockfileVersion": 3, "packages": sides[version]})
		if err != nil {
			return "", "", 0, err
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", "", 0, err
		}
		if err := os.WriteFile(filepath.Join(folder, "package-lock.json"), lock, 0o644); err != nil {
			return "", "", 0, err
		}
	}
	return base, head, unpacked, nil
}

// written makes the files of a package; the later version has a line more in
// every third.
func written(seed uint64, version string) map[string]string {
	files := map[string]string{"package.json": `{"name":"package","version":"` + version + `","main":"file00.js"}`}
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range contentFiles {
		var b strings.Builder
		fmt.Fprintf(&b, "'use strict'\nconst next = require('./file%02d.js')\nconst fs = require('fs')\n", (i+1)%contentFiles)
		for b.Len() < contentSize {
			n := random.IntN(1e6)
			fmt.Fprintf(&b, "\n// what handler %d does, in a sentence or so\nexports.handle%d = function (request, response) {\n"+
				"  const value = request.body['item%d'] || \"none\"\n  if (value.length > %d / 2) return response.status(400).send(`bad ${value}`)\n"+
				"  return next.handle%d({ ok: true, value, at: /^[a-z]+$/.test(value) })\n}\n", n, n, n, n, n)
		}
		if version != "1.0.0" && i%3 == 0 {
			b.WriteString("\nexports.added = name => fs.readFileSync(name)\n")
		}
		files[fmt.Sprintf("file%02d.js", i)] = b.String()
	}
	return files
}

// compress packs an archive again, as npm does.
func compress(archive []byte) ([]byte, error) {
	plain, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := io.Copy(zip, plain); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}
