package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/signal"
)

func runExplain(_ context.Context, env Environment, args []string) (int, error) {
	set := flagSet("explain")
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	if set.NArg() == 0 {
		return codePass, explainAll(env.Stdout)
	}
	if _, ok := signal.Lookup(set.Arg(0)); !ok {
		var known []string
		for _, s := range signal.Table() {
			known = append(known, s.ID)
		}
		return 0, usagef(meant("", set.Arg(0), known, "lockkeeper explain lists all signals"), "explain: %q: no such signal", set.Arg(0))
	}
	return codePass, signal.Explain(env.Stdout, set.Arg(0))
}

// explainAll shows the table of signals, and how their points make a score.
func explainAll(w io.Writer) error {
	if err := signal.ExplainAll(w); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return fmt.Errorf("explain: writing: %w", err)
	}
	return policy.Explain(w)
}
