package artifact

import (
	"errors"
	"fmt"
	"io"
)

const blockSize = 512

// entry is one entry of a tar archive that is no header of another.
type entry struct {
	name string // raw
	kind byte   // the type flag
	mode uint32
	size int64
}

// tarReader walks a tar archive as node-tar 7 does, which is what npm unpacks
// with, and notes whatever another reader could take in another way. It is not
// archive/tar, which refuses what npm goes on with: a refused archive would be
// a gap, and what npm would have installed from it unknown.
type tarReader struct {
	r     io.Reader
	note  func(FaultKind, string)
	block [blockSize]byte
	body  int64 // bytes left of the current entry
	pad   int64 // bytes of padding behind them

	next   overrides // for the next entry
	global overrides
	meta   int64 // bytes of headers of headers
}

const maxMeta = 1 << 20 // node-tar ignores a header of headers that is larger

// Next gives the next entry, and io.EOF at the end.
func (t *tarReader) Next() (*entry, error) {
	zero := false
	for {
		if err := t.skip(); err != nil {
			return nil, err
		}
		if err := t.readBlock(); err != nil {
			return nil, err
		}
		h := parseHeader(&t.block)
		if h.zero {
			if zero {
				return nil, t.end()
			}
			zero = true
			continue
		}
		if zero {
			t.note(LoneZeroBlock, h.name)
			zero = false
		}
		if !h.valid || !h.linksRightly() {
			t.note(BadHeader, h.name) // node-tar takes the next block for a header, body or not
			continue
		}
		e, err := t.entry(&h)
		if e != nil || err != nil {
			return e, err
		}
	}
}

// entry handles one header, and gives the entry unless it belongs to another.
func (t *tarReader) entry(h *header) (*entry, error) {
	if h.doubt {
		t.note(HeaderConflict, h.name)
	}
	t.body, t.pad = h.size, padding(h.size)
	if isMeta(h.kind) {
		return nil, t.readMeta(h)
	}
	e := &entry{name: h.name, kind: h.kind, mode: h.mode, size: h.size}
	if isRegular(h.kind) || h.kind >= '1' && h.kind <= '6' || h.kind == 'D' {
		t.override(e)
	}
	t.next = overrides{}
	if isRegular(e.kind) && len(e.name) > 0 && e.name[len(e.name)-1] == '/' {
		e.kind = '5' // as old archives mark folders
	}
	if e.kind == '5' {
		if e.size != 0 {
			t.note(SizeOverride, e.name)
		}
		e.size = 0
	}
	t.body, t.pad = e.size, padding(e.size)
	return e, nil
}

// override applies what the headers before an entry said of it.
func (t *tarReader) override(e *entry) {
	for _, o := range []*overrides{&t.global, &t.next} {
		if o.hasSize && o.size != e.size {
			t.note(SizeOverride, e.name)
			e.size = o.size
		}
		if o.hasMode {
			e.mode = o.mode
		}
	}
	if t.next.hasPath { // node-tar takes none from a global header
		e.name = t.next.path
	}
}

// Read reads the current entry.
func (t *tarReader) Read(into []byte) (int, error) {
	if t.body == 0 {
		return 0, io.EOF
	}
	n, err := t.r.Read(into[:min(int64(len(into)), t.body)])
	t.body -= int64(n)
	return n, cut(err)
}

// skip goes to the next header.
func (t *tarReader) skip() error {
	n := t.body + t.pad
	t.body, t.pad = 0, 0
	_, err := io.CopyN(io.Discard, t.r, n)
	return cut(err)
}

var errCut = &Malformed{errors.New("the archive ends in the middle of a file")}

// cut is the error of a stream that ends where it must not.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

func (t *tarReader) readBlock() error {
	n, err := io.ReadFull(t.r, t.block[:])
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if !isZero(t.block[:n]) {
			t.note(TrailingData, "")
		}
		return io.EOF
	}
	return err
}

// end reads what follows the archive, which must be zeros: a reader that goes
// on past the end finds more entries there.
func (t *tarReader) end() error {
	buf := make([]byte, 32<<10)
	clean := true
	for {
		n, err := t.r.Read(buf)
		if clean && !isZero(buf[:n]) {
			t.note(TrailingData, "")
			clean = false
		}
		if err != nil {
			return err
		}
	}
}

// readMeta reads a header that belongs to the next entry.
func (t *tarReader) readMeta(h *header) error {
	if t.meta += h.size; t.meta > 32*maxMeta {
		return &Exceeded{"bytes of tar headers", 32 * maxMeta}
	}
	if h.size > maxMeta {
		t.note(HeaderConflict, h.name)
		return nil
	}
	text := make([]byte, h.size)
	if _, err := io.ReadFull(t, text); err != nil {
		return cut(fmt.Errorf("archive: unpacking: %w", err))
	}
	into := &t.next
	if h.kind == 'g' {
		into = &t.global
	}
	doubts := into.read(h.kind, string(text))
	for _, kind := range doubts {
		t.note(kind, h.name)
	}
	return nil
}

func padding(size int64) int64 { return -size & (blockSize - 1) }

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
