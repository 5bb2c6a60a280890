package cli

import (
	"context"

	"github.com/lockkeeper/lockkeeper/internal/signal"
)

func runExplain(_ context.Context, env Environment, args []string) (int, error) {
	set := flagSet("explain")
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	if set.NArg() == 0 {
		return codePass, signal.ExplainAll(env.Stdout)
	}
	if _, ok := signal.Lookup(set.Arg(0)); !ok {
		return 0, usagef("lockkeeper explain lists all signals", "explain: %q: no such signal", set.Arg(0))
	}
	return codePass, signal.Explain(env.Stdout, set.Arg(0))
}
