package tree

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

const (
	maxSteps = 100_000 // commits that the ~N of a revision walk over
	maxTags  = 32      // tags of tags
	// minAbbreviation is git's own: a shorter prefix names no object.
	minAbbreviation = 4
)

var errUnknown = advised{ErrUnknownRevision, "check the spelling: a branch, a tag or a commit, with ^N or ~N after it; " +
	"a branch that only the remote has is origin/NAME, and one that was never fetched needs git fetch origin NAME"}

// Resolve gives the full hash of the commit that a revision names: a full or
// abbreviated hash, HEAD or @, a branch, a tag, a remote's branch
// ("origin/main"), any of them by its full name ("refs/heads/main"), followed
// by any number of ^, ^N, ~ and ~N.
//
// Unlike in git, a name that stands for different commits, as a tag and as a
// branch, is an error: whoever may push a tag must not choose what is compared.
func (r *Repository) Resolve(rev string) (string, error) {
	c, err := r.commit(rev)
	if err != nil {
		return "", err
	}
	return c.id.String(), nil
}

// Parents gives the full hashes of a commit's parents, which need not be in
// this clone.
func (r *Repository) Parents(rev string) ([]string, error) {
	c, err := r.commit(rev)
	if err != nil {
		return nil, err
	}
	parents := make([]string, len(c.parents))
	for i, id := range c.parents {
		parents[i] = id.String()
	}
	return parents, nil
}

// commit is what is read of a commit object.
type commit struct {
	id, tree plumbing.Hash
	parents  []plumbing.Hash
	when     int64 // the committer's clock, in seconds since 1970
}

func (r *Repository) commit(rev string) (commit, error) {
	c, err := r.follow(rev)
	if err != nil {
		return commit{}, &Error{Subject: "revision " + rev, Doing: "resolving", Err: err}
	}
	return c, nil
}

// follow finds the commit that a revision starts at and takes its steps.
func (r *Repository) follow(rev string) (commit, error) {
	start, steps, err := parseRevision(rev)
	if err != nil {
		return commit{}, err
	}
	c, err := r.named(start)
	for _, parent := range steps {
		if err != nil {
			break
		}
		if parent > len(c.parents) {
			return commit{}, fmt.Errorf("commit %s has no parent %d: there are %d", c.id, parent, len(c.parents))
		}
		c, err = r.peel(c.parents[parent-1])
	}
	return c, err
}

// parseRevision splits a revision into the name that it starts with and the
// parents, numbered from 1, to go to one after the other.
//
// https://git-scm.com/docs/gitrevisions
func parseRevision(rev string) (start string, steps []int, err error) {
	end := strings.IndexAny(rev, "^~")
	if end < 0 {
		end = len(rev)
	}
	start, rest := rev[:end], rev[end:]
	if start == "" || strings.ContainsAny(start, " :?*[\\") || strings.Contains(start, "..") || strings.Contains(start, "@{") {
		return "", nil, errUnknown
	}
	for rest != "" {
		operator := rest[0]
		number := rest[1:]
		rest = strings.TrimLeft(number, "0123456789")
		number = number[:len(number)-len(rest)]
		if rest != "" && rest[0] != '^' && rest[0] != '~' {
			return "", nil, errUnknown
		}
		n := 1
		if number != "" {
			n, err = strconv.Atoi(number)
		}
		if err != nil || n > maxSteps || len(steps)+n > maxSteps {
			return "", nil, fmt.Errorf("goes back more than %d commits", maxSteps)
		}
		switch {
		case operator == '~':
			steps = append(steps, slices.Repeat([]int{1}, n)...)
		case n > 0: // X^0 is X itself
			steps = append(steps, n)
		}
	}
	return start, steps, nil
}

// named finds the commit of a name without steps, in git's order: a full hash,
// a reference, an abbreviated hash.
func (r *Repository) named(name string) (commit, error) {
	if plumbing.IsHash(name) {
		return r.peel(plumbing.NewHash(name))
	}
	if name == "@" {
		name = "HEAD"
	}
	c, err := r.referenced(name)
	if errors.Is(err, plumbing.ErrReferenceNotFound) && name != "HEAD" {
		c, err = r.abbreviated(name)
	}
	if !errors.Is(err, plumbing.ErrReferenceNotFound) {
		return c, err
	}
	if name == "HEAD" {
		return commit{}, errors.New("there is no commit yet")
	}
	return commit{}, errUnknown
}

