package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is written to a pipe arrives, and the pipe stays.
func TestOutputToAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	got := make(chan string)
	go func() {
		data, err := os.ReadFile(pipe)
		if err != nil {
			t.Error(err)
		}
		got <- string(data)
	}()
	if err := writeFile(pipe, func(w io.Writer) error { _, err := io.WriteString(w, "all of it"); return err }); err != nil {
		t.Fatal(err)
	}
	if text := <-got; text != "all of it" {
		t.Errorf("%q arrived", text)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("it is a pipe no more: %v", err)
	}
}

// Names in /dev are streams, whatever they lead to; a link elsewhere is replaced,
// and what it leads to stays as it is.
func TestWhatIsAStream(t *testing.T) {
	dir := t.TempDir()
	file, link, log := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "log")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(file, link), os.Symlink("/dev/stdout", log)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		os.DevNull: true, "/dev/stdout": true, "/dev/../dev/stdout": true,
		file: false, link: false, log: false, dir: false, filepath.Join(dir, "new"): false,
	} {
		if isStream(name) != want {
			t.Errorf("%s: a stream is %v, want %v", name, !want, want)
		}
	}
	if err := writeFile(link, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{file: "old", link: "new"} {
		if data, err := os.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("%s holds %q, want %q (%v)", name, data, want, err)
		}
	}
}
