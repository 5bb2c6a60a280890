package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

func runRender(_ context.Context, env Environment, args []string) (int, error) {
	set := flagSet("render")
	format := set.String("format", "text", "the output's `FORMAT`: text, json, sarif or markdown")
	outputs := set.StringArray("output", nil, "write to `[FORMAT=]FILE`; without a format not to standard output; may be repeated")
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	targets, err := destinations(*format, *outputs, report.Formats())
	if err != nil {
		return 0, err
	}
	name := set.Arg(0)
	if name == "" {
		return 0, usagef("lockkeeper render REPORT.json", "render: no report named")
	}
	file, err := os.Open(name)
	if err != nil {
		return 0, usagef("name a report that was saved with --format json", "%s: opening: %s", name, cause(err))
	}
	defer file.Close()
	r, err := report.Read(file)
	if err != nil {
		return 0, usagef("name a report that was saved with --format json", "%s: %s", name, err)
	}
	for _, d := range targets {
		err := d.write(env, func(w io.Writer, o report.Options) error { return report.Render(w, d.format, r, o) })
		if err != nil {
			return 0, err
		}
	}
	return codePass, nil
}

// cause drops the operation and the path that os puts before a cause.
func cause(err error) string {
	if e, ok := err.(*os.PathError); ok {
		return e.Err.Error()
	}
	return fmt.Sprint(err)
}
