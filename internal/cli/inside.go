package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/gate"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

// runDiff compares two releases of a package by their archives.
func runDiff(ctx context.Context, env Environment, args []string) (int, error) {
	var f judgeFlags
	set := flagSet("diff")
	set.StringVar(&f.repo, "repo", ".", "the git repository or folder `DIR` whose settings name the registry")
	set.StringVar(&f.policy, "policy", "", "a policy `FILE` to use instead of the repository's")
	f.registerOutput(set, "text or json")
	f.registerWorld(set)
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	if err := f.validateWorld(); err != nil {
		return 0, err
	}
	versions, err := versionsOf(set.Arg(0))
	if err != nil {
		return 0, err
	}
	targets, err := destinations(f.format, f.outputs, report.DeltaFormats())
	if err != nil {
		return 0, err
	}
	options, err := f.options(env)
	if err != nil {
		return 0, err
	}
	t, err := resolve(ctx, target.Request{Repo: f.repo, Scan: true})
	if err != nil {
		return 0, err
	}
	if err := refusePlanted(ctx, f.repo, f.cacheDir, t.Head); err != nil {
		return 0, err
	}
	d, err := gate.Diff(ctx, t, versions, options)
	if err != nil {
		return 0, err
	}
	return codePass, writeDelta(env, targets, d)
}

// runProfile tells what is inside an archive.
func runProfile(ctx context.Context, env Environment, args []string) (int, error) {
	var f judgeFlags
	set := flagSet("profile")
	integrity := set.String("integrity", "", "the hash that the archive must have, as `HASH` in a lockfile writes it (default its own)")
	f.registerOutput(set, "text or json")
	if err := parseFlags(env, set, args, 1); err != nil {
		return 0, err
	}
	targets, err := destinations(f.format, f.outputs, report.DeltaFormats())
	if err != nil {
		return 0, err
	}
	if set.NArg() == 0 {
		return 0, usagef("lockkeeper profile FILE.tgz", "profile: no archive named")
	}
	const hint = "name an archive that npm pack made"
	file, err := os.Open(set.Arg(0))
	if err != nil {
		return 0, usagef(hint, "%s: opening: %s", set.Arg(0), cause(err))
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return 0, usagef(hint, "%s: opening: it is no regular file", set.Arg(0))
	}
	d, err := gate.Profile(ctx, file, strings.Fields(*integrity), version)
	if err != nil {
		return 0, &hintedError{fmt.Errorf("%s: %w", set.Arg(0), err), hint}
	}
	return codePass, writeDelta(env, targets, d)
}

func writeDelta(env Environment, targets []destination, d *report.Delta) error {
	for _, to := range targets {
		err := to.write(env, func(w io.Writer, o report.Options) error { return report.RenderDelta(w, to.format, d, o) })
		if err != nil {
			return err
		}
	}
	return nil
}

// versionsOf reads npm:NAME@OLD..NEW or npm:NAME@NEW. A name may begin with an
// @ and a version may not hold one; two dots stand in no version.
func versionsOf(operand string) (gate.Versions, error) {
	wrong := usagef("write it as npm:NAME@OLD..NEW, or as npm:NAME@NEW to compare with the release before", "diff: %q names no versions of a package", operand)
	ecosystem, rest, _ := strings.Cut(operand, ":")
	at := strings.LastIndexByte(rest, '@')
	if ecosystem != "npm" || at < 1 {
		return gate.Versions{}, wrong
	}
	v := gate.Versions{Ecosystem: ecosystem, Name: rest[:at], New: rest[at+1:]}
	if old, latest, both := strings.Cut(v.New, ".."); both {
		if v.Old, v.New = old, latest; old == "" {
			return gate.Versions{}, wrong
		}
	}
	if v.New == "" || strings.Contains(v.New, "..") {
		return gate.Versions{}, wrong
	}
	return v, nil
}
