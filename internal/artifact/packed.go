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
		n, err := readChunk(r, chunk)
		if p.size += int64(n); p.size > limit {
			return nil, &Exceeded{"bytes packed", limit}
		}
		v.Write(chunk[:n])
		p.chunks = append(p.chunks, chunk[:n:n])
		switch {
		case errors.Is(err, io.EOF):
			return &p, nil
		case err != nil:
			return nil, fmt.Errorf("archive: reading: %w", err)
		}
	}
}

// readChunk reads until the chunk is full. io.ReadFull would give the same error for
// a short last chunk as a connection that broke does, and an archive that was
// cut must not be taken for another one.
func readChunk(r io.Reader, chunk []byte) (n int, err error) {
	for n < len(chunk) && err == nil {
		var read int
		read, err = r.Read(chunk[n:])
		n += read
	}
	return n, err
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
