package cli

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress shows on a terminal what a run waits for, once it has taken longer
// than a moment. In a pipe it writes nothing.
type progress struct {
	w    io.Writer
	stop chan struct{}
	done sync.WaitGroup

	mu             sync.Mutex
	stage          string
	answered, asks int
}

// What a person notices as waiting, and how often the line is drawn again.
const (
	patience = time.Second
	redraw   = 200 * time.Millisecond
)

// newProgress starts to watch; nil where nobody does.
func newProgress(env Environment) *progress {
	if !env.StderrTerminal {
		return nil
	}
	p := &progress{w: env.Stderr, stop: make(chan struct{}), stage: "reading the lockfiles"}
	p.done.Go(p.draw)
	return p
}

// step tells how far a stage is.
func (p *progress) step(stage string, answered, asks int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stage, p.answered, p.asks = stage, answered, asks
}

// draw writes the line by the clock and not by the events, since a run is slow
// just when nothing happens.
func (p *progress) draw() {
	wait := time.NewTimer(patience)
	defer wait.Stop()
	for shown := false; ; shown = true {
		select {
		case <-p.stop:
			if shown {
				fmt.Fprint(p.w, "\r\x1b[K")
			}
			return
		case <-wait.C:
			fmt.Fprint(p.w, "\r\x1b[K"+p.line())
			wait.Reset(redraw)
		}
	}
}

func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asks == 0 {
		return p.stage + "…"
	}
	return fmt.Sprintf("%s: %d of %d", p.stage, p.answered, p.asks)
}

// clear ends the watch and removes the line.
func (p *progress) clear() {
	if p == nil {
		return
	}
	close(p.stop)
	p.done.Wait()
}
