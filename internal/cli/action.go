package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/gate"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// runAction is the program as a step of a GitHub Actions job.
func runAction(ctx context.Context, env Environment) int {
	runner := action.New(env.Getenv, env.Stdout)
	code, err := act(ctx, env, runner)
	if err == nil {
		return code
	}
	if failed := runner.Fail(err, hintOf(err)); failed != nil {
		return finish(env, 0, err)
	}
	return codeOf(err)
}

// act does what the event and the mode ask for. Where they ask for a judgement
// and there is none, the summary and the outputs say so, too: they must not look
// untouched.
func act(ctx context.Context, env Environment, runner *action.Runner) (int, error) {
	in, err := runner.Inputs()
	if err != nil {
		return 0, usagef("correct the inputs of the step", "%s", err)
	}
	switch {
	case in.Mode == action.Recheck:
		return recheck(ctx, env, runner, in)
	case in.Mode == action.Auto && runner.OnComment():
		return obey(ctx, env, runner, in)
	}
	code, err := judgeEvent(ctx, env, runner, in)
	if err == nil {
		return code, nil
	}
	var summary bytes.Buffer
	return 0, errors.Join(err,
		report.Failure(&summary, err.Error(), hintOf(err)),
		runner.Summarize(summary.String()),
		runner.Publish(action.Outputs{Verdict: "unjudged"}),
	)
}

// judgeEvent judges what the event asks for and says it everywhere that the
// runner shows: log, annotations, summary, outputs, files.
func judgeEvent(ctx context.Context, env Environment, runner *action.Runner, in action.Inputs) (int, error) {
	asked, err := runner.Comparison(in)
	if err != nil {
		return 0, usagef("see the events that Lockkeeper runs on in its README", "%s", err)
	}
	workspace := cmp.Or(env.Getenv("GITHUB_WORKSPACE"), ".")
	t, done, err := compared(ctx, env, in, asked, workspace)
	if err != nil {
		return 0, err
	}
	defer done()
	if err := refusePlanted(ctx, workspace, in.CacheDir, t.Head); err != nil {
		return 0, err
	}
	people := hearing{env: env, runner: runner, in: in}
	r, err := gate.Run(ctx, t, gate.Options{
		PolicyPath: in.Policy,
		Overrides:  policy.Overrides{Preset: in.Preset, Cooldown: in.Cooldown},
		Content:    t.Base != nil,
		Offline:    in.Offline,
		CacheDir:   in.CacheDir,
		Clock:      env.Now,
		Getenv:     env.Getenv,
		GitHub:     gate.GitHub{Token: in.Token, Advisories: github.Advisories},
		Network:    gate.Network{Proxy: env.Proxy},
		Words:      people.words(),
		Version:    version,
	})
	if err != nil {
		return 0, err
	}
	if err := people.notice(); err != nil {
		return 0, err
	}
	if err := tell(runner, in, r, pages(env)); err != nil {
		return 0, err
	}
	if err := comment(ctx, env, runner, in, r); err != nil {
		return 0, err
	}
	if err := upload(ctx, env, runner, in, r); err != nil {
		return 0, err
	}
	if r.Policy.Preset == "audit" {
		return codePass, nil
	}
	return action.Exit(r.Verdict, in.FailOn), nil
}

// pages is the address of the repository's pages, for links to lines.
func pages(env Environment) string {
	server, repository := env.Getenv("GITHUB_SERVER_URL"), env.Getenv("GITHUB_REPOSITORY")
	if server == "" || repository == "" {
		return ""
	}
	return server + "/" + repository
}

// tell writes the report wherever the inputs want it.
func tell(runner *action.Runner, in action.Inputs, r *report.Report, repository string) error {
	options := report.Options{Repository: repository, Limit: action.MaxSummary}
	render := func(format string) ([]byte, error) {
		var b bytes.Buffer
		err := report.Render(&b, format, r, options)
		return b.Bytes(), err
	}
	text, err := render("text")
	if err != nil {
		return err
	}
	if err := runner.Log(string(text)); err != nil {
		return err
	}
	if in.Annotations {
		if err := runner.Annotate(report.Annotations(r)); err != nil {
			return err
		}
	}
	for _, file := range []struct{ format, name string }{{"json", in.Report}, {"sarif", in.SARIF}, {"html", in.HTML}} {
		if file.name == "" {
			continue
		}
		document, err := render(file.format)
		if err != nil {
			return err
		}
		if err := runner.Save(file.name, document); err != nil {
			return err
		}
	}
	summary, err := render("markdown")
	if err != nil {
		return err
	}
	if err := runner.Summarize(string(summary)); err != nil {
		return err
	}
	return runner.Publish(action.OutputsOf(r, in))
}
