package cli

import (
	"context"
	"errors"

	"github.com/lockkeeper/lockkeeper/internal/target"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// resolve finds what a run compares. A name that leads nowhere is the user's to
// mend; a commit that this clone lacks is a judgement that can't be made.
func resolve(ctx context.Context, q target.Request) (*target.Target, error) {
	t, err := target.Resolve(ctx, q)
	var missing *tree.Missing
	if err == nil || errors.As(err, &missing) || ctx.Err() != nil {
		return t, err
	}
	return nil, &usageError{message: err.Error(), hint: hintOf(err), err: err}
}
