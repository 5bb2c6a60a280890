package fetch

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// cache keeps complete answers in a folder, one file for a question, named by
// the question's key. A file is
//
//	64 hex digits: the SHA-256 of all that follows the line
//	a line of JSON: [kept]
//	the body
//
// and is only ever renamed into place whole, so that processes may share the
// folder. One that was damaged or changed is no answer and is removed; whoever
// may write to the folder can of course forge one that isn't.
//
// A cache only saves time: what goes wrong is remembered for Stats, and
// nothing fails because of it.
type cache struct {
	dir   string // "" keeps nothing
	limit int64

	mu  sync.Mutex
	err error
}

// kept is what a cached answer says of itself.
type kept struct {
	Key   string    `json:"key"`
	ETag  string    `json:"etag,omitzero"`
	Fresh time.Time `json:"fresh,omitzero"` // until when it may be given without asking
}

const (
	digestLine = sha256.Size*2 + 1
	longestTag = 1 << 10 // no server's is longer than a few digests
	partial    = "partial-"
	staleAfter = time.Hour // a partial file that old was left by a crash
)

func openCache(dir string, limit int64) *cache {
	if dir == "" {
		return &cache{}
	}
	// A folder of its own, because evict removes files. Private answers are
	// in there: it is for the user's eyes only.
	c := &cache{dir: filepath.Join(dir, "answers"), limit: limit}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		c.fault(err)
		c.dir = ""
	}
	return c
}

// fault remembers the first thing that went wrong.
func (c *cache) fault(err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// firstFault is what Stats shows.
func (c *cache) firstFault() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *cache) path(key string) string { return filepath.Join(c.dir, key) }

// copied is a kept answer, open at its body and checked.
type copied struct {
	*os.File
	kept
}

func (c *copied) close() {
	if c != nil {
		_ = c.File.Close()
	}
}

// find gives the kept answer to a question, or nil.
func (c *cache) find(key string) *copied {
	if c.dir == "" {
		return nil
	}
	f, err := os.Open(c.path(key))
	if err != nil {
		c.fault(err)
		return nil
	}
	found, err := check(f, key)
	if err != nil {
		_ = f.Close()
		c.fault(err)
		c.fault(os.Remove(c.path(key)))
		return nil
	}
	return found
}

var errDamaged = errors.New("a cached answer was damaged, and is asked again")

// check reads the whole file, compares its digest, and leaves it at its body.
func check(f *os.File, key string) (*copied, error) {
	digest := make([]byte, digestLine)
	if _, err := io.ReadFull(f, digest); err != nil {
		return nil, errDamaged
	}
	sum := sha256.New()
	r := bufio.NewReader(io.TeeReader(f, sum))
	c := &copied{File: f}
	line, err := r.ReadSlice('\n') // at most the reader's buffer
	if err != nil || json.Unmarshal(line, &c.kept) != nil || c.Key != key {
		return nil, errDamaged
	}
	start := int64(digestLine + len(line))
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, err
	}
	if !bytes.Equal(digest, digestOf(sum)) {
		return nil, errDamaged
	}
	_, err = f.Seek(start, io.SeekStart)
	return c, err
}

func digestOf(h hash.Hash) []byte { return []byte(hex.EncodeToString(h.Sum(nil)) + "\n") }

// used marks a kept answer as recently used, which is what evict goes by.
func (c *cache) used(key string) {
	now := time.Now()
	c.fault(os.Chtimes(c.path(key), now, now))
}

// draft is an answer on its way into the cache.
type draft struct {
	cache *cache
	key   string
	file  *os.File
	hash  hash.Hash
	err   error
}

// draft begins to keep an answer; nil if nothing is kept.
func (c *cache) draft(k kept) *draft {
	if c.dir == "" || len(k.ETag) > longestTag {
		return nil
	}
	line, err := json.Marshal(k)
	if err != nil {
		return nil // an ETag that is no UTF-8
	}
	f, err := os.CreateTemp(c.dir, partial+"*")
	if err != nil {
		c.fault(err)
		return nil
	}
	d := &draft{cache: c, key: k.Key, file: f, hash: sha256.New()}
	_, d.err = f.Write(make([]byte, digestLine)) // filled in by commit
	d.write(append(line, '\n'))
	return d
}

func (d *draft) write(p []byte) {
	if d.err != nil {
		return
	}
	d.hash.Write(p)
	_, d.err = d.file.Write(p)
}

func (d *draft) commit() {
	if d.err == nil {
		_, d.err = d.file.WriteAt(digestOf(d.hash), 0)
	}
	d.err = cmp.Or(d.err, d.file.Close())
	if d.err == nil {
		d.err = os.Rename(d.file.Name(), d.cache.path(d.key))
	}
	if d.err != nil {
		d.cache.fault(d.err)
		_ = os.Remove(d.file.Name())
	}
}

func (d *draft) abort() {
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
}

// evict removes the answers that were not used for the longest time until the
// rest fits, and what crashes left behind.
func (c *cache) evict() {
	if c.dir == "" {
		return
	}
	entries, err := os.ReadDir(c.dir)
	c.fault(err)
	var files []fs.FileInfo
	var total int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if strings.HasPrefix(e.Name(), partial) {
			if time.Since(info.ModTime()) > staleAfter {
				c.fault(os.Remove(c.path(e.Name())))
			}
			continue
		}
		files = append(files, info)
		total += info.Size()
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), strings.Compare(a.Name(), b.Name()))
	})
	for _, info := range files {
		if total <= c.limit {
			return
		}
		c.fault(os.Remove(c.path(info.Name())))
		total -= info.Size()
	}
}
