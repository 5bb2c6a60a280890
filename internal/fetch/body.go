package fetch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// smallRest is what is read of a body that nobody wants any more, so that its
// connection can be used again: about what arrives while a new one is made.
const smallRest = 64 << 10

// discard ends a body that is of no interest.
func discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, smallRest)
	_ = body.Close()
}

// sink takes a copy of a body. It keeps its own errors: a full disk is no
// reason to leave a question unanswered.
type sink interface {
	write(p []byte)
	commit() // the body was complete
	abort()
}

// body is an answer on its way to the reader. It ends once: complete, or with
// a failure; only a complete one is kept.
type body struct {
	src   io.ReadCloser
	url   string
	limit int64
	sinks []sink
	whole bool           // read to the end at Close, for the record's sake
	end   func(*Failure) // told once: nil for a complete answer

	read  int64
	err   error // what Read gives from now on
	ended bool
}

// Read gives the next bytes, and none beyond the limit.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	// One byte more than the limit tells a body of that very size from a
	// larger one.
	if room := b.limit - b.read + 1; int64(len(p)) > room {
		p = p[:room]
	}
	n, err := b.src.Read(p)
	b.read += int64(n)
	if b.read > b.limit {
		n--
		err = &Failure{Reason: TooLarge, Detail: fmt.Sprintf("more than %d bytes", b.limit)}
	}
	for _, s := range b.sinks {
		s.write(p[:n])
	}
	if err == nil {
		return n, nil
	}
	b.finish(err)
	return n, b.err
}

// finish settles how the body ended: io.EOF is a complete one.
func (b *body) finish(err error) {
	b.ended = true
	b.err = err
	var f *Failure
	if err != io.EOF {
		f = b.broken(err)
		b.err = f
	}
	for _, s := range b.sinks {
		if f == nil {
			s.commit()
			continue
		}
		s.abort()
	}
	_ = b.src.Close()
	b.end(f)
}

// broken is the failure of a body that began well.
func (b *body) broken(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return &Failure{URL: b.url, Reason: f.Reason, Detail: f.Detail, Err: f.Err}
	}
	c := diagnose(err)
	f = &Failure{URL: b.url, Reason: c.reason, Detail: c.words, Err: err}
	if f.Reason == Unavailable && !f.ours() {
		f.Reason, f.Detail = Cut, fmt.Sprintf("after %d bytes", b.read)
	}
	return f
}

// Close lets go of the connection. A body that is recorded is read to its end
// first, and the failure of that is Close's.
func (b *body) Close() error {
	if b.ended {
		return nil
	}
	rest := int64(smallRest)
	if b.whole {
		rest = b.limit + 1
	}
	_, _ = io.CopyN(io.Discard, b, rest)
	if !b.ended {
		b.ended, b.err = true, fs.ErrClosed
		for _, s := range b.sinks {
			s.abort()
		}
		_ = b.src.Close()
		b.end(nil)
		return nil
	}
	var f *Failure
	if errors.As(b.err, &f) {
		return f
	}
	return nil
}
