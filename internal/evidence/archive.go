package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Archivist gives the archive of one release. listed is the address that the
// registry's document names, which need not be trusted.
type Archivist interface {
	Archive(ctx context.Context, name, version, listed string) (io.ReadCloser, error)
}

// Shelf keeps what was made of immutable answers between runs.
type Shelf interface {
	Kept(name string) ([]byte, bool)
	Keep(name string, data []byte)
}

// archived is the archive of a release, and the hashes that it must have.
type archived struct {
	ecosystem, name string
	release         *registry.Release
	integrity       []string
}

// reader makes profiles of archives. It may be used from many goroutines at
// once.
type reader struct {
	archives map[string]Archivist
	shelf    Shelf         // may be nil
	cores    chan struct{} // bounds the archives in memory
}

// maxCores bounds the archives that are being read at once: one takes up to 200
// MB of memory, if it was made to.
const maxCores = 2

func (g *Gatherer) reader() *reader {
	return &reader{archives: g.Archives, shelf: g.Shelf, cores: make(chan struct{}, min(runtime.GOMAXPROCS(0), maxCores))}
}

// busy does what takes a core and memory.
func (r *reader) busy(work func()) {
	r.cores <- struct{}{}
	defer func() { <-r.cores }()
	work()
}

// profile gives the profile of an archive: an earlier run's, or one that is made
// now.
func (r *reader) profile(ctx context.Context, a archived) (p *artifact.Profile, err error) {
	key, err := artifact.Key(a.integrity)
	if err != nil {
		return nil, err
	}
	if r.shelf != nil {
		r.busy(func() { p = r.kept(key, a.integrity) })
		if p != nil {
			return p, nil
		}
	}
	body, err := r.archives[a.ecosystem].Archive(ctx, a.name, a.release.Version, a.release.Archive)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	head, err := ahead(body)
	if err != nil {
		return nil, err
	}
	r.busy(func() {
		p, err = artifact.Read(ctx, io.MultiReader(head, body), a.integrity, artifact.Limits{})
		if err == nil && r.shelf != nil {
			r.keep(key, p)
		}
	})
	return p, err
}

func (r *reader) kept(key string, integrity []string) *artifact.Profile {
	data, ok := r.shelf.Kept(key)
	if !ok {
		return nil
	}
	p, err := artifact.Decode(data, integrity)
	if err != nil {
		return nil
	}
	return p
}

func (r *reader) keep(key string, p *artifact.Profile) {
	if data, err := artifact.Encode(p); err == nil {
		r.shelf.Keep(key, data)
	}
}

// maxAhead bounds what is received of an archive before a core is free for it,
// in bytes. Nine of ten archives are smaller.
const maxAhead = 512 << 10

// ahead receives the start of an archive, so that a slow network keeps no core
// waiting.
func ahead(body io.Reader) (io.Reader, error) {
	var head bytes.Buffer
	if _, err := io.CopyN(&head, body, maxAhead); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &head, nil
}
