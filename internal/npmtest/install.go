// Package npmtest installs other projects' programs of JavaScript for tests
// that hold Lockkeeper against them.
//
// It takes the manifest and the lockfile that pin them, and gives a folder with
// node_modules. It promises: no script of theirs is run by npm, and what this
// machine lacks is told from what is wrong.
package npmtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// Skipped is the error for what this machine lacks.
type Skipped string

func (s Skipped) Error() string { return string(s) }

// Skip prints a skipped error for the program of that name, and gives any other
// back.
func Skip(program string, err error) error {
	if s, ok := errors.AsType[Skipped](err); ok {
		fmt.Println(program+": SKIPPED:", s)
		return nil
	}
	return err
}

// Install writes the files, package.json and package-lock.json among them, into
// a folder that does not exist, and has npm install what they pin. what is what
// is missed where node or npm are not there.
func Install(dir string, files fs.FS, what string) error {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return Skipped(program + " is not installed, and " + what)
		}
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		if code := unreachable(string(out)); code != "" {
			return Skipped("the npm registry can't be reached: " + code)
		}
		return fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return nil
}

// npmCode finds the code under which npm tells why it gave up.
var npmCode = regexp.MustCompile(`(?m)^npm (?:error|ERR!) code (\S+)`)

// unreachable gives npm's code if it is one of those that mean that the
// registry did not answer, and "" else.
func unreachable(output string) string {
	m := npmCode.FindStringSubmatch(output)
	if m == nil {
		return ""
	}
	switch code := m[1]; code {
	case "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT":
		return code
	default:
		if strings.HasPrefix(code, "E5") && len(code) == len("E503") {
			return code
		}
		return ""
	}
}
