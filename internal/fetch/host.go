package fetch

import (
	"context"
	"fmt"
	"sync"
)

// patience is how many questions in a row a host may leave unanswered, each
// after all its tries, before no more are asked. It is two rounds of what is
// asked at once, so that a short outage costs some answers and a host that is
// down does not cost every package its deadline.
const patience = 2 * DefaultPerHost

// host is what is shared by all requests to one "host:port".
type host struct {
	slots chan struct{}

	mu     sync.Mutex
	silent int     // questions in a row without an answer
	last   Failure // of the latest of them
}

// enter waits for a slot; leave gives it back.
func (h *host) enter(ctx context.Context) *Failure {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		err := endOf(ctx)
		c := diagnose(err)
		return &Failure{Reason: c.reason, Detail: c.words, Err: err}
	}
	if f := h.givenUp(); f != nil {
		h.leave()
		return f
	}
	return nil
}

func (h *host) leave() { <-h.slots }

// givenUp is the failure of a question that is not asked any more.
func (h *host) givenUp() *Failure {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.silent < patience {
		return nil
	}
	f := h.last
	f.Detail = join(f.Detail, fmt.Sprintf("not asked again after %d such answers in a row", patience))
	return &f
}

// heard takes note of how a question went; f is nil for an answer.
func (h *host) heard(f *Failure) {
	if f.ours() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if f == nil || !silence[f.Reason] {
		h.silent = 0
		return
	}
	h.silent++
	h.last = *f
}

// silence are the reasons that say something about the host and nothing about
// the question.
var silence = map[Reason]bool{Unavailable: true, TimedOut: true, RateLimited: true}
