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
	w     io.Writer
	now   func() time.Time
	start time.Time

	mu    sync.Mutex
	shown bool
	last  time.Time
}

// What a person notices as waiting, and how often a line is worth redrawing.
const (
	patience = time.Second
	redraw   = 100 * time.Millisecond
)

// newProgress gives nil where nobody watches.
func newProgress(env Environment) *progress {
	if !env.StderrTerminal {
		return nil
	}
	return &progress{w: env.Stderr, now: env.Now, start: env.Now()}
}

// step tells how far a stage is.
func (p *progress) step(stage string, done, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.start) < patience || now.Sub(p.last) < redraw {
		return
	}
	p.shown, p.last = true, now
	fmt.Fprintf(p.w, "\r\x1b[K%s: %d of %d", stage, done, total)
}

// clear removes the line.
func (p *progress) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