// referenced finds a branch or tag. Names that say what they are win; a short
// one must stand for one commit only.
func (r *Repository) referenced(name string) (commit, error) {
	var found commit
	var foundAs string
	for i, rule := range plumbing.RefRevParseRules {
		full := fmt.Sprintf(rule, name)
		id, err := r.reference(full)
		if errors.Is(err, plumbing.ErrReferenceNotFound) {
			continue
		}
		if err != nil {
			return commit{}, err
		}
		c, err := r.peel(id)
		if err != nil {
			return commit{}, fmt.Errorf("%s: %w", full, err)
		}
		if isExact := i < 2; isExact {
			return c, nil
		}
		if foundAs != "" && found.id != c.id {
			return commit{}, advised{fmt.Errorf("is both %s and %s, which differ", foundAs, full), "write the one that is meant in full"}
		}
		found, foundAs = c, full
	}
	if foundAs == "" {
		return commit{}, plumbing.ErrReferenceNotFound
	}
	return found, nil
}

// reference gives what a reference of that full name points to. The error is
// [plumbing.ErrReferenceNotFound] if there is none.
func (r *Repository) reference(full string) (plumbing.Hash, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, err := storer.ResolveReference(r.refs, plumbing.ReferenceName(full))
	switch {
	case errors.Is(err, dotgit.ErrReferenceNameEscape):
		return plumbing.ZeroHash, plumbing.ErrReferenceNotFound
	case errors.Is(err, plumbing.ErrReferenceNotFound):
		return plumbing.ZeroHash, err
	case err != nil:
		return plumbing.ZeroHash, fmt.Errorf("%s: %w", full, cause(err))
	case found.Hash().IsZero():
		return plumbing.ZeroHash, fmt.Errorf("%s: names no commit", full)
	}
	return found.Hash(), nil
}

// abbreviated finds the one commit whose hash starts with the name.
func (r *Repository) abbreviated(name string) (commit, error) {
	prefix, err := hex.DecodeString(name[:len(name)&^1])
	isHex := err == nil && strings.Trim(name, "0123456789abcdefABCDEF") == ""
	if !isHex || len(name) < minAbbreviation || len(name) > 40 {
		return commit{}, plumbing.ErrReferenceNotFound
	}
	var candidates []plumbing.Hash
	r.mu.Lock()
	for _, l := range r.layers {
		some, err := l.packs.HashesWithPrefix(prefix)
		if err != nil {
			r.mu.Unlock()
			return commit{}, err
		}
		candidates = append(candidates, some...)
	}
	r.mu.Unlock()

	var found []plumbing.Hash
	var c commit
	for _, id := range candidates {
		if !strings.HasPrefix(id.String(), strings.ToLower(name)) {
			continue
		}
		if peeled, err := r.peel(id); err == nil && !slices.Contains(found, peeled.id) {
			found, c = append(found, peeled.id), peeled
		}
	}
	switch len(found) {
	case 0:
		return commit{}, plumbing.ErrReferenceNotFound
	case 1:
		return c, nil
	}
	return commit{}, advised{fmt.Errorf("is the start of %d commits' hashes", len(found)), "write more of the hash"}
}

// peel gives the commit that an object is, or that a tag points to.
func (r *Repository) peel(id plumbing.Hash) (commit, error) {
	for range maxTags {
		kind, data, err := r.object(plumbing.AnyObject, id, maxMeta)
		if err != nil {
			return commit{}, err
		}
		switch kind {
		case plumbing.CommitObject:
			return decodeCommit(id, data)
		case plumbing.TagObject:
			var tag object.Tag
			if err := tag.Decode(encoded(kind, data)); err != nil {
				return commit{}, broken(kind, id, err)
			}
			id = tag.Target
		default:
			return commit{}, fmt.Errorf("%s is a %s, not a commit", id, kind)
		}
	}
	return commit{}, fmt.Errorf("a tag of more than %d tags", maxTags)
}

func decodeCommit(id plumbing.Hash, data []byte) (commit, error) {
	var c object.Commit
	if err := c.Decode(encoded(plumbing.CommitObject, data)); err != nil {
		return commit{}, broken(plumbing.CommitObject, id, err)
	}
	return commit{id: id, tree: c.TreeHash, parents: c.ParentHashes, when: c.Committer.When.Unix()}, nil
}
