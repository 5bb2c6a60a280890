package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/artifact/artifacttest"
	"github.com/lockkeeper/lockkeeper/internal/code"
)

// realPackages are large and small, written by hand, built and minified.
var realPackages = []string{"axios@1.13.6", "lodash@4.17.21", "prettier@3.6.2", "react-dom@19.2.0", "webpack@5.102.1", "typescript@5.9.3"}

// contentOfPackages profiles packages that npm fetches.
func contentOfPackages(dir, _ string) error {
	fmt.Print("Profile of a package, and what the parts of it take, as time of one processor\n\n")
	if _, err := exec.LookPath("npm"); err != nil {
		fmt.Println("Not measured: there is no npm to fetch packages with.")
		return nil
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // or the collector of garbage waits on a second one
	row("package", "unpacked, MB", "code, MB", "profile", "MB/s", "unpack and hash", "tokens", "tokens and tree", "gzip -dc", "plain read", "profile, times gzip")
	row("---", "---", "---", "---", "---", "---", "---", "---", "---", "---", "---")
	for _, name := range realPackages {
		file, err := npmPack(dir, name)
		if err != nil {
			fmt.Printf("| %s | not measured: npm could not fetch it: %s |\n", name, err)
			continue
		}
		if err := contentOfPackage(name, file); err != nil {
			return err
		}
	}
	return nil
}

func npmPack(dir, name string) (string, error) {
	cmd := exec.Command("npm", "pack", "--silent", name)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, strings.TrimSpace(string(out))), nil
}

func contentOfPackage(name, file string) error {
	archive, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	whole, p, err := profiled(archive, artifact.Limits{})
	if err != nil {
		return err
	}
	unpack, _, err := profiled(archive, artifact.Limits{Code: 1})
	if err != nil {
		return err
	}
	zip, err := median(func() (time.Duration, error) {
		cmd := exec.Command("gzip", "-dc", file)
		err := cmd.Run()
		return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), err
	})
	if err != nil {
		return err
	}
	plain, err := unpacked(archive)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".tar", plain, 0o644); err != nil {
		return err
	}
	read, err := median(func() (time.Duration, error) {
		start := busy()
		_, err := os.ReadFile(file + ".tar")
		return busy() - start, err
	})
	if err != nil {
		return err
	}
	scripts, size := scriptsOf(plain, p)
	row(name, float64(p.Unpacked)/1e6, float64(size)/1e6, whole, float64(p.Unpacked)/1e6/whole.Seconds(), unpack,
		speed(scripts, ".ts", size), speed(scripts, ".js", size), zip, read, ratio(whole, zip))
	return nil
}

// busy is the time that this process has taken of processors: what another one
// takes of a shared machine doesn't count.
func busy() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // can't fail for these arguments
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profiled gives the median time of a profile.
func profiled(archive []byte, limits artifact.Limits) (t time.Duration, p *artifact.Profile, err error) {
	integrity := []string{artifacttest.Integrity(archive)}
	t, err = median(func() (time.Duration, error) {
		runtime.GC()
		start := busy()
		p, err = artifact.Read(context.Background(), bytes.NewReader(archive), integrity, limits)
		return busy() - start, err
	})
	return t, p, err
}

func unpacked(archive []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

// scriptsOf finds the JavaScript of a profile in the unpacked archive: the
// bytes of a file stand there as they are.
func scriptsOf(plain []byte, p *artifact.Profile) (scripts [][]byte, size int) {
	for at := 0; at+512 <= len(plain); {
		var length int
		_, _ = fmt.Sscanf(string(plain[at+124:at+135]), "%o", &length)
		name, _, _ := strings.Cut(string(plain[at:at+100]), "\x00")
		if prefix, _, _ := strings.Cut(string(plain[at+345:at+500]), "\x00"); prefix != "" {
			name = prefix + "/" + name
		}
		for i := range p.Files {
			if f := &p.Files[i]; f.Code != nil && f.Code.Language == "javascript" && strings.HasSuffix(name, "/"+f.Path) && f.Size == int64(length) {
				scripts, size = append(scripts, plain[at+512:at+512+length]), size+length
				break
			}
		}
		at += 512 + (length+511)/512*512
	}
	return scripts, size
}

// speed gives the megabytes a second of the reader of code. To it a file of
// TypeScript has tokens only, and one of JavaScript a tree where the tokens
// leave a question.
func speed(scripts [][]byte, ending string, size int) string {
	t, _ := median(func() (time.Duration, error) {
		runtime.GC()
		start := busy()
		for _, src := range scripts {
			code.Read("a"+ending, src)
		}
		return busy() - start, nil
	})
	return fmt.Sprintf("%.0f MB/s", float64(size)/1e6/t.Seconds())
}

// contentOfLargest profiles archives that are as hard as the caps allow.
func contentOfLargest(dir, binary string) error {
	fmt.Print("The most that an archive can take, from start to exit\n\n")
	row("archive", "unpacked, MB", "time", "memory, MiB")
	row("---", "---", "---", "---")
	noise := make([]byte, 63<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	scripts := map[string]string{"package.json": `{"name":"large"}`}
	var text strings.Builder
	text.WriteString("const run = require('child_' + 'process')\n")
	for i := 0; text.Len() < 2<<20-100; i++ {
		fmt.Fprintf(&text, "run.exec(a%d[b](c, {d: [1, %d, `e${f}`]}), g => h(g))\n", i%97, i*7919%10007) // repeated it would be a bomb
	}
	for i := range 90 {
		scripts[fmt.Sprintf("%02d.js", i)] = text.String()
	}
	for _, a := range []struct {
		name  string
		files map[string]string
		pack  bool
	}{
		{"63 MiB that don't compress", map[string]string{"package.json": `{"name":"large"}`, "blob.bin": string(noise)}, false},
		{"90 scripts of 2 MiB, each with a tree", scripts, true},
	} {
		archive := artifacttest.Pack(a.files)
		var err error
		if a.pack {
			if archive, err = compress(archive); err != nil {
				return err
			}
		}
		size := 0
		for _, f := range a.files {
			size += len(f)
		}
		file := filepath.Join(dir, "large.tgz")
		if err := os.WriteFile(file, archive, 0o644); err != nil {
			return err
		}
		archive = nil
		u, err := execute(binary, nil, "profile", file, "--output", filepath.Join(dir, "profile.txt"))
		if err != nil {
			return err
		}
		row(a.name, float64(size)/1e6, u.wall, u.memory>>20)
	}
	return nil
}
