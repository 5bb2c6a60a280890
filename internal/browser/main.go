// Browser opens the report as a page in a real browser and uses it as a person
// does: it sorts and searches, by light and dark, and complains of anything that
// the console says and of every request but that for the file.
//
// It needs a Chromium on this machine, and node and npm, which installs what
// drives it in a temporary folder from package-lock.json:
//
//	go run ./internal/browser
package main

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
)

//go:embed package.json package-lock.json .npmrc use.mjs
var pinned embed.FS

func main() {
	if err := npmtest.Skip("browser", run()); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run() error {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		return npmtest.Skipped("no Chromium is installed, and the report is opened in one")
	}
	dir, err := os.MkdirTemp("", "lockkeeper-browser-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	home, page := filepath.Join(dir, "driver"), filepath.Join(dir, "report.html")
	if err := npmtest.Install(home, pinned, "what drives the browser is of JavaScript"); err != nil {
		return err
	}
	// The demo is blocked, which is an exit code and no failure here.
	judge := exec.Command("go", "run", "-trimpath", "-tags=grpcnotrace", ".", "check", "--base", "testdata/demo/base", "--head", "testdata/demo/head",
		"--replay", "testdata/demo/evidence.zip", "--output", "html="+page)
	judge.Env = append(os.Environ(), "CGO_ENABLED=0") // as .ci/run builds it, so that it is there
	out, _ := judge.CombinedOutput()
	if _, err := os.Stat(page); err != nil {
		return fmt.Errorf("the demo's report: %w\n%s", err, out)
	}
	use := exec.Command("node", "use.mjs", browser, page)
	use.Dir, use.Stdout, use.Stderr = home, os.Stdout, os.Stderr
	return use.Run()
}
