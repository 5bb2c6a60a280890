package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/lockfile/locktest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/jsonline"
	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// contender reads one format, and is measured beside another reader of it.
type contender struct {
	file string
	make func(entries int, seed uint64) []byte
	// walk passes over all tokens and keeps a copy of the text.
	walk  func(data []byte) error
	rival string
	// read times the rival once in this process, and otherwise readElsewhere
	// gives its median; dir is for its files.
	read          func(data []byte) (time.Duration, error)
	readElsewhere func(dir string, data []byte) (time.Duration, error)
}

var contenders = []contender{
	{"package-lock.json", locktest.NPM, walkJSON, "Node, JSON.parse", nil, parseInNode},
	{"bun.lock", locktest.Bun, walkJSON, "Node, JSON.parse without the commas that it refuses", nil, parseInNode},
	{"deno.lock", locktest.Deno, walkJSON, "Node, JSON.parse", nil, parseInNode},
	{"pnpm-lock.yaml", locktest.PNPM, walkYAML, "go.yaml.in/yaml/v4, Node", yamlNodes, nil},
	{"yarn.lock", locktest.YarnClassic, walkLines, "@yarnpkg/lockfile", nil, scriptOf("lockfile", "require('@yarnpkg/lockfile').parse(text)")},
	{"yarn.lock", locktest.YarnBerry, walkYAML, "@yarnpkg/parsers, parseSyml", nil, scriptOf("parsers", "require('@yarnpkg/parsers').parseSyml(text)")},
}

// formats compares the reader of each format with a bare scan for the lines of
// the same bytes, and with the reader that its own package manager or most
// people use. Ours gives lines, hashes and edges.
func formats(dir, _ string) error {
	fmt.Print("Each format, 6,000 entries\n\n")
	row("file", "MB", "lockkeeper", "MB/s", "times a line scan", "walking and keeping alone", "beside", "takes", "times ours")
	row("---", "---", "---", "---", "---", "---", "---", "---", "---")
	for _, c := range contenders {
		data := c.make(entries, 1)
		turns := []func() (time.Duration, error){
			func() (time.Duration, error) {
				runtime.GC()
				start := time.Now()
				_, err := c.parse(data)
				return time.Since(start), err
			},
			func() (time.Duration, error) { return scanLines(data) },
		}
		if c.read != nil {
			turns = append(turns, func() (time.Duration, error) { return c.read(data) })
		}
		times, err := mediansOf(3*rounds, turns...)
		if err != nil {
			return err
		}
		ours, scan := times[0], times[1]
		least, err := c.keeping(data)
		if err != nil {
			return err
		}
		cells := []any{c.file, float64(len(data)) / 1e6, ours, int(float64(len(data)) / 1e6 / ours.Seconds()), ratio(ours, scan), ratio(least, scan), c.rival}
		if c.read == nil {
			rival, err := c.readElsewhere(dir, data)
			if err != nil {
				row(append(cells, "not measured: "+err.Error(), "")...)
				continue
			}
			times = append(times, rival)
		}
		row(append(cells, times[2], ratio(times[2], ours))...)
	}
	return nil
}

func (c contender) parse(data []byte) (*lockfile.Inventory, error) {
	inv, err := lockfile.Parse(lockfile.Input{Path: c.file, Data: data})
	if err == nil && len(inv.Entries) < 1000 {
		err = errors.New(c.file + ": hardly anything was read")
	}
	return inv, err
}

// scanLines is the least that a reader could do: to take the text line by line.
func scanLines(data []byte) (time.Duration, error) {
	start := time.Now()
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 64<<20)
	n := 0
	for lines.Scan() {
		n += len(lines.Bytes())
	}
	if n == 0 {
		return 0, errors.New("no lines")
	}
	return time.Since(start), lines.Err()
}

func walkJSON(data []byte) error { return jsonline.NewC(data).Skip() }

func walkYAML(data []byte) error {
	return yamlline.Read(string(data), func(w *yamlline.Walker) error {
		for w.Next() {
			w.Skip()
		}
		return w.Err()
	})
}

func walkLines(data []byte) error {
	for line := range strings.Lines(string(data)) {
		if line == "" {
			return errors.New("an empty line")
		}
	}
	return nil
}

