package cli

import (
	"context"
	"io"

	"github.com/lockkeeper/lockkeeper/internal/gate"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
)

func runList(ctx context.Context, env Environment, args []string) (int, error) {
	set := flagSet("list")
	repo := set.String("repo", ".", "the git repository in `DIR`")
	head := set.String("head", "", "the head `REV|DIR`, a git revision or a plain folder (default the working tree)")
	format := set.String("format", "text", "the output's `FORMAT`: text, json or cyclonedx")
	outputs := set.StringArray("output", nil, "write to `[FORMAT=]FILE`; without a format not to standard output; may be repeated")
	if err := parseFlags(env, set, args, 0); err != nil {
		return 0, err
	}
	targets, err := destinations(*format, *outputs, report.InventoryFormats())
	if err != nil {
		return 0, err
	}
	t, err := resolve(ctx, target.Request{Repo: *repo, Head: *head, Scan: true})
	if err != nil {
		return 0, err
	}
	inventories, unread, err := gate.List(ctx, t.Head)
	if err != nil {
		return 0, err
	}
	for _, d := range targets {
		err := d.write(env, func(w io.Writer, o report.Options) error {
			return report.RenderInventory(w, d.format, inventories, o)
		})
		if err != nil {
			return 0, err
		}
	}
	if len(unread) > 0 {
		return 0, unread[0]
	}
	return codePass, nil
}
