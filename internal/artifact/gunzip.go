package artifact

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// gunzip is the unpacked stream, held to the caps on its size and ratio.
type gunzip struct {
	ctx    context.Context
	limits Limits
	note   func(FaultKind, string)
	packed *packedReader
	input  *bufio.Reader // of packed
	gzip   *gzip.Reader
	passed int64 // bytes that came out
	ended  bool
}

func newGunzip(ctx context.Context, p *packed, limits Limits, note func(FaultKind, string)) (*gunzip, error) {
	g := &gunzip{ctx: ctx, limits: limits, note: note, packed: p.open()}
	g.input = bufio.NewReaderSize(g.packed, 32<<10)
	var err error
	if g.gzip, err = gzip.NewReader(g.input); err != nil {
		return nil, &Malformed{fmt.Errorf("not gzip: %w", err)}
	}
	g.gzip.Multistream(false)
	return g, nil
}

// Read is io.Reader's.
func (g *gunzip) Read(into []byte) (int, error) {
	for {
		if g.ended {
			return 0, io.EOF
		}
		if err := g.ctx.Err(); err != nil {
			return 0, fmt.Errorf("archive: unpacking: %w", err)
		}
		n, err := g.gzip.Read(into)
		g.passed += int64(n)
		switch {
		case g.passed > g.limits.Unpacked:
			return 0, &Exceeded{"bytes unpacked", g.limits.Unpacked}
		case g.passed > ratioFloor && g.passed > g.limits.Ratio*g.packed.passed:
			return 0, &Exceeded{"bytes unpacked from one packed", g.limits.Ratio}
		case errors.Is(err, io.EOF):
			g.ended = !g.nextMember()
			err = nil
		case err != nil:
			err = &Malformed{err}
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// nextMember goes on where another gzip member follows, as zlib does for npm,
// and reports whether one does. Zeros between and behind them are padding, which
// gzip skips.
func (g *gunzip) nextMember() bool {
	for {
		c, err := g.input.ReadByte()
		if err != nil {
			return false
		}
		if c == 0 {
			continue
		}
		_ = g.input.UnreadByte()
		if err := g.gzip.Reset(g.input); err != nil {
			g.note(TrailingData, "")
			return false
		}
		g.gzip.Multistream(false)
		g.note(GzipMembers, "")
		return true
	}
}
