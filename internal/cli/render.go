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
	format := set.String("format", "text", "the output's `FORMAT`: text, json, sarif, markdown or html")
	outputs := set.StringArray("output", nil, "write to `[FORMAT=]FILE`; without a format not to standard output; may be repeated")
	merge := set.Bool("merge", false, "make one report of all shards of a scan, and end with the code that the scan would have")
	if err := parseFlags(env, set, args, 1<<10); err != nil {
		return 0, err
	}
	if !*merge && set.NArg() > 1 {
		return 0, usagef("use --merge for the shards of a scan", "render: unexpected argument %q", set.Arg(1))
	}
	targets, err := destinations(*format, *outputs, report.Formats())
	if err != nil {
		return 0, err
	}
	if set.NArg() == 0 {
		return 0, usagef("lockkeeper render REPORT.json", "render: no report named")
	}
	var saved []*report.Report
	for _, name := range set.Args() {
		r, err := readReport(name)
		if err != nil {
			return 0, err
		}
		saved = append(saved, r)
	}
	r, code := saved[0], codePass
	if *merge {
		if r, err = report.Merge(saved); err != nil {
			return 0, usagef("name every report that scan --shard saved, once", "render: %s", err)
		}
		code = codeOfReport(r)
	}
	for _, d := range targets {
		err := d.write(env, func(w io.Writer, o report.Options) error { return report.Render(w, d.format, r, o) })
		if err != nil {
			return 0, err
		}
	}
	return code, nil
}

func readReport(name string) (*report.Report, error) {
	const hint = "name a report that was saved with --format json"
	file, err := os.Open(name)
	if err != nil {
		return nil, usagef(hint, "%s: opening: %s", name, cause(err))
	}
	defer file.Close()
	r, err := report.Read(file)
	if err != nil {
		return nil, usagef(hint, "%s: %s", name, err)
	}
	return r, nil
}

// cause drops the operation and the path that os puts before a cause.
func cause(err error) string {
	if e, ok := err.(*os.PathError); ok {
		return e.Err.Error()
	}
	return fmt.Sprint(err)
}
