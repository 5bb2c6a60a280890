package github

import (
	"context"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// workflowBot is who writes with a job's own token, which may not ask who it
// is.
//
// https://docs.github.com/actions/concepts/security/github_token
const workflowBot = "github-actions[bot]"

// maxComments is how many comments of a pull request are looked through.
const maxComments = 2000

// Comment keeps one comment on a pull request: that of the token's own account
// which begins with the marker is brought up to date, so that a comment of
// somebody else with the same marker is left alone. Where there is none it is
// written if first is set.
func (c *Client) Comment(ctx context.Context, number int, marker, body string, first bool) error {
	o := object{"comment on pull request", strconv.Itoa(number)}
	found, err := c.ownComment(ctx, o, number, marker)
	switch {
	case err != nil:
		return err
	case found != nil && found.GetBody() == body, found == nil && !first:
		return nil
	}
	_, err = put(ctx, o, func() (*gh.IssueComment, *gh.Response, error) {
		if found != nil {
			return c.issues.EditComment(ctx, c.owner, c.name, found.GetID(), &gh.IssueComment{Body: &body})
		}
		return c.issues.CreateComment(ctx, c.owner, c.name, number, &gh.IssueComment{Body: &body})
	})
	return err
}

func (c *Client) ownComment(ctx context.Context, o object, number int, marker string) (*gh.IssueComment, error) {
	author := ""
	options := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: 100, Page: 1}}
	for ; options.Page <= maxComments/options.PerPage; options.Page++ {
		comments, err := put(ctx, o, func() ([]*gh.IssueComment, *gh.Response, error) {
			return c.issues.ListComments(ctx, c.owner, c.name, number, options)
		})
		if err != nil {
			return nil, err
		}
		for _, comment := range comments {
			if !strings.HasPrefix(comment.GetBody(), marker) {
				continue
			}
			if author == "" {
				if author, err = c.self(ctx); err != nil {
					return nil, err
				}
			}
			if comment.GetUser().GetLogin() == author {
				return comment, nil
			}
		}
		if len(comments) < options.PerPage {
			break
		}
	}
	return nil, nil
}
