package artifact

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// Read reads an npm archive (a tar archive in gzip) and gives its profile, once
// its hash was found to be one of the strongest of integrity, which is written
// as in a lockfile: "sha512-base64", several in one string or in several.
//
// The errors are [ErrUnverified] and [*Mismatch] for the hash, [*Exceeded] for
// a cap, [*Malformed] for what is no archive, and what r or ctx gave. Memory
// stays within limits.Packed, limits.Script and limits.Facts and what the
// reader of code needs for one file, whatever the archive says of itself.
func Read(ctx context.Context, r io.Reader, integrity []string, limits Limits) (*Profile, error) {
	return readWith(ctx, r, integrity, limits, code.Read)
}

// codeReader is code.Read's shape.
type codeReader func(name string, data []byte) *code.Profile

func readWith(ctx context.Context, r io.Reader, integrity []string, limits Limits, read codeReader) (*Profile, error) {
	v, err := newVerifier(integrity)
	if err != nil {
		return nil, err
	}
	limits = limits.orDefaults()
	archive, err := load(ctx, r, limits.Packed, v)
	if err != nil {
		return nil, err
	}
	matched, err := v.check()
	if err != nil {
		return nil, err
	}
	b := newBuilder(limits, read)
	b.profile.Integrity, b.profile.Packed = matched, archive.size
	if err := b.walk(ctx, archive, b.note, b.file); err != nil {
		return nil, err
	}
	b.settle()
	if err := b.follow(ctx, archive); err != nil {
		return nil, err
	}
	return b.profile, nil
}

// builder makes one profile.
type builder struct {
	limits  Limits
	read    codeReader
	profile *Profile
	noted   map[FaultKind]int

	index     map[string]int    // of files, by path
	folded    map[string]string // a file's path, by what fold makes of it
	topFolder string
	seenTop   bool

	manifests map[string]*document // by folder, "" for the archive's own
	launched  []launched           // files that an install runs
	suffixes  map[string]string    // of the languages that those run as, by path
	tried     map[string]bool      // assets that are no code
	buf       []byte               // of one file, used again
	codeRead  int64                // bytes
	facts     int64                // bytes

	manifestBytes int64
}

func newBuilder(limits Limits, read codeReader) *builder {
	return &builder{
		limits: limits, read: read, profile: &Profile{}, noted: map[FaultKind]int{},
		index: map[string]int{}, folded: map[string]string{}, manifests: map[string]*document{},
		suffixes: map[string]string{}, tried: map[string]bool{},
	}
}

// visit takes one regular file that npm would unpack.
type visit func(path string, e *entry, body io.Reader) error

// walk goes through the archive.
func (b *builder) walk(ctx context.Context, archive *packed, note func(FaultKind, string), file visit) error {
	stream, err := newGunzip(ctx, archive, b.limits, note)
	if err != nil {
		return err
	}
	t := &tarReader{r: stream, note: note}
	var texts int64
	for entries := 0; ; entries++ {
		e, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case entries == b.limits.Entries:
			return &Exceeded{"entries", int64(b.limits.Entries)}
		}
		if texts += int64(len(e.name)); texts > maxPathTexts {
			return &Exceeded{"bytes of paths", maxPathTexts}
		}
		if kind := oddEntry(e.kind); kind != "" {
			note(kind, e.name)
			continue
		}
		if e.kind == '5' || e.kind == 'D' {
			continue
		}
		path := place(e.name, note)
		if path == "" {
			continue
		}
		if err := file(path, e, t); err != nil {
			return err
		}
	}
}

// oddEntry gives the fault that an entry's type is, "" for files and folders.
func oddEntry(kind byte) FaultKind {
	switch kind {
	case '1', '2':
		return Link
	case '3', '4', '6':
		return Device
	case 'S':
		return Sparse
	case '5', 'D':
		return ""
	}
	if isRegular(kind) {
		return ""
	}
	return UnknownEntry
}

// file takes one file into the profile. Of two at one path npm keeps the later.
func (b *builder) file(path string, e *entry, body io.Reader) error {
	f := File{Path: path, Size: e.size, Mode: e.mode & 0o777}
	data, err := b.load(&f, body)
	if err != nil {
		return err
	}
	b.top(e.name)
	if i, twice := b.index[path]; twice {
		if b.profile.Files[i].Hash != f.Hash { // npm packs some main files twice
			b.note(Duplicate, path)
		}
		b.profile.Unpacked += f.Size - b.profile.Files[i].Size
		b.profile.Files[i] = f
	} else {
		b.collide(path)
		b.index[path] = len(b.profile.Files)
		b.profile.Files = append(b.profile.Files, f)
		b.profile.Unpacked += f.Size
	}
	file := &b.profile.Files[b.index[path]]
	switch {
	case file.Kind == ManifestFile:
		b.readManifest(file, data)
	case runsAsCode(path) || file.Kind == Script:
		b.readCode(file, path, data)
		if path == gypFile {
			b.launched = append(b.launched, expand("", data)...)
		}
	}
	return nil
}