// keeping times the least that such a reader could do: it passes over the
// tokens, makes the entries, hashes and edges of an inventory that is known
// already, and finds the entry of each edge once by its key. It looks at no
// token, checks nothing, and marks nothing.
func (c contender) keeping(data []byte) (time.Duration, error) {
	inv, err := c.parse(data)
	if err != nil {
		return 0, err
	}
	edgeCount, hashCount := 0, 0
	for i := range inv.Entries {
		edgeCount += len(inv.Entries[i].Dependencies)
		hashCount += len(inv.Entries[i].Integrity)
	}
	return median(func() (time.Duration, error) {
		runtime.GC()
		start := time.Now()
		if err := c.walk(data); err != nil {
			return 0, err
		}
		entries, at := make([]lockfile.Entry, len(inv.Entries)), make(map[string]int32, len(inv.Entries))
		edges, hashes := make([]lockfile.Dependency, 0, edgeCount), make([]string, 0, hashCount)
		for i := range entries {
			e := &entries[i]
			*e = inv.Entries[i]
			edges, hashes = append(edges, e.Dependencies...), append(hashes, e.Integrity...)
			e.Dependencies, e.Integrity = edges[len(edges)-len(e.Dependencies):], hashes[len(hashes)-len(e.Integrity):]
			at[e.Key] = int32(i)
		}
		answered := 0
		for i := range edges {
			if _, ok := at[edges[i].Key]; ok {
				answered++
			}
		}
		took := time.Since(start)
		if answered == 0 {
			return 0, errors.New(c.file + ": nothing was kept")
		}
		runtime.KeepAlive(entries)
		return took, nil
	})
}

var finalComma = regexp.MustCompile(`,(\s*[}\]])`)

// parseInNode times JSON.parse; commas before a closing bracket, which bun
// writes, are blanked beforehand.
func parseInNode(dir string, data []byte) (time.Duration, error) {
	data = finalComma.ReplaceAll(data, []byte(" $1"))
	file := filepath.Join(dir, "parse.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return 0, err
	}
	return node(file)
}

func yamlNodes(data []byte) (time.Duration, error) {
	runtime.GC()
	start := time.Now()
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	for {
		var document yaml.Node
		switch err := loader.Load(&document); {
		case errors.Is(err, io.EOF):
			return time.Since(start), nil
		case err != nil:
			return 0, err
		}
	}
}

// scriptOf times a reader of the npm registry in one warm process of Node. It is
// installed once, with the versions that the differential test pins.
func scriptOf(name, call string) func(dir string, data []byte) (time.Duration, error) {
	return func(dir string, data []byte) (time.Duration, error) {
		home := filepath.Join(dir, "readers")
		if err := install(home); err != nil {
			return 0, err
		}
		file := filepath.Join(home, name+".lock")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return 0, err
		}
		cmd := exec.Command("node", "-e", fmt.Sprintf(`
const text = require('fs').readFileSync(process.argv[1], 'utf8')
const times = []
for (let i = 0; i < 5; i++) {
  const start = process.hrtime.bigint()
  %s
  times.push(Number(process.hrtime.bigint() - start))
}
console.log(times.join(' '))`, call), file)
		cmd.Dir = home
		out, err := cmd.Output()
		if err != nil {
			return 0, fmt.Errorf("node: %w", err)
		}
		var times []int
		for text := range strings.FieldsSeq(string(out)) {
			t, err := strconv.Atoi(text)
			if err != nil {
				return 0, err
			}
			times = append(times, t)
		}
		slices.Sort(times)
		return time.Duration(times[len(times)/2]), nil
	}
}

// install fetches the independent readers into a folder, unless they are there.
func install(home string) error {
	if _, err := os.Stat(filepath.Join(home, "node_modules")); err == nil {
		return nil
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	for _, file := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join("internal", "differential", file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(home, file), data, 0o644); err != nil {
			return err
		}
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = home
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w: %.200s", err, out)
	}
	return nil
}

// monorepo reads forty lockfiles of a megabyte, and then compares them with
// forty others, each with ten changes.
func monorepo(dir, binary string) error {
	const files, megabyte = 40, 1_000_000
	base, head := filepath.Join(dir, "monorepo-base"), filepath.Join(dir, "monorepo-head")
	for i := range files {
		c := contenders[i%len(contenders)]
		data := c.make(entries*megabyte/len(c.make(entries, 1)), uint64(i))
		for _, side := range []string{base, head} {
			folder := filepath.Join(side, fmt.Sprint("project", i))
			if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, c.file), data, 0o644)); err != nil {
				return err
			}
			data = bytes.Replace(data, []byte("1.2.3"), []byte("1.2.4"), 10)
		}
	}
	fmt.Print("Forty lockfiles of 1 MB, of all formats, from start to exit\n\n")
	row("command", "median", "memory, MiB")
	row("---", "---", "---")
	list, err := several(binary, nil, "list", "--head", head, "--output", filepath.Join(dir, "list.txt"))
	if err != nil {
		return err
	}
	row("lockkeeper list", list.wall, list.memory>>20)
	check, err := several(binary, nil, "check", "--offline", "--base", base, "--head", head, "--output", filepath.Join(dir, "check.txt"))
	if err != nil {
		return err
	}
	row("lockkeeper check --offline, both sides", check.wall, check.memory>>20)
	return nil
}
