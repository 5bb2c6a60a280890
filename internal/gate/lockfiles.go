package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// Limits on what is read from a tree; the lockfile room caps entries and depth.
const (
	maxLockfile = 64 << 20 // the largest of a corpus of 50 repositories has 3 MB
	maxManifest = 8 << 20
	maxReaders  = 4 // pairs of lockfiles being read or parsed at once
)

// pair is one lockfile path on both sides.
type pair struct {
	path       string
	as         string           // the name that such a lockfile has by default, where settings name it; else ""
	foreign    *lockfile.Unread // why what it pins is not judged; nil where it is
	same       bool             // the same bytes on both sides
	base, head reading
}

// reading is a lockfile of one side on its way from bytes to an inventory.
type reading struct {
	side      *side
	present   bool
	data      []byte
	inventory *lockfile.Inventory
	unread    *lockfile.Unread
}

// parse reads every lockfile of both sides. One whose bytes are the same on
// both sides is parsed once, and nothing is parsed where all of them are. A
// pair that differs is parsed as soon as that is known, so that no more bytes
// are held at a time than are being read.
func (s *sides) parse(ctx context.Context) error {
	s.pairs = s.pairUp()
	err := s.each(func(p *pair) error {
		if err := p.compare(ctx); err != nil || p.same {
			return err
		}
		return p.interpret(ctx)
	})
	if err != nil || !slices.ContainsFunc(s.pairs, func(p pair) bool { return !p.same && p.foreign == nil }) {
		return err
	}
	err = s.each(func(p *pair) error {
		if !p.same || p.foreign != nil {
			return nil
		}
		return p.interpret(ctx)
	})
	if err != nil {
		return err
	}
	for _, p := range s.pairs {
		s.base.keep(p.base)
		s.head.keep(p.head)
	}
	return nil
}

// pairUp lists the lockfiles of either side that the policy does not ignore,
// by path.
func (s *sides) pairUp() []pair {
	var pairs []pair
	for _, side := range []*side{s.base, s.head} {
		for file := range side.files {
			_, known := s.known(file)
			var foreign *lockfile.Unread
			if !known {
				foreign = lockfile.Foreign(file)
			}
			if (known || foreign != nil) && !s.policy.Ignored(file) {
				pairs = append(pairs, pair{
					path:    file,
					as:      s.named[file].As,
					foreign: foreign,
					base:    reading{side: s.base, present: s.base.has(file)},
					head:    reading{side: s.head, present: s.head.has(file)},
				})
			}
		}
	}
	byPath := func(a, b pair) int { return bytes.Compare([]byte(a.path), []byte(b.path)) }
	slices.SortFunc(pairs, byPath)
	return slices.CompactFunc(pairs, func(a, b pair) bool { return a.path == b.path })
}

// each runs a step for every pair, several at once.
func (s *sides) each(step func(*pair) error) error {
	var group errgroup.Group
	group.SetLimit(min(maxReaders, runtime.GOMAXPROCS(0))) // more would only hold more bytes at a time
	for i := range s.pairs {
		group.Go(func() error { return step(&s.pairs[i]) })
	}
	return group.Wait()
}

// compare finds out whether both sides have the same bytes, from the ids that
// git gives where there are some.
func (p *pair) compare(ctx context.Context) error {
	if !p.base.present || !p.head.present {
		return nil
	}
	before, after := p.base.side.files[p.path], p.head.side.files[p.path]
	if before.ID != "" && after.ID != "" {
		p.same = before.ID == after.ID && before.Kind == after.Kind
		return nil
	}
	if err := errors.Join(p.base.load(ctx, p.path), p.head.load(ctx, p.path)); err != nil {
		return err
	}
	if p.same = p.base.unread == nil && p.head.unread == nil && bytes.Equal(p.base.data, p.head.data); p.same {
		p.base.data, p.head.data = nil, nil // it may never be parsed
	}
	return nil
}

// interpret parses both sides, at the same time: one large lockfile is the usual
// case.
func (p *pair) interpret(ctx context.Context) error {
	if p.foreign != nil {
		p.head.unread = p.foreign
		return nil
	}
	if p.same {
		err := p.head.parse(ctx, p.path, p.as)
		p.head.data = nil
		p.base.inventory, p.base.unread = p.head.inventory, p.head.unread
		return err
	}
	var group errgroup.Group
	group.Go(func() error { return p.base.parse(ctx, p.path, p.as) })
	group.Go(func() error { return p.head.parse(ctx, p.path, p.as) })
	err := group.Wait()
	before, after := p.base.data, p.head.data
	p.base.data, p.head.data = nil, nil
	if err != nil || p.base.inventory == nil || p.head.inventory == nil {
		return err
	}
	p.base.inventory.Share(p.head.inventory)
	p.head.inventory.Touch(p.base.inventory, after, before)
	return nil
}

