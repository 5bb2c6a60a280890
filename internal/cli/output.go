package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// destination is one rendering: a format, and the file that it goes to, or ""
// for standard output.
type destination struct {
	format string
	file   string
}

// destinations reads --format and --output. An --output without a format takes
// the place of standard output; one with a format is written beside it.
func destinations(format string, outputs, formats []string) ([]destination, error) {
	if !slices.Contains(formats, format) {
		return nil, usagef("use one of "+strings.Join(formats, ", "), "--format %q: no such format", format)
	}
	var all []destination
	redirected := false
	for _, output := range outputs {
		d := destination{format: format, file: output}
		if name, file, ok := strings.Cut(output, "="); ok && slices.Contains(formats, name) {
			d = destination{format: name, file: file}
		} else {
			redirected = true
		}
		if d.file == "" {
			return nil, usagef("write --output FILE or --output FORMAT=FILE", "--output %q: no file name", output)
		}
		all = append(all, d)
	}
	if !redirected {
		all = append(all, destination{format: format})
	}
	return all, nil
}

// write renders to a destination. A file appears whole or not at all.
func (d destination) write(env Environment, render func(io.Writer, report.Options) error) error {
	if d.file == "" {
		w := bufio.NewWriter(env.Stdout)
		if err := render(w, terminalOptions(env)); err != nil {
			return fmt.Errorf("standard output: writing %s: %w", d.format, err)
		}
		return w.Flush()
	}
	return writeFile(d.file, func(w io.Writer) error { return render(w, report.Options{Version: version}) })
}

// terminalOptions decides on colour, by the conventions of no-color.org and of
// CI systems that show colour without being a terminal.
func terminalOptions(env Environment) report.Options {
	return report.Options{
		Version: version,
		Width:   env.width(),
		Color: env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb" &&
			(env.StdoutTerminal || env.Getenv("FORCE_COLOR") != ""),
	}
}

// width is what text is wrapped to: the terminal's, within what reads well.
func (env Environment) width() int {
	if env.Columns == 0 {
		return 0
	}
	return min(max(env.Columns, 60), 120)
}

// writeFile writes a file, whole or not at all: it takes the place of what has
// its name. A device or pipe stays, and is written to.
func writeFile(name string, write func(io.Writer) error) (err error) {
	if isStream(name) {
		return writeStream(name, write)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".lockkeeper-*")
	if err != nil {
		return usagef("name a file in a folder that is there and may be written to", "%s: writing: %s", name, cause(err))
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	w := bufio.NewWriter(temp)
	if err := write(w); err != nil {
		return fmt.Errorf("%s: writing: %w", name, err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("%s: writing: %w", name, err)
	}
	if err := temp.Chmod(0o644); err != nil {
		return fmt.Errorf("%s: writing: %w", name, err)
	}
	if err := temp.Close(); err != nil {
		return fmt.Errorf("%s: writing: %w", name, err)
	}
	return os.Rename(temp.Name(), name)
}

// isStream reports whether a name is that of a device or pipe, as /dev/null, or
// one of the system's own links, as /dev/stdout: a file in its place would take
// it away from everybody. Any other link is replaced: the repository's own must
// not say where a report goes, such as to the log, where a line may be a command.
func isStream(name string) bool {
	entry, err := os.Lstat(name)
	if err != nil {
		return false
	}
	if entry.Mode()&os.ModeSymlink == 0 {
		return entry.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) != 0
	}
	folder, err := filepath.Abs(filepath.Dir(name))
	return err == nil && (folder == "/dev" || folder == "/dev/fd" || strings.HasPrefix(folder, "/proc/"))
}

func writeStream(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return usagef("name a file in a folder that is there and may be written to", "%s: writing: %s", name, cause(err))
	}
	w := bufio.NewWriter(f)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("%s: writing: %w", name, err)
	}
	return nil
}
