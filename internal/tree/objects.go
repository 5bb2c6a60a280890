package tree

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// maxMeta bounds a commit, a tag or a tree in bytes; a tree of a folder with
// 100,000 files has 5 MB.
const maxMeta = 16 << 20

// layer is one folder of objects: loose ones, each a file, and packs.
type layer struct {
	objects string
	packs   *filesystem.Storage
}

// object gives an object's bytes, checked against its name. The kind may be
// [plumbing.AnyObject]. The error is a [*TooLarge] without a path, a
// [*Missing], or says that the object is broken.
func (r *Repository) object(kind plumbing.ObjectType, id plumbing.Hash, limit int64) (plumbing.ObjectType, []byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.layers {
		found, data, err := l.loose(id, limit)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			found, data, err = l.packed(id, limit)
		}
		var large *TooLarge
		switch {
		case errors.Is(err, plumbing.ErrObjectNotFound):
			continue
		case errors.As(err, &large):
			return found, nil, large
		case err != nil:
			return found, nil, broken(kind, id, err)
		case kind != plumbing.AnyObject && found != kind:
			return found, nil, broken(kind, id, fmt.Errorf("is a %s", found))
		case plumbing.ComputeHash(found, data) != id:
			return found, nil, broken(kind, id, errors.New("its content does not match its name"))
		}
		return found, data, nil
	}
	return plumbing.InvalidObject, nil, r.missing(kind, id)
}

func broken(kind plumbing.ObjectType, id plumbing.Hash, err error) error {
	return &Error{Subject: name(kind) + " " + id.String(), Doing: "reading", Err: err, Advice: "run git fsck; if it complains, clone again"}
}

func (r *Repository) missing(kind plumbing.ObjectType, id plumbing.Hash) error {
	m := &Missing{Object: name(kind), ID: id.String()}
	switch {
	case r.partial:
		m.Advice = "this clone is partial: use one without --filter (in actions/checkout, without filter), or have git fetch the object: git cat-file -e " + m.ID
	case kind == plumbing.TreeObject || kind == plumbing.BlobObject:
		m.Advice = "run git fsck; if it complains, clone again"
	case len(r.shallow) > 0:
		m.Advice = "this clone is shallow: set fetch-depth: 0 in actions/checkout, or run git fetch origin " + m.ID
	default:
		m.Advice = "run git fetch origin " + m.ID
	}
	return m
}

func name(kind plumbing.ObjectType) string {
	if kind == plumbing.AnyObject {
		return "commit or tag" // what a revision may name
	}
	return kind.String()
}

// loose reads an object that is a file of its own. go-git's reader is not used
// as it inflates whatever there is before it looks at the size.
//
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func (l layer) loose(id plumbing.Hash, limit int64) (plumbing.ObjectType, []byte, error) {
	hex := id.String()
	f, err := os.Open(filepath.Join(l.objects, hex[:2], hex[2:]))
	if errors.Is(err, fs.ErrNotExist) {
		return plumbing.InvalidObject, nil, plumbing.ErrObjectNotFound
	}
	if err != nil {
		return plumbing.InvalidObject, nil, cause(err)
	}
	defer f.Close()
	inflated, err := zlib.NewReader(f)
	if err != nil {
		return plumbing.InvalidObject, nil, err
	}
	content := bufio.NewReaderSize(inflated, 4096)
	header, err := content.ReadSlice(0)
	if err != nil {
		return plumbing.InvalidObject, nil, fmt.Errorf("header: %w", err)
	}
	kindName, sizeText, _ := bytes.Cut(header[:len(header)-1], []byte(" "))
	kind, err := plumbing.ParseObjectType(string(kindName))
	if err != nil {
		return plumbing.InvalidObject, nil, fmt.Errorf("header: %w", err)
	}
	size, err := strconv.ParseInt(string(sizeText), 10, 64)
	if err != nil {
		return kind, nil, fmt.Errorf("header: size %.20q", sizeText)
	}
	data, err := exactly(content, size, limit)
	return kind, data, err
}

// packed reads an object from a pack. go-git inflates one of more than 16 kB
// only when it is read, and none beyond the size that its header claims.
func (l layer) packed(id plumbing.Hash, limit int64) (plumbing.ObjectType, []byte, error) {
	object, err := l.packs.EncodedObject(plumbing.AnyObject, id)
	if err != nil {
		return plumbing.InvalidObject, nil, err
	}
	if object.Size() > limit {
		return object.Type(), nil, &TooLarge{Size: object.Size(), Limit: limit}
	}
	content, err := object.Reader()
	if err != nil {
		return object.Type(), nil, err
	}
	defer content.Close()
	data, err := exactly(content, object.Size(), limit)
	return object.Type(), data, err
}

// exactly reads size bytes, after which there must be no more.
func exactly(r io.Reader, size, limit int64) ([]byte, error) {
	if size < 0 {
		return nil, fmt.Errorf("size %d", size)
	}
	if size > limit {
		return nil, &TooLarge{Size: size, Limit: limit}
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	var more [1]byte
	if n, err := io.ReadFull(r, more[:]); n > 0 {
		return nil, fmt.Errorf("has more than the %d bytes that its header says", size)
	} else if err != io.EOF {
		return nil, err
	}
	return data, nil
}

// encoded hands bytes that were read to go-git's decoders.
func encoded(kind plumbing.ObjectType, data []byte) plumbing.EncodedObject {
	o := &plumbing.MemoryObject{}
	o.SetType(kind)
	_, _ = o.Write(data) // appends to memory
	return o
}
