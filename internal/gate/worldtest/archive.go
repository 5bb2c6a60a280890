package worldtest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// overCap is what the fault "large" sends: a byte more than is read of an
// archive.
const overCap = 64<<20 + 1

// archive serves /npm/NAME/-/BASE-VERSION.tgz.
func (w *World) archive(out http.ResponseWriter, r *http.Request, name, file string) {
	version := strings.TrimSuffix(strings.TrimPrefix(file, path.Base(name)+"-"), ".tgz")
	release := path.Join("archives", name+"@"+version)
	data, err := Archive(w.Files, release)
	fault := w.fault(release)
	switch {
	case fault == "large":
		out.Header().Set("Content-Length", strconv.Itoa(overCap))
		_, _ = out.Write(make([]byte, overCap))
	case fault != "":
		w.misbehave(out, r, fault, data)
	case err != nil:
		http.Error(out, err.Error(), http.StatusNotFound)
	default:
		out.Header().Set("Content-Type", "application/octet-stream")
		_, _ = out.Write(data)
	}
}

// Archive gives the archive of a release as it is served. It is the file
// NAME.tgz as it is, or else packed from NAME.txtar or from the folder NAME.
func Archive(files fs.FS, name string) ([]byte, error) {
	if data, err := fs.ReadFile(files, name+".tgz"); err == nil {
		return data, nil
	}
	tree := map[string][]byte{}
	if data, err := fs.ReadFile(files, name+".txtar"); err == nil {
		for _, f := range txtar.Parse(data).Files {
			tree[f.Name] = f.Data
		}
		return Pack(tree), nil
	}
	err := fs.WalkDir(files, name, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		tree[strings.TrimPrefix(at, name+"/")], err = fs.ReadFile(files, at)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive of %s: %w", name, err)
	}
	return Pack(tree), nil
}

// Pack makes an npm archive of files by their paths: the same files give the
// same bytes. The paths and sizes must be ones that a tar header can hold.
func Pack(files map[string][]byte) []byte {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		// A buffer takes every write.
		_ = archive.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(files[name]))})
		_, _ = archive.Write(files[name])
	}
	_ = archive.Close()
	_ = zip.Close()
	return packed.Bytes()
}

// Integrity is the hash of an archive as a lockfile and a registry write it.
func Integrity(archive []byte) string {
	sum := sha512.Sum512(archive)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}
