package advisory

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Bounds of a database's files.
const (
	maxUnpacked = 8 << 30   // bytes after decompression
	maxWindow   = 128 << 20 // bytes of memory that a zstd frame may ask for: as much as zstd --long does
)

// reader hands the text of each record to add. The text is good until add
// returns.
type reader func(ctx context.Context, f *os.File, add func(text []byte) error) error

// formats are told by their first bytes; a name says little.
var formats = []struct {
	magic string
	read  reader
}{
	{"PK\x03\x04", readZip},
	{"PK\x05\x06", readZip}, // an empty archive
	{"\x28\xb5\x2f\xfd", readZstd},
	{"", readPlain},
}

// readRecords hands over each record below path. Its errors say where in it
// they happened.
func readRecords(ctx context.Context, path string, add func(text []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return cause(err)
	}
	if info.IsDir() {
		return readFolder(ctx, path, add)
	}
	if !info.Mode().IsRegular() {
		return errors.New("is neither a file nor a folder")
	}
	head := make([]byte, 4)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return cause(err)
	}
	for _, format := range formats {
		if strings.HasPrefix(string(head[:n]), format.magic) {
			return format.read(ctx, f, add)
		}
	}
	return nil
}

// cause leaves out the path, which the caller's error names.
func cause(err error) error {
	var in *fs.PathError
	if errors.As(err, &in) {
		return in.Err
	}
	return err
}

// readFolder reads the .json files of a folder and of those inside it. No link
// leads out of it.
func readFolder(ctx context.Context, path string, add func(text []byte) error) error {
	root, err := os.OpenRoot(path)
	if err != nil {
		return cause(err)
	}
	defer root.Close()
	var text bytes.Buffer
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, cause(err))
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() || !strings.HasSuffix(name, ".json"):
			return nil
		}
		f, err := root.Open(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, cause(err))
		}
		defer f.Close()
		return addOne(f, name, &text, add)
	})
}

// readZip reads the .json files of an archive.
func readZip(ctx context.Context, f *os.File, add func(text []byte) error) error {
	info, err := f.Stat()
	if err != nil {
		return cause(err)
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		return err
	}
	var text bytes.Buffer
	var unpacked int64
	for _, entry := range archive.File {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !strings.HasSuffix(entry.Name, ".json") {
			continue
		}
		r, err := entry.Open()
		if err != nil {
			return fmt.Errorf("%.100q: %w", entry.Name, err)
		}
		err = addOne(r, fmt.Sprintf("%.100q", entry.Name), &text, add)
		r.Close()
		if err != nil {
			return err
		}
		if unpacked += int64(text.Len()); unpacked > maxUnpacked {
			return fmt.Errorf("unpacks to more than %d bytes", int64(maxUnpacked))
		}
	}
	return nil
}

// addOne reads a file that is one record. text is where it is read to.
func addOne(r io.Reader, name string, text *bytes.Buffer, add func(text []byte) error) error {
	text.Reset()
	_, err := text.ReadFrom(io.LimitReader(r, maxRecord+1))
	if err == nil {
		err = add(text.Bytes())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readPlain reads JSON Lines, or a single record if the name says so.
func readPlain(ctx context.Context, f *os.File, add func(text []byte) error) error {
	if strings.HasSuffix(f.Name(), ".json") {
		text, err := io.ReadAll(io.LimitReader(f, maxRecord+1))
		if err != nil {
			return cause(err)
		}
		return add(text)
	}
	return readLines(ctx, f, add)
}

func readZstd(ctx context.Context, f *os.File, add func(text []byte) error) error {
	unpacked, err := zstd.NewReader(f, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return err
	}
	defer unpacked.Close()
	limited := &io.LimitedReader{R: unpacked, N: maxUnpacked}
	if err := readLines(ctx, limited, add); err != nil {
		return err
	}
	if limited.N <= 0 {
		return fmt.Errorf("unpacks to more than %d bytes", int64(maxUnpacked))
	}
	return nil
}

// readLines reads one record a line. Empty lines are none.
func readLines(ctx context.Context, r io.Reader, add func(text []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRecord)
	n := 0
	for lines.Scan() {
		n++
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := add(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("line %d: has more than %d bytes", n+1, maxRecord)
	}
	return lines.Err()
}
