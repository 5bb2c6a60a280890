package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/lockkeeper/lockkeeper/internal/attestation"
	"github.com/lockkeeper/lockkeeper/internal/signal/popular"
)

// Set by the linker: -X github.com/lockkeeper/lockkeeper/internal/cli.version=v1.2.3
var (
	version = "dev"
	commit  = "unknown"
	date    = "unknown"
)

// init takes from the go command's own stamp what the linker was not told, as
// where somebody installs the program by go install.
func init() {
	info, ok := debug.ReadBuildInfo()
	if !ok || version != "dev" {
		return
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.time":
			date = s.Value
		}
	}
}

func runVersion(_ context.Context, env Environment, args []string) (int, error) {
	if err := parseFlags(env, flagSet("version"), args, 0); err != nil {
		return 0, err
	}
	fmt.Fprintf(env.Stdout, "lockkeeper %s\ncommit %s\nbuilt %s with %s\nembedded data: npm's popular names of %s, Sigstore's root of %s\n",
		version, commit, date, runtime.Version(), popular.Date, attestation.Date)
	return codePass, nil
}
