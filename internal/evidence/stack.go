package evidence

import (
	"context"
	"strings"
	"sync"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
)

// stack holds the archives of a run, so that one which several changes need is
// read once: two versions of a package are often compared with the same third.
type stack struct {
	reader *reader
	copies map[string]*copied
}

func newStack(r *reader) *stack { return &stack{r, make(map[string]*copied)} }

// add gives the copy of an archive, which is to be taken once.
func (s *stack) add(a archived) *copied {
	key := strings.Join(append([]string{a.ecosystem, a.name, a.release.Version, a.release.Archive}, a.integrity...), "\x00")
	c := s.copies[key]
	if c == nil {
		c = &copied{archived: a}
		s.copies[key] = c
	}
	c.wanted++
	return c
}

// copied is the profile of one archive, kept until the last that wants it has
// taken it.
type copied struct {
	archived
	mu      sync.Mutex
	wanted  int
	read    bool
	profile *artifact.Profile
	err     error
}

func (c *copied) take(ctx context.Context, r *reader) (*artifact.Profile, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.read {
		c.read = true
		c.profile, c.err = r.profile(ctx, c.archived)
	}
	p := c.profile
	if c.wanted--; c.wanted == 0 {
		c.profile = nil
	}
	return p, c.err
}