// load hashes a file and knows its kind. It gives the bytes of a file that is
// to be read, as long as no cap forbids it.
func (b *builder) load(f *File, body io.Reader) ([]byte, error) {
	b.buf = slices.Grow(b.buf[:0], headSize)
	head := b.buf[:min(f.Size, headSize)]
	if _, err := io.ReadFull(body, head); err != nil {
		return nil, cut(err)
	}
	f.Kind = kindOf(f.Path, head)
	sum := sha256.New()
	sum.Write(head)
	wanted := f.Kind == Script || runsAsCode(f.Path)
	if f.Kind == ManifestFile && f.Size <= maxManifest || wanted && f.Size <= b.limits.Script {
		b.buf = slices.Grow(head, int(f.Size)-len(head))[:f.Size]
		if _, err := io.ReadFull(body, b.buf[len(head):]); err != nil {
			return nil, cut(err)
		}
		sum.Write(b.buf[len(head):])
		f.Hash = hex.EncodeToString(sum.Sum(nil))
		return b.buf, nil
	}
	if _, err := io.Copy(sum, body); err != nil {
		return nil, cut(err)
	}
	f.Hash = hex.EncodeToString(sum.Sum(nil))
	return nil, nil
}

// readCode reads a file as code, under a name by which its language is known.
// What is not read for a cap's sake is said to be unreadable, never clean.
func (b *builder) readCode(f *File, name string, data []byte) {
	f.Excerpts = nil
	b.codeRead += f.Size
	switch {
	case f.Size > b.limits.Script:
		f.Code = unread(f.Size, "%d bytes are more than the %d of one file that are read as code", f.Size, b.limits.Script)
		return
	case b.codeRead > b.limits.Code:
		f.Code = unread(f.Size, "the archive has more than the %d bytes that are read as code", b.limits.Code)
		return
	}
	f.Code = b.read(name, data)
	tidy(f.Code)
	if b.facts += weigh(f.Code); b.facts > b.limits.Facts {
		f.Code = unread(f.Size, "more was found in the archive's code than the %d bytes that are kept", b.limits.Facts)
		return
	}
	f.Excerpts = excerpts(f.Code, data)
	b.facts += int64(len(f.Excerpts)) * maxExcerpt
}

// tidy makes UTF-8 of what is quoted from a file, so that a profile that was
// kept is the same as one that was just made.
func tidy(p *code.Profile) {
	for i := range p.Uses {
		p.Uses[i].What = strings.ToValidUTF8(p.Uses[i].What, "\ufffd")
	}
	for i := range p.Mentions {
		m := &p.Mentions[i]
		m.Host, m.Text = strings.ToValidUTF8(m.Host, "\ufffd"), strings.ToValidUTF8(m.Text, "\ufffd")
	}
	for i := range p.Modules {
		p.Modules[i].Name = strings.ToValidUTF8(p.Modules[i].Name, "\ufffd")
	}
	p.Unreadable = strings.ToValidUTF8(p.Unreadable, "\ufffd")
}

func unread(size int64, format string, args ...any) *code.Profile {
	return &code.Profile{Size: int(size), Unreadable: fmt.Sprintf(format, args...)}
}

// weigh estimates the bytes of memory that a profile of code takes.
func weigh(p *code.Profile) int64 {
	n := 200 + 8*len(p.Shingles) + 64*(len(p.Uses)+len(p.Mentions)+len(p.Modules)+len(p.Traits))
	for _, u := range p.Uses {
		n += len(u.What)
	}
	for _, m := range p.Mentions {
		n += len(m.Host) + len(m.Text)
	}
	for _, m := range p.Modules {
		n += len(m.Name)
	}
	return int64(n)
}

// settle orders the files, now that all are known, and finds out which of them
// come to run.
func (b *builder) settle() {
	slices.SortFunc(b.profile.Files, func(x, y File) int { return cmp.Compare(x.Path, y.Path) })
	for i := range b.profile.Files {
		b.index[b.profile.Files[i].Path] = i
	}
	b.nest()
	b.bundle()
	b.reach()
}

// maxRounds bounds how often follow goes through the archive again.
const maxRounds = 3

// follow reads as code what is loaded as code and doesn't look it: to Node a
// file of any unknown extension is JavaScript. What such files load in turn
// takes another round.
func (b *builder) follow(ctx context.Context, archive *packed) error {
	for round := 0; ; round++ {
		disguised := b.disguised()
		if len(disguised) == 0 {
			return nil
		}
		if round == maxRounds {
			for path := range disguised {
				f := &b.profile.Files[b.index[path]]
				f.Code = unread(f.Size, "it is loaded by a chain of more than %d files that don't look like code", maxRounds)
			}
			return nil
		}
		err := b.walk(ctx, archive, func(FaultKind, string) {}, func(path string, e *entry, body io.Reader) error {
			suffix, ok := disguised[path]
			if !ok {
				return nil
			}
			return b.reread(&b.profile.Files[b.index[path]], e, suffix, body)
		})
		if err != nil {
			return err
		}
		b.reach()
	}
}

// reread reads a file as code of the language that the suffix names.
func (b *builder) reread(f *File, e *entry, suffix string, body io.Reader) error {
	if e.size != f.Size {
		return nil // an earlier one at the same path
	}
	b.buf = b.buf[:0]
	if e.size <= b.limits.Script {
		b.buf = slices.Grow(b.buf, int(e.size))[:e.size]
		if _, err := io.ReadFull(body, b.buf); err != nil {
			return cut(err)
		}
	}
	b.readCode(f, f.Path+suffix, b.buf)
	if f.Code.Unreadable != "" && (isTyped(f.Path) || isCompiled(f) || slices.Contains(assets, strings.ToLower(path.Ext(f.Path)))) {
		f.Code, f.Excerpts, b.tried[f.Path] = nil, nil, true
		return nil
	}
	if !isCompiled(f) {
		f.Kind = Script // what is compiled stays so, however it is run
	}
	return nil
}
