// Package github is the repository as GitHub's API shows it, and GitHub's
// database of advisories.
//
// It takes the API's address, a token and a repository's name, and gives the
// [tree.Tree] of a commit that the checkout lacks, and the commits that a pull
// request is about and what people who may write say on it; keeps its comment,
// the scans' issue, the held checks and the alerts of code scanning; or
// takes the door of a run and gives an [advisory.Database]. It promises: no
// other package imports go-github; the right to read the contents is enough;
// nothing but checked names and hashes is ever put into an address, and no
// redirect to another host is followed, so that the token stays at home; no
// answer is read without a limit.
//
// What a tree holds is as hostile as in package tree, and is refused alike. The
// API is trusted to list it; the bytes of a file are checked against their hash.
package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// Config is what a client is made from.
type Config struct {
	API        string // as GITHUB_API_URL has it, of GitHub Enterprise Server too
	GraphQL    string // as GITHUB_GRAPHQL_URL has it; done without if it is "" or of another host
	Token      string // "" for none, or if the transport adds its own
	Repository string // "owner/name"
	Transport  http.RoundTripper
	Wait       time.Duration // for all pauses before questions are put again; 0 for [DefaultWait]
}

// Client asks about one repository. Its methods may be called concurrently;
// they take as long as their context lets them.
type Client struct {
	api         *gh.Client
	graphQL     string
	git         *gh.GitService
	pulls       *gh.PullRequestsService
	repos       *gh.RepositoriesService
	issues      *gh.IssuesService
	users       *gh.UsersService
	actions     *gh.ActionsService
	checks      *gh.ChecksService
	scanning    *gh.CodeScanningService
	owner, name string
	known       memory
}

// maxNameLength is more than the name of a repository or a branch has, in bytes. It
// stands beside the patterns: counted repetitions make them slow to compile.
const maxNameLength = 300

var (
	// A name of dots alone would change the path that it is put into.
	repositoryName = regexp.MustCompile(`^[A-Za-z0-9_-]+/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
	objectName     = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// New makes a client, and asks nothing yet. There is no default transport: what
// connects is the caller's to choose.
func New(c Config) (*Client, error) {
	if c.Transport == nil {
		return nil, errors.New("GitHub: opening: no transport")
	}
	if len(c.Repository) > maxNameLength || !repositoryName.MatchString(c.Repository) {
		return nil, &tree.Error{
			Subject: fmt.Sprintf("GitHub: %.200q", c.Repository), Doing: "opening", Err: errors.New("is not owner/name"),
			Advice: "set GITHUB_REPOSITORY to owner/name",
		}
	}
	api, err := baseURL(c.API)
	if err != nil {
		return nil, err
	}
	if home := api.Scheme + "://" + api.Host + "/"; !strings.HasPrefix(c.GraphQL, home) {
		c.GraphQL = "" // the token is not for it
	}
	client := gh.NewClient(&http.Client{
		Transport:     &transport{base: c.Transport, token: c.Token, wait: cmp.Or(c.Wait, DefaultWait)},
		CheckRedirect: stayHome,
	})
	// WithEnterpriseURLs would guess at the path, which the runner knows.
	client.BaseURL = api
	client.UserAgent = "lockkeeper"
	owner, name, _ := strings.Cut(c.Repository, "/")
	return &Client{
		api: client, graphQL: c.GraphQL,
		git: client.Git, pulls: client.PullRequests, repos: client.Repositories, issues: client.Issues, users: client.Users,
		actions: client.Actions, checks: client.Checks, scanning: client.CodeScanning,
		owner: owner, name: name,
	}, nil
}

// baseURL is the API's address as go-github wants it.
func baseURL(api string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimRight(api, "/") + "/")
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" ||
		base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, &tree.Error{
			Subject: "GitHub: the API", Doing: "opening", Err: errors.New("its address is not https://HOST or https://HOST/PATH"),
			Advice: "set GITHUB_API_URL to the address of the API, without a token",
		}
	}
	return base, nil
}

// Commit gives the files of a commit, named by its full hash. It asks for the
// commit, and for its files when they are first needed. The error is a
// [*tree.Missing] or says what GitHub said.
func (c *Client) Commit(ctx context.Context, sha string) (tree.Tree, error) {
	commit, err := c.commit(ctx, sha)
	if err != nil {
		return nil, err
	}
	return newCommitTree(c, commit.GetSHA(), object{"tree", treeName(commit.Tree)}), nil
}

// Named gives the files of a commit that GitHub has just named, which need not
// be asked for by itself: a listing takes a commit's name, too.
//
// https://docs.github.com/rest/git/trees
func (c *Client) Named(sha string) (tree.Tree, error) {
	if !objectName.MatchString(sha) {
		return nil, object{"commit", sha}.nameless()
	}
	return newCommitTree(c, sha, object{"commit", sha}), nil
}

// Parents gives the full hashes of a commit's parents.
func (c *Client) Parents(ctx context.Context, sha string) ([]string, error) {
	commit, err := c.commit(ctx, sha)
	if err != nil {
		return nil, err
	}
	parents := make([]string, len(commit.Parents))
	for i, p := range commit.Parents {
		if parents[i] = p.GetSHA(); !objectName.MatchString(parents[i]) {
			return nil, object{"commit", sha}.broken("parent %d is not named by a hash: %.50q", i+1, parents[i])
		}
	}
	return parents, nil
}
