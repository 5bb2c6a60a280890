package github

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// issueLabel marks the issue that scans keep, so that it is found among
// thousands.
const issueLabel = "lockkeeper"

// Issue keeps one issue: the open one of the token's own account whose text
// begins with the marker. text gives its new text from the last one, and
// whether there is still something to do: if not, the issue is closed, and none
// is opened.
func (c *Client) Issue(ctx context.Context, marker, title string, text func(last string) (body string, open bool, err error)) error {
	o := object{"issue", strconv.Quote(title)}
	found, err := c.ownIssue(ctx, o, marker)
	if err != nil {
		return err
	}
	body, open, err := text(found.GetBody())
	if err != nil {
		return err
	}
	request := &gh.IssueRequest{Body: &body}
	switch {
	case found == nil && !open, found != nil && open && found.GetBody() == body:
		return nil
	case found == nil:
		request.Title, request.Labels = &title, &[]string{issueLabel}
	case !open:
		request.State = gh.String("closed")
	}
	_, err = put(ctx, o, func() (*gh.Issue, *gh.Response, error) {
		if found == nil {
			return c.issues.Create(ctx, c.owner, c.name, request)
		}
		return c.issues.Edit(ctx, c.owner, c.name, found.GetNumber(), request)
	})
	return err
}

func (c *Client) ownIssue(ctx context.Context, o object, marker string) (*gh.Issue, error) {
	issues, err := put(ctx, o, func() ([]*gh.Issue, *gh.Response, error) {
		return c.issues.ListByRepo(ctx, c.owner, c.name, &gh.IssueListByRepoOptions{
			State: "open", Labels: []string{issueLabel}, ListOptions: gh.ListOptions{PerPage: 100},
		})
	})
	if err != nil {
		return nil, err
	}
	author := ""
	for _, issue := range issues {
		if issue.IsPullRequest() || !strings.HasPrefix(issue.GetBody(), marker) {
			continue
		}
		if author == "" {
			if author, err = c.self(ctx); err != nil {
				return nil, err
			}
		}
		if issue.GetUser().GetLogin() == author {
			return issue, nil
		}
	}
	return nil, nil
}

// self is the account that the token writes as.
func (c *Client) self(ctx context.Context) (string, error) {
	o := object{"account of", "the token"}
	user, _, err := c.users.Get(ctx, "")
	var refused *gh.ErrorResponse
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode == http.StatusForbidden:
		return workflowBot, nil
	case err != nil:
		return "", o.unanswered(err)
	case user.GetLogin() == "":
		return "", o.broken("it has no name")
	}
	return user.GetLogin(), nil
}
