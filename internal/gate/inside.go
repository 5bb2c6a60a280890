package gate

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

// Versions names two releases of a package.
type Versions struct {
	Ecosystem, Name string
	Old             string // "" for the release before New
	New             string
}

// Diff compares the archives of two releases. The target says where settings
// are read from that tell which registry to ask; it judges nothing. The error is
// a wrong use (a [*policy.Broken] or a [*Misuse]), or says what could not be had.
func Diff(ctx context.Context, t *target.Target, v Versions, o Options) (*report.Delta, error) {
	sides, err := govern(ctx, t, o)
	if err != nil {
		return nil, err
	}
	world, err := open(ctx, sides, o)
	if err != nil {
		return nil, &Misuse{err}
	}
	o.Content = true
	pair, err := world.gatherer(o).Pair(ctx, v.Ecosystem, v.Name, v.Old, v.New)
	if closed := world.door.Close(); err == nil && closed != nil {
		err = fmt.Errorf("evidence: recording: %w", closed)
	}
	if err != nil {
		return nil, err
	}
	return report.BuildDelta(pair, o.Version), nil
}

// Profile tells what is in an archive, all of which is new. Without integrity
// it is held against its own hash. The error is a
// [*Misuse] of integrity, or says why the archive could not be read.
func Profile(ctx context.Context, archive io.ReadSeeker, integrity []string, version string) (*report.Delta, error) {
	if len(integrity) == 0 {
		own, err := artifact.Hash(archive)
		if err != nil {
			return nil, err
		}
		if _, err := archive.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("archive: reading: %w", err)
		}
		integrity = []string{own}
	}
	p, err := artifact.Read(ctx, archive, integrity, artifact.Limits{})
	if errors.Is(err, artifact.ErrUnverified) {
		return nil, &Misuse{fmt.Errorf("--integrity: %w", err)}
	}
	if err != nil {
		return nil, err
	}
	pair := &evidence.Pair{Ecosystem: "npm", New: evidence.Edition{Profile: p}, Delta: artifact.Diff(nil, p)}
	if m := p.Manifest; m != nil {
		pair.Name, pair.New.Version = m.Name, m.Version
	}
	return report.BuildDelta(pair, version), nil
}
