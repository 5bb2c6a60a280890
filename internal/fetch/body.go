package fetch

import (
	"errors"
	"fmt"
	"hash/maphash"
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
	again *exchange      // asks for it again; nil if nobody can be asked
	end   func(*Failure) // told once: nil for a complete answer

	read  int64
	sum   maphash.Hash // of what was read
	err   error        // what Read gives from now on
	ended bool
}

// keep adds a copy in the cache; d may be nil.
func (b *body) keep(d *draft) {
	if d != nil {
		b.sinks = append(b.sinks, d)
	}
}

// Read gives the next bytes, and none beyond the limit.
func (b *body) Read(p []byte) (int, error) {
	for b.err == nil {
		n, err := b.next(p)
		if err != nil && err != io.EOF {
			err = b.resume(err)
		}
		if err != nil {
			b.finish(err)
		}
		if n > 0 || len(p) == 0 {
			return n, b.err
		}
	}
	return 0, b.err
}

// next reads from the source and gives its error.
func (b *body) next(p []byte) (int, error) {
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
	_, _ = b.sum.Write(p[:n])
	for _, s := range b.sinks {
		s.write(p[:n])
	}
	return n, err
}

// resume asks again for a body that broke off, and goes on behind the bytes
// that were read already. It gives nil, or the error that the body ends with.
func (b *body) resume(err error) error {
	for b.again != nil {
		src, lasting := b.again.reopen(err)
		if lasting != nil {
			return lasting
		}
		_ = b.src.Close()
		b.src = src
		same, broke := b.skip()
		if broke == nil && same {
			return nil
		}
		if broke == nil {
			return err
		}
		err = broke
	}
	return err
}

// skip reads what was read before from a new source, and compares it: the
// answer may have become another one in between. The sum need not withstand
// anybody, as it is the server that chooses both.
func (b *body) skip() (same bool, err error) {
	var sum maphash.Hash
	sum.SetSeed(b.sum.Seed())
	n, err := io.CopyN(&sum, b.src, b.read)
	if err == io.EOF {
		err = nil
	}
	return n == b.read && sum.Sum64() == b.sum.Sum64(), err
}

// finish settles how the body ended: io.EOF is a complete one. The source is
// closed before the copies are committed, as one of them may take its file's
// place.
func (b *body) finish(err error) {
	b.ended = true
	b.err = err
	var f *Failure
	if err != io.EOF {
		f = b.broken(err)
		b.err = f
	}
	_ = b.src.Close()
	for _, s := range b.sinks {
		if f == nil {
			s.commit()
			continue
		}
		s.abort()
	}
	b.end(f)
}

// broken is the failure of a body that began well.
func (b *body) broken(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return &Failure{URL: b.url, Reason: f.Reason, Status: f.Status, Detail: f.Detail, Err: f.Err}
	}
	c := diagnose(err)
	f = &Failure{URL: b.url, Reason: c.reason, Detail: c.words, Err: err}
	if f.Reason == Unavailable && !f.ours() {
		f.Reason, f.Detail = Cut, fmt.Sprintf("after %d bytes", b.read)
	}
	if b.again != nil {
		f.Detail = join(f.Detail, b.again.effort())
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
	} else {
		b.again = nil // it is of no interest any more
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
