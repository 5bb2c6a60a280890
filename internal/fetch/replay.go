package fetch

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// A bundle is a file that anyone may have made. These bound what opening one
// may cost; what reading a body may cost is its request's limit.
const (
	// The first three hold the answers of a scan of 100,000 packages.
	maxBundle    = 2 << 30
	maxDirectory = 16 << 20
	maxIndex     = 32 << 20
	longestWords = 1 << 10 // of a failure's detail
)

// bundle is an opened recording.
type bundle struct {
	file    io.Closer
	at      time.Time
	answers map[question]recording
}

// recording is a recorded answer, or the failure in its place.
type recording struct {
	entry
	body *zip.File
}

// openBundle reads the index of the bundle at path.
func openBundle(path string) (*bundle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: opening the bundle: %w", path, err)
	}
	b, err := statBundle(f)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: reading the bundle: %w", path, err)
	}
	b.file = f
	return b, nil
}

func statBundle(f *os.File) (*bundle, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return readBundle(f, info.Size())
}

// readBundle reads and checks everything of a bundle but its bodies.
func readBundle(r io.ReaderAt, size int64) (*bundle, error) {
	if size > maxBundle {
		return nil, fmt.Errorf("larger than %d bytes", int64(maxBundle))
	}
	meter := &meter{ReaderAt: r, left: maxDirectory, running: true}
	zr, err := zip.NewReader(meter, size)
	if err != nil {
		return nil, fmt.Errorf("not a bundle: %w", err)
	}
	meter.running = false
	files, err := listFiles(zr.File)
	if err != nil {
		return nil, err
	}
	f, ok := files[indexName]
	if !ok {
		return nil, errors.New("not a bundle: it has no " + indexName)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", indexName, err)
	}
	defer rc.Close()
	b, err := readIndex(rc, files)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", indexName, err)
	}
	return b, nil
}

// meter bounds how much is read while the zip's directory is: it has no bound
// of its own.
type meter struct {
	io.ReaderAt
	left    int64
	running bool
}

func (m *meter) ReadAt(p []byte, off int64) (int, error) {
	if m.running {
		if m.left -= int64(len(p)); m.left < 0 {
			return 0, fmt.Errorf("its directory takes more than %d bytes", maxDirectory)
		}
	}
	return m.ReaderAt.ReadAt(p, off)
}

// listFiles names the files of a bundle, and takes no other.
func listFiles(all []*zip.File) (map[string]*zip.File, error) {
	files := make(map[string]*zip.File, len(all))
	for _, f := range all {
		digest, isBody := strings.CutPrefix(f.Name, answersDir)
		switch {
		case f.Name != indexName && !(isBody && isDigest(digest)):
			return nil, fmt.Errorf("%.100q: not a file that a bundle has", f.Name)
		case files[f.Name] != nil:
			return nil, fmt.Errorf("%s: there twice", f.Name)
		case f.Method != zip.Deflate && f.Method != zip.Store:
			return nil, fmt.Errorf("%s: packed by method %d, which is not known", f.Name, f.Method)
		}
		files[f.Name] = f
	}
	return files, nil
}

// readIndex checks an index against the files that it names.
func readIndex(r io.Reader, files map[string]*zip.File) (*bundle, error) {
	var idx index
	limited := &io.LimitedReader{R: r, N: maxIndex + 1}
	err := json.UnmarshalRead(limited, &idx)
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("larger than %d bytes", maxIndex)
	case err != nil:
		return nil, err
	case idx.Schema != bundleSchema:
		return nil, fmt.Errorf("its schema is %.100q; this program reads %q", idx.Schema, bundleSchema)
	case idx.RecordedAt.IsZero():
		return nil, errors.New("it has no recorded_at")
	}
	b := &bundle{at: idx.RecordedAt.UTC(), answers: make(map[question]recording, len(idx.Answers))}
	for i, e := range idx.Answers {
		q := e.question()
		rec := recording{entry: e}
		err := e.check()
		if err == nil && e.File != "" {
			if rec.body = files[answersDir+e.File]; rec.body == nil {
				err = errors.New("its body is not in the bundle")
			}
		}
		if _, twice := b.answers[q]; err == nil && twice {
			err = errors.New("the question is there twice")
		}
		if err != nil {
			return nil, fmt.Errorf("answer %d: %w", i+1, err)
		}
		b.answers[q] = rec
	}
	return b, nil
}

// check refuses what no recorder writes.
func (e entry) check() error {
	u, err := canonical(e.URL)
	switch {
	case err != nil:
		return err
	case u.String() != e.URL:
		return fmt.Errorf("its url is not spelled as a bundle spells it (%s)", display(u.String()))
	case e.Method != http.MethodGet && e.Method != http.MethodPost:
		return errors.New("its method is neither GET nor POST")
	case e.Posted != "" && !isDigest(e.Posted):
		return errors.New("its body_sha256 is no SHA-256")
	case (e.File == "") == (e.Failure == ""):
		return errors.New("it must have either a file or a failure")
	case e.File != "" && !isDigest(e.File):
		return errors.New("its file is no SHA-256")
	case e.Failure != "" && !recordable[e.Failure]:
		return fmt.Errorf("its failure is %.100q, which is not one", e.Failure)
	case e.Status < 0 || e.Status > 999 || len(e.Detail) > longestWords:
		return errors.New("its status or detail is out of bounds")
	}
	return nil
}

// recordable are the failures that a bundle may hold.
var recordable = map[Reason]bool{
	NotFound: true, Denied: true, RateLimited: true, Unavailable: true, TimedOut: true,
	TooLarge: true, Cut: true, Refused: true, Offline: true, Unexpected: true,
}

func isDigest(s string) bool {
	return len(s) == sha256.Size*2 && strings.Trim(s, "0123456789abcdef") == ""
}

// open gives the recorded body of a question, or the recorded failure.
func (b *bundle) open(q question) (io.ReadCloser, *Failure) {
	rec, ok := b.answers[q]
	switch {
	case !ok:
		return nil, &Failure{Reason: NotRecorded}
	case rec.body == nil:
		return nil, &Failure{Reason: rec.Failure, Status: rec.Status, Detail: rec.Detail}
	}
	rc, err := rec.body.Open()
	if err != nil {
		return nil, &Failure{Reason: Unexpected, Detail: "damaged in the bundle", Err: err}
	}
	digest, _ := hex.DecodeString(rec.File) // checked by isDigest
	return &verified{ReadCloser: rc, sum: sha256.New(), want: digest}, nil
}

// verified is a body that must have the digest it is named by.
type verified struct {
	io.ReadCloser
	sum  hash.Hash
	want []byte
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.sum.Write(p[:n])
	if err == nil || err == io.EOF && bytes.Equal(v.sum.Sum(nil), v.want) {
		return n, err
	}
	return n, &Failure{Reason: Unexpected, Detail: "damaged in the bundle", Err: err}
}
