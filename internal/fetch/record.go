package fetch

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// recorder gathers a bundle: bodies go to files, deflated as they pass, and
// Close puts them together. A nil recorder records nothing.
type recorder struct {
	path string
	dir  string // beside path, so that the bundle can be renamed into place
	at   time.Time

	deflaters sync.Pool // each takes about a megabyte

	mu      sync.Mutex
	entries map[question]entry
	bodies  map[string]packed // by digest
	err     error             // the first that keeps the bundle from being whole
	closed  bool
}

// packed is a deflated body in the recorder's folder.
type packed struct {
	size, deflated uint64
	crc            uint32
}

func newRecorder(path string, at time.Time) (*recorder, error) {
	if path == "" {
		return nil, nil
	}
	// The bundle takes the place of what has its name.
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: recording: it is no regular file", path)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".lockkeeper-record-*")
	if err != nil {
		return nil, fmt.Errorf("%s: recording: %w", path, err)
	}
	return &recorder{
		path: path, dir: dir, at: at.UTC(),
		entries: map[question]entry{}, bodies: map[string]packed{},
	}, nil
}

// fail records that a question had no answer, unless it was not the world's
// doing. An answer that came at another time stays.
func (r *recorder) fail(q question, f *Failure) {
	if r == nil || f.ours() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.entries[q]; !ok {
		r.entries[q] = q.entry(entry{Status: f.Status, Failure: f.Reason, Detail: f.Detail})
	}
}

// entry completes an answer with its question.
func (q question) entry(e entry) entry {
	e.Method, e.URL, e.Accept, e.Posted = q.method, q.url, q.accept, q.body
	return e
}

// keep records an answer. The first one stays, as it is what the run judged.
func (r *recorder) keep(q question, digest string, p packed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.entries[q]; ok && e.File != "" {
		return
	}
	r.entries[q] = q.entry(entry{Status: http.StatusOK, File: digest})
	r.bodies[digest] = p
}

func (r *recorder) fault(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = cmp.Or(r.err, err)
}

// spool is one body on its way into the record.
type spool struct {
	rec     *recorder
	q       question
	file    *os.File
	deflate *flate.Writer
	sum     hash.Hash
	crc     hash.Hash32
	size    uint64
	err     error
}

// spool begins to record an answer; nil if nothing is recorded.
func (r *recorder) spool(q question) *spool {
	if r == nil {
		return nil
	}
	f, err := os.CreateTemp(r.dir, "body-*")
	if err != nil {
		r.fault(err)
		return nil
	}
	w, ok := r.deflaters.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriter(nil, flate.DefaultCompression) // the level is a valid one
	}
	w.Reset(f)
	return &spool{rec: r, q: q, file: f, deflate: w, sum: sha256.New(), crc: crc32.NewIEEE()}
}

func (s *spool) write(p []byte) {
	if s.err != nil {
		return
	}
	s.sum.Write(p)
	s.crc.Write(p)
	s.size += uint64(len(p))
	_, s.err = s.deflate.Write(p)
}

func (s *spool) commit() {
	s.err = cmp.Or(s.err, s.deflate.Close())
	s.rec.deflaters.Put(s.deflate)
	info, err := s.file.Stat()
	s.err = cmp.Or(s.err, err, s.file.Close())
	digest := hex.EncodeToString(s.sum.Sum(nil))
	if s.err == nil {
		s.err = os.Rename(s.file.Name(), filepath.Join(s.rec.dir, digest))
	}
	if s.err != nil {
		s.rec.fault(s.err)
		return
	}
	s.rec.keep(s.q, digest, packed{size: s.size, deflated: uint64(info.Size()), crc: s.crc.Sum32()})
}

func (s *spool) abort() {
	s.rec.deflaters.Put(s.deflate)
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

// close writes the bundle and removes the folder. What is still being read
// then is not in it.
func (r *recorder) close() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	err := r.err
	if err == nil {
		err = r.write(filepath.Join(r.dir, "bundle"))
	}
	if err == nil {
		err = os.Rename(filepath.Join(r.dir, "bundle"), r.path)
	}
	if err = cmp.Or(err, os.RemoveAll(r.dir)); err != nil {
		return fmt.Errorf("%s: recording: %w", r.path, err)
	}
	return nil
}

// write puts the bundle together.
func (r *recorder) write(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	zw := zip.NewWriter(f)
	err = r.writeIndex(zw)
	for _, digest := range slices.Sorted(maps.Keys(r.bodies)) {
		if err == nil {
			err = r.writeBody(zw, digest, r.bodies[digest])
		}
	}
	return cmp.Or(err, zw.Close(), f.Close())
}

func (r *recorder) writeIndex(zw *zip.Writer) error {
	w, err := zw.Create(indexName)
	if err != nil {
		return err
	}
	idx := index{
		Schema: bundleSchema, RecordedAt: r.at,
		Answers: slices.SortedFunc(maps.Values(r.entries), entry.compare),
	}
	return json.MarshalWrite(w, idx, jsontext.Multiline(true))
}

func (r *recorder) writeBody(zw *zip.Writer, digest string, p packed) error {
	w, err := zw.CreateRaw(&zip.FileHeader{
		Name: answersDir + digest, Method: zip.Deflate,
		CRC32: p.crc, UncompressedSize64: p.size, CompressedSize64: p.deflated,
	})
	if err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(r.dir, digest))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}
