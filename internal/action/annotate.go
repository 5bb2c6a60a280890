package action

import (
	"fmt"
	"strconv"

	"github.com/sethvargo/go-githubactions"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// levels are the runner's levels, and how a command of each is written.
var levels = map[string]func(*githubactions.Action, string, ...any){
	"error":   (*githubactions.Action).Errorf,
	"warning": (*githubactions.Action).Warningf,
	"notice":  (*githubactions.Action).Noticef,
}

// Annotate shows annotations on the lines that they name. The library escapes
// their texts, so that each stays one command.
func (r *Runner) Annotate(annotations []report.Annotation) error {
	for _, a := range annotations {
		write, ok := levels[a.Level]
		if !ok {
			return fmt.Errorf("annotation: level %q is not known", a.Level)
		}
		at := r.commands.WithFieldsMap(fields(a))
		if err := issue(func() { write(at, "%s", a.Message) }); err != nil {
			return err
		}
	}
	return nil
}

// fields are the properties of an annotation's command.
func fields(a report.Annotation) map[string]string {
	f := map[string]string{"title": a.Title}
	if a.Path != "" {
		f["file"] = a.Path
	}
	if a.Line > 0 {
		f["line"] = strconv.Itoa(a.Line)
	}
	return f
}
