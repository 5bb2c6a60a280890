package github

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	gh "github.com/google/go-github/v60/github"
)

// Word is a comment on a pull request that begins as it was asked for.
type Word struct {
	Author string // the login
	Denied string // why the author's word doesn't count, as a clause; "" where it does
	Text   string // the comment's first line
	Link   string // the comment's page
}

// How many authors are asked after, and how much of a line is read, in bytes.
const (
	maxAuthors = 20
	maxLine    = 4 << 10
)

// Words lists the comments on pull requests that begin with the prefix, in
// their order, and finds out which of their authors may write to the repository.
// Where the comments can't be listed to their end, the error says so, beside
// those that could be.
func (c *Client) Words(ctx context.Context, numbers []int, prefix string) ([]Word, error) {
	var comments []*gh.IssueComment
	var err error
	left := maxComments
	for _, number := range numbers {
		found, seen, failed := c.beginning(ctx, number, prefix, left)
		comments = append(comments, found...)
		left -= seen
		if err == nil {
			err = failed
		}
	}
	denied := c.rights(ctx, comments)
	var words []Word
	for _, comment := range comments {
		author := comment.GetUser().GetLogin()
		words = append(words, Word{Author: author, Denied: denied[author], Text: FirstLine(comment.GetBody()), Link: comment.GetHTMLURL()})
	}
	return words, err
}

// beginning looks through that many comments at most, and says how many it saw.
func (c *Client) beginning(ctx context.Context, number int, prefix string, most int) (all []*gh.IssueComment, seen int, err error) {
	o := object{"comments on pull request", strconv.Itoa(number)}
	err = pages(most, func(options gh.ListOptions) (int, error) {
		found, err := put(ctx, o, func() ([]*gh.IssueComment, *gh.Response, error) {
			return c.issues.ListComments(ctx, c.owner, c.name, number, &gh.IssueListCommentsOptions{ListOptions: options})
		})
		for _, comment := range found {
			if strings.HasPrefix(comment.GetBody(), prefix) {
				all = append(all, comment)
			}
		}
		seen += len(found)
		return len(found), err
	})
	if err == nil && seen >= most/pageSize*pageSize {
		err = fmt.Errorf("%s: reading: only the first %d are looked through", o, maxComments)
	}
	return all, seen, err
}

// FirstLine gives the first line of a comment, or the beginning of it.
func FirstLine(body string) string {
	line, _, _ := strings.Cut(body[:min(len(body), maxLine)], "\n")
	return strings.TrimRight(line, "\r")
}

// members are what GitHub calls authors who have something to do with the
// repository. It decides who is asked after first, so that a crowd can't crowd
// them out, and nothing else: who is a member in private is none here.
var members = []string{"OWNER", "MEMBER", "COLLABORATOR"}

// rights says of each author of a comment why his word doesn't count.
func (c *Client) rights(ctx context.Context, comments []*gh.IssueComment) map[string]string {
	var authors, others []string
	for _, comment := range comments {
		author := comment.GetUser().GetLogin()
		if slices.Contains(members, comment.GetAuthorAssociation()) {
			authors = append(authors, author)
		} else {
			others = append(others, author)
		}
	}
	denied := make(map[string]string)
	for _, author := range append(authors, others...) {
		_, asked := denied[author]
		switch {
		case asked:
		case len(denied) >= maxAuthors:
			denied[author] = fmt.Sprintf("more than %d people gave commands, and nobody asked after this one's right", maxAuthors)
		default:
			denied[author] = c.Denied(ctx, author)
		}
	}
	return denied
}

// login is what GitHub names accounts: people, those that an enterprise manages
// (with an underscore), and apps. It becomes part of an address.
//
// https://docs.github.com/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
var login = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$`) })

// Denied says, as a clause, why an account's word doesn't count; "" if it may
// write to the repository. Of what can't be found out, the answer is no.
func (c *Client) Denied(ctx context.Context, author string) string {
	switch {
	case strings.EqualFold(author, workflowBot):
		return "a job's own token speaks for nobody"
	case !login().MatchString(author):
		return "its author is no account of GitHub's"
	}
	o := object{"right of", author}
	level, err := put(ctx, o, func() (*gh.RepositoryPermissionLevel, *gh.Response, error) {
		return c.repos.GetPermissionLevel(ctx, c.owner, c.name, author)
	})
	switch {
	case err != nil:
		return fmt.Sprintf("whether its author may write could not be found out: %s", err)
	case !strings.EqualFold(level.GetUser().GetLogin(), author):
		return "whether its author may write could not be found out: the answer is about another account"
	// GitHub gives "write" for those who maintain, and "read" for those who triage.
	//
	// https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
	case slices.Contains([]string{"admin", "maintain", "write"}, level.GetPermission()):
		return ""
	}
	return "its author may not write to the repository"
}
