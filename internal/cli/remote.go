package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/action"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/github"
	"github.com/lockkeeper/lockkeeper/internal/target"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// compared gives the trees that a step asks for: from the checkout, or, where
// that lacks a commit or there is none, through GitHub's API with the job's
// token. done is called when the trees are no longer read.
func compared(ctx context.Context, env Environment, in action.Inputs, asked action.Comparison, workspace string) (t *target.Target, done func(), err error) {
	if asked.Pull.Head != "" {
		return ofPull(ctx, env, in, asked)
	}
	request := target.Request{Repo: workspace, Base: asked.Base, Head: asked.Head, Scan: asked.Base == ""}
	t, err = resolve(ctx, request)
	var missing *tree.Missing
	lacking := errors.As(err, &missing) || errors.Is(err, tree.ErrNoRepository) || errors.Is(err, tree.ErrUnknownRevision)
	if err == nil || !lacking || in.Token == "" || in.Offline {
		return t, func() {}, err
	}
	t, done, remote := throughAPI(ctx, env, in.Token, asked)
	if remote == nil {
		return t, done, nil
	}
	// A step may do without a checkout, so that what is in its way comes first.
	why := err.Error()
	if errors.Is(err, tree.ErrNoRepository) {
		why = "there is none"
	}
	if remote = fmt.Errorf("%w (nor from a checkout: %s)", remote, why); errors.Is(remote, github.ErrNoHash) {
		return nil, nil, &usageError{message: remote.Error(), hint: hintOf(remote), err: remote} // an input that names nothing
	}
	return nil, nil, remote
}

// ofPull reads a pull request whose commits no checkout may hold: on its events
// the job has what the base's code is trusted with.
func ofPull(ctx context.Context, env Environment, in action.Inputs, asked action.Comparison) (*target.Target, func(), error) {
	if in.Token == "" || in.Offline {
		return nil, nil, usagef("give the step its token, without offline, or run on pull_request",
			"event: reading pull request %d: it is only read through the API", asked.Pull.Number)
	}
	return throughAPI(ctx, env, in.Token, asked)
}

// throughAPI reads both sides from GitHub, so that they are the same commits
// whatever the checkout holds.
func throughAPI(ctx context.Context, env Environment, token string, asked action.Comparison) (*target.Target, func(), error) {
	client, done, err := repository(env, token)
	if err != nil {
		return nil, nil, err
	}
	if p := asked.Pull; p.Head != "" {
		if asked.Base, asked.Head, err = client.PullSides(ctx, p.Number, p.Head); err != nil {
			return nil, nil, err
		}
	}
	t := &target.Target{}
	if t.Head, err = remoteCommit(ctx, client, asked.Head); err != nil {
		return nil, nil, err
	}
	switch {
	case asked.Base == "":
	case asked.Pull.Head != "":
		t.Base, err = client.Named(asked.Base)
	default:
		t.Base, err = remoteCommit(ctx, client, asked.Base)
	}
	return t, done, err
}

// repository is the step's own repository at GitHub, by a door that leads to
// its API alone. done is called when nothing more is asked.
func repository(env Environment, token string) (client *github.Client, done func(), err error) {
	api := env.Getenv("GITHUB_API_URL")         // the runner always sets it, on GitHub Enterprise Server too
	graphQL := env.Getenv("GITHUB_GRAPHQL_URL") // beside the API there, and below it elsewhere
	var allowed []fetch.Address
	for _, url := range []string{api, graphQL} {
		if url != "" || url == api {
			allowed = append(allowed, fetch.Address{URL: url, Authorization: "Bearer " + token, Insecure: strings.HasPrefix(url, "http://")})
		}
	}
	door, err := fetch.New(fetch.Config{
		Allowed:   allowed,
		UserAgent: "lockkeeper/" + version,
		Proxy:     env.Proxy,
		Now:       env.Now,
	})
	if err != nil {
		return nil, nil, err
	}
	client, err = github.New(github.Config{API: api, GraphQL: graphQL, Repository: env.Getenv("GITHUB_REPOSITORY"), Transport: door.Transport()})
	if err != nil {
		return nil, nil, err
	}
	return client, func() { _ = door.Close() }, nil
}

// remoteCommit gives the tree of a full hash, or of its first parent, "HASH^1".
func remoteCommit(ctx context.Context, client *github.Client, rev string) (tree.Tree, error) {
	sha, first := strings.CutSuffix(rev, "^1")
	if first {
		parents, err := client.Parents(ctx, sha)
		if err != nil {
			return nil, err
		}
		if len(parents) == 0 {
			return nil, fmt.Errorf("commit %s: comparing: it has no parent", sha)
		}
		return client.Named(parents[0])
	}
	return client.Commit(ctx, sha)
}
