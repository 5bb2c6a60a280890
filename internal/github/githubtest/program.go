package githubtest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
)

// Program is a [T] for what is no test: its folders lie in Dir, and what a test
// would be failed for is kept until End.
type Program struct {
	Dir string

	mu       sync.Mutex
	wrong    []error
	cleanups []func()
}

// Helper does nothing.
func (p *Program) Helper() {}

// TempDir makes a folder, which stays.
func (p *Program) TempDir() string {
	dir, err := os.MkdirTemp(p.Dir, "")
	if err != nil {
		p.Fatal(err)
	}
	return dir
}

// Cleanup has a function called by End, the last one first.
func (p *Program) Cleanup(f func()) { p.cleanups = append(p.cleanups, f) }

// Errorf keeps a complaint.
func (p *Program) Errorf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong = append(p.wrong, fmt.Errorf(format, args...))
}

// Fatal panics: it is called where a fake can't be made, by a fault of its own.
func (p *Program) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// End cleans up, and gives all complaints.
func (p *Program) End() error {
	for _, f := range slices.Backward(p.cleanups) {
		f()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return errors.Join(p.wrong...)
}
