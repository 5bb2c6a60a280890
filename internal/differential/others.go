package main

import (
	"bufio"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// scripts are the other readers: a lockfile of their own, and what calls them.
//
//go:embed package.json package-lock.json .npmrc read.mjs readers
var scripts embed.FS

// others is a process of node that reads lockfiles, as read.mjs says.
type others struct {
	process *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Reader
}

// answer is what another reader finds in a lockfile.
type answer struct {
	Reader  string      `json:"reader"`
	Error   string      `json:"error"`
	Entries []theirs    `json:"entries"`
	Roots   []theirRoot `json:"roots"`
}

// theirs is an entry as another reader sees it. A field that it knows nothing of
// is not in the map.
type theirs struct {
	Key    string            `json:"key"`
	Line   int               `json:"line"`
	Fields map[string]string `json:"fields"`
	Edges  []theirEdge       `json:"edges"`
}

// theirEdge is a name, what is asked for, and the key of the entry that answers,
// if the reader knows it.
type theirEdge []string

type theirRoot struct {
	Folder string      `json:"folder"`
	Edges  []theirEdge `json:"edges"`
}

// install puts the other readers into a folder and starts them.
func install(dir string) (*others, error) {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, skipped(program + " is not installed, and the other readers are of JavaScript")
		}
	}
	if err := os.CopyFS(dir, scripts); err != nil {
		return nil, err
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		if code := unreachable(string(out)); code != "" {
			return nil, skipped("the npm registry can't be reached: " + code)
		}
		return nil, fmt.Errorf("npm ci: installing the other readers: %w\n%s", err, out)
	}

	o := &others{process: exec.Command("node", "read.mjs")}
	o.process.Dir, o.process.Stderr = dir, os.Stderr
	var err, err2 error
	o.ask, err = o.process.StdinPipe()
	out, err2 := o.process.StdoutPipe()
	if err := errors.Join(err, err2, o.process.Start()); err != nil {
		return nil, fmt.Errorf("node: starting the other readers: %w", err)
	}
	o.answers = bufio.NewReaderSize(out, 1<<20)
	return o, nil
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

// read asks what the other reader finds in a lockfile.
func (o *others) read(l lock) (answer, error) {
	var a answer
	request, err := json.Marshal(map[string]string{"root": l.root, "path": l.path})
	if err != nil {
		return a, err
	}
	if _, err := o.ask.Write(append(request, '\n')); err != nil {
		return a, fmt.Errorf("%s: asking the other reader: %w", l.name, err)
	}
	line, err := o.answers.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &a)
	}
	if err != nil {
		return a, fmt.Errorf("%s: asking the other reader: %w", l.name, err)
	}
	return a, nil
}

func (o *others) close() {
	o.ask.Close()
	o.process.Wait() // it ends with its input; what it had to say was said
}
