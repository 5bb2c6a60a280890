package github

import (
	"slices"
	"sync"

	gh "github.com/google/go-github/v60/github"
)

// What is kept of the files that were read. Most are the same on both sides,
// and some are looked at more than once.
const (
	maxKeptFile = maxBatched
	maxKept     = 128 << 20
)

// memory is what was answered already. An object's name says what it is, so
// that it needs to be asked for once.
type memory struct {
	mu      sync.Mutex
	commits map[string]*gh.Commit
	blobs   map[string][]byte
	bytes   int
	reads   int // of files, one by one
}

// read gives how many files were read one by one.
func (m *memory) read() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}

func (m *memory) count() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
}

func (m *memory) commit(sha string) (*gh.Commit, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	commit, ok := m.commits[sha]
	return commit, ok
}

func (m *memory) keepCommit(commit *gh.Commit) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.commits == nil {
		m.commits = make(map[string]*gh.Commit)
	}
	m.commits[commit.GetSHA()] = commit
}

func (m *memory) blob(sha string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.blobs[sha]
	return slices.Clone(data), ok
}

func (m *memory) keepBlob(sha string, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(data) > maxKeptFile || m.bytes+len(data) > maxKept {
		return
	}
	if m.blobs == nil {
		m.blobs = make(map[string][]byte)
	}
	m.blobs[sha] = slices.Clone(data)
	m.bytes += len(data)
}
