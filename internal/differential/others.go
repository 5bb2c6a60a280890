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

	"github.com/lockkeeper/lockkeeper/internal/npmtest"
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
	if err := npmtest.Install(dir, scripts, "the other readers are of JavaScript"); err != nil {
		return nil, err
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