// load reads the bytes, or says why they are not looked at. The error is for a
// tree that can't be read at all.
func (r *reading) load(ctx context.Context, file string) error {
	if !r.present || r.data != nil || r.unread != nil {
		return nil
	}
	if reason, bad := irregular[r.side.files[file].Kind]; bad {
		r.unread = &lockfile.Unread{Path: file, Reason: reason, Hint: "commit the lockfile itself, as a regular file"}
		return nil
	}
	data, err := r.side.tree.Read(ctx, file, maxLockfile)
	var large *tree.TooLarge
	switch {
	case errors.As(err, &large):
		r.unread = &lockfile.Unread{
			Path:   file,
			Reason: fmt.Sprintf("it has %d bytes, and at most %d are read of a lockfile", large.Size, maxLockfile),
			Hint:   "give the repository's workspaces lockfiles of their own",
		}
	case err != nil:
		return fmt.Errorf("%s: reading from %s: %w", file, r.side.tree.Ref().Name, err)
	default:
		r.data = data
	}
	return nil
}

// irregular says why a path that is no regular file is not read: whoever
// follows a link reads what the pull request's author chose.
var irregular = map[tree.Kind]string{
	tree.Folder:    "it is a folder",
	tree.Symlink:   "it is a symbolic link, and links are never followed",
	tree.Submodule: "it is a submodule",
	tree.Other:     "it is no regular file",
}

func (r *reading) parse(ctx context.Context, file, as string) error {
	if err := r.load(ctx, file); err != nil || !r.present || r.unread != nil {
		return err
	}
	inventory, err := lockfile.Parse(lockfile.Input{
		Path:     file,
		As:       as,
		Data:     r.data,
		Manifest: r.side.manifest(ctx),
		Folders:  r.side.folders,
	})
	if err != nil && !errors.As(err, &r.unread) {
		return err
	}
	r.inventory = inventory
	return nil
}

// manifest gives the look at other files of the side that a lockfile's reader
// may take.
func (s *side) manifest(ctx context.Context) func(string) ([]byte, bool) {
	return func(file string) ([]byte, bool) {
		if f, ok := s.files[file]; !ok || f.Kind != tree.Regular {
			return nil, false
		}
		data, err := s.tree.Read(ctx, file, maxManifest)
		return data, err == nil
	}
}

func (s *side) has(file string) bool {
	_, ok := s.files[file]
	return ok
}

func (s *side) keep(r reading) {
	if r.inventory != nil {
		s.inventories = append(s.inventories, r.inventory)
	}
}

// unread gives a gap for each lockfile of the head that the change touches and
// that could not be read. One that only the base could not read is no gap: the
// head is judged whole then.
func (s *sides) unread() []evidence.Gap {
	var gaps []evidence.Gap
	for _, p := range s.pairs {
		if u := p.head.unread; u != nil && !p.same && p.head.present {
			gap := evidence.Gap{Check: evidence.Lockfile, Reason: u.Reason, Hint: u.Hint, Path: u.Path, Line: u.Line}
			if p.foreign != nil {
				gap.Check = evidence.Foreign
			}
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

// statuses says of each lockfile what became of it.
func (s *sides) statuses() []report.Lockfile {
	var all []report.Lockfile
	for _, p := range s.pairs {
		all = append(all, report.Lockfile{Path: p.path, Format: p.format(), Status: p.status()})
	}
	return all
}

func (p *pair) format() string {
	for _, r := range []reading{p.head, p.base} {
		if r.inventory != nil {
			return r.inventory.Format
		}
	}
	return ""
}

func (p *pair) status() string {
	switch {
	case !p.head.present:
		return "removed"
	case p.same:
		return "unchanged"
	case p.head.unread != nil:
		return "unread"
	case !p.base.present:
		return "added"
	}
	return "changed"
}

// List reads what a tree pins, for people who want to see it. What can't be
// read is told beside it.
func List(ctx context.Context, t tree.Tree) ([]*lockfile.Inventory, []*lockfile.Unread, error) {
	head, err := list(ctx, t, policy.Path)
	if err != nil {
		return nil, nil, err
	}
	s := &sides{scan: true, base: &side{}, head: head, policy: &policy.Policy{}}
	if err := s.name(ctx); err != nil {
		return nil, nil, err
	}
	if err := s.parse(ctx); err != nil {
		return nil, nil, err
	}
	var unread []*lockfile.Unread
	for _, p := range s.pairs {
		if p.head.unread != nil && p.foreign == nil {
			unread = append(unread, p.head.unread)
		}
	}
	return head.inventories, unread, nil
}
