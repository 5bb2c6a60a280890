package cli

import (
	"context"
	"io"

	"github.com/lockkeeper/lockkeeper/internal/gate"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

func runCheck(ctx context.Context, env Environment, args []string) (int, error) {
	return judge(ctx, env, "check", args)
}

func runScan(ctx context.Context, env Environment, args []string) (int, error) {
	return judge(ctx, env, "scan", args)
}

// judge runs check or scan: they differ in whether there is a base.
func judge(ctx context.Context, env Environment, name string, args []string) (int, error) {
	var f judgeFlags
	set := flagSet(name)
	f.register(set, name == "check")
	if err := parseFlags(env, set, args, 0); err != nil {
		return 0, err
	}
	if err := f.validate(); err != nil {
		return 0, err
	}
	targets, err := destinations(f.format, f.outputs, report.Formats())
	if err != nil {
		return 0, err
	}
	options, err := f.options(env)
	if err != nil {
		return 0, err
	}

	t, err := resolve(ctx, target.Request{Repo: f.repo, Base: f.base, Head: f.head, Scan: name == "scan"})
	if err != nil {
		return 0, err
	}
	if err := refusePlanted(ctx, f.repo, f.cacheDir, t.Head); err != nil {
		return 0, err
	}
	p := newProgress(env)
	options.Content = f.content == "always" || f.content == "auto" && t.Base != nil
	options.Progress = p.step
	r, err := gate.Run(ctx, t, options)
	p.clear()
	if err != nil {
		return 0, err
	}
	for _, d := range targets {
		err := d.write(env, func(w io.Writer, o report.Options) error { return report.Render(w, d.format, r, o) })
		if err != nil {
			return 0, err
		}
	}
	return codeOfReport(r), nil
}

// options turns the flags into what a run needs to know.
func (f *judgeFlags) options(env Environment) (gate.Options, error) {
	now, err := f.judgedAt()
	if err != nil {
		return gate.Options{}, err
	}
	shard, err := f.part()
	if err != nil {
		return gate.Options{}, err
	}
	policyFile, err := f.policyBytes()
	if err != nil {
		return gate.Options{}, err
	}
	return gate.Options{
		PolicyFile: policyFile,
		PolicyName: f.policy,
		Overrides:  policy.Overrides{Preset: f.preset, Cooldown: f.cooldown},
		Record:     f.record,
		Replay:     f.replay,
		Offline:    f.offline,
		CacheDir:   cacheDir(env, f.cacheDir),
		Advisories: f.advisories,
		Now:        now,
		Clock:      env.Now,
		Getenv:     env.Getenv,
		GitHub:     gate.GitHub{Token: env.Getenv("GITHUB_TOKEN"), Advisories: github.Advisories},
		Network:    gate.Network{Proxy: env.Proxy},
		Shard:      shard,
		Version:    version,
	}, nil
}
