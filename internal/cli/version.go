package cli

import (
	"context"
	"fmt"
	"runtime"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/signal/popular"
)

// Set by the linker: -X github.com/lockkeeper/lockkeeper/internal/cli.version=v1.2.3
var (
	version = "dev"
	commit  = "unknown"
	date    = "unknown"
)

func runVersion(_ context.Context, env Environment, args []string) (int, error) {
	if err := parseFlags(env, flagSet("version"), args, 0); err != nil {
		return 0, err
	}
	fmt.Fprintf(env.Stdout, "lockkeeper %s\ncommit %s\nbuilt %s with %s\nembedded data: npm's popular names of %s, Sigstore's root of %s\n",
		version, commit, date, runtime.Version(), popular.Date, attestation.Date)
	return codePass, nil
}
