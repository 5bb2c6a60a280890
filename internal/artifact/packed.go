package artifact

import (
	"context"
	"errors"
	"fmt"
	"io"
)

const chunkSize = 1 << 20

// packed is the archive in memory, in pieces: one slice that grows would take
// more than twice its size.
type packed struct {
	chunks [][]byte
	size   int64
}

// load reads the archive, at most limit bytes, and lets v see it.
func load(ctx context.Context, r io.Reader, limit int64, v *verifier) (*packed, error) {
	var p packed
	for {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("archive: reading: %w", err)
		}
		chunk := make([]byte, min(chunkSize, limit-p.size+1))
		n, err := io.ReadFull(r, chunk)
		if p.size += int64(n); p.size > limit {
			return nil, &Exceeded{"bytes packed", limit}
		}
		v.Write(chunk[:n])
		p.chunks = append(p.chunks, chunk[:n:n])
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return &p, nil
		case err != nil:
			return nil, fmt.Errorf("archive: reading: %w", err)
		}
	}
}

// open gives a reader of the archive from its start.
func (p *packed) open() *packedReader { return &packedReader{packed: p} }

type packedReader struct {
	*packed
	chunk  int
	at     int
	passed int64 // bytes read so far
}

// Read is io.Reader's.
func (r *packedReader) Read(into []byte) (int, error) {
	for r.chunk < len(r.chunks) && r.at == len(r.chunks[r.chunk]) {
		r.chunk, r.at = r.chunk+1, 0
	}
	if r.chunk == len(r.chunks) {
		return 0, io.EOF
	}
	n := copy(into, r.chunks[r.chunk][r.at:])
	r.at += n
	r.passed += int64(n)
	return n, nil
}
