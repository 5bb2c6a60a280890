// Package artifacttest makes archives for tests.
package artifacttest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"maps"
	"slices"
)

// Pack makes an npm archive of files by their paths: the same files give the
// same bytes, which is why nothing is compressed. The paths and sizes must be ones that a tar header can hold.
func Pack(files map[string]string) []byte {
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.NoCompression) // a valid level
	archive := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		// A buffer takes every write.
		_ = archive.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(files[name]))})
		_, _ = archive.Write([]byte(files[name]))
	}
	_ = archive.Close()
	_ = zip.Close()
	return packed.Bytes()
}

// Integrity is an archive's hash as a lockfile writes it.
func Integrity(archive []byte) string {
	sum := sha512.Sum512(archive)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}
