package github

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	gh "github.com/google/go-github/v60/github"
	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// Bounds of a conversation about advisories.
//
// https://docs.github.com/rest/security-advisories/global-advisories
const (
	pageSize = 100 // the most that a page has
	// maxPage bounds an answer in bytes: the descriptions are the bulk of an
	// advisory, and GitHub ends one at 64 KiB.
	maxPage = 16 << 20
	// politeness is how many questions are under way: more at once and GitHub
	// speaks of a secondary rate limit.
	politeness = 4
)

// advisories is GitHub's database of advisories, asked through the door.
type advisories struct {
	service *gh.SecurityAdvisoriesService
	pages   string // the host of the pages for people
}

// Advisories gives the database of advisories of an API. It asks nothing yet;
// the door has the token. Find's error wraps a [*fetch.Failure], also where an
// API has no such database.
func Advisories(door fetch.Getter, api string) (advisory.Database, error) {
	base, err := baseURL(api)
	if err != nil {
		return nil, err
	}
	client := gh.NewClient(&http.Client{Transport: through{door}})
	client.BaseURL = base
	return &advisories{service: client.SecurityAdvisories, pages: strings.TrimPrefix(base.Host, "api.")}, nil
}

// through lets go-github ask through the door.
type through struct{ door fetch.Getter }

// RoundTrip reads the whole of an answer, within the door's limit: what is read
// to the end is recorded, and what isn't whole is an error here and not
// go-github's to make sense of.
func (t through) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := t.door.Fetch(r.Context(), fetch.Request{URL: r.URL.String(), Accept: r.Header.Get("Accept"), Limit: maxPage})
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if !json.Valid(text) { // of which go-github reads as much as it understands
		return nil, &fetch.Failure{URL: r.URL.Scheme + "://" + r.URL.Host + r.URL.Path, Reason: fetch.Unexpected, Detail: "not JSON"}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text)), Request: r}, nil
}

// Find implements [advisory.Database].
func (a *advisories) Find(ctx context.Context, queries []advisory.Query) ([][]advisory.Advisory, error) {
	questions := compose(queries)
	claims := make([][]advisory.Claim, len(questions))
	budget := &atomic.Int64{}
	budget.Store(maxRequests)
	errs := make([]error, len(questions))
	var group errgroup.Group
	group.SetLimit(politeness)
	for i, q := range questions {
		group.Go(func() error {
			claims[i], errs[i] = a.ask(ctx, q, budget)
			return nil
		})
	}
	_ = group.Wait() // never an error: they are in errs, and the first there does not depend on chance
	if err := cmp.Or(errs...); err != nil {
		return nil, fmt.Errorf("advisories: %w", err)
	}
	answers, err := advisory.Answer(slices.Concat(claims...), queries)
	if err != nil {
		return nil, fmt.Errorf("advisories: GitHub's record %w", err)
	}
	return answers, nil
}

// ask holds a question's conversation: an answer that fills its page may have
// more to it, and is asked for again in halves. The door gives no headers, so
// that the address of a next page is not known.
func (a *advisories) ask(ctx context.Context, q question, budget *atomic.Int64) ([]advisory.Claim, error) {
	if budget.Add(-1) < 0 {
		return nil, fmt.Errorf("asking GitHub: it would take more than %d requests", maxRequests)
	}
	found, err := a.list(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case len(found) > pageSize:
		return nil, fmt.Errorf("asking GitHub: %d advisories on a page of %d", len(found), pageSize)
	case len(found) < pageSize:
		return a.claims(q, found)
	case len(q.subjects) == 1:
		return nil, fmt.Errorf("asking GitHub: it has %d advisories or more about %s, and shows no more at once", pageSize, q.subjects[0])
	}
	var all []advisory.Claim
	for _, half := range q.halves() {
		claims, err := a.ask(ctx, half, budget)
		if err != nil {
			return nil, err
		}
		all = append(all, claims...)
	}
	return all, nil
}

func (a *advisories) list(ctx context.Context, q question) ([]*gh.GlobalSecurityAdvisory, error) {
	affects := strings.Join(q.subjects, ",")
	found, _, err := a.service.ListGlobalSecurityAdvisories(ctx, &gh.ListGlobalSecurityAdvisoriesOptions{
		ListCursorOptions: gh.ListCursorOptions{PerPage: pageSize},
		Type:              &q.kind,
		Ecosystem:         gh.String(ecosystems[q.ecosystem].github),
		Affects:           &affects,
	})
	var failure *fetch.Failure
	switch {
	case errors.As(err, &failure):
		return nil, failure
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("asking GitHub: an answer that can't be read: %.120s", err)
	case found == nil:
		return nil, errors.New("asking GitHub: an answer without a list")
	}
	return found, nil
}

// claims takes what the advisories say of the packages that were asked after.
// One that is about none of them is an answer to another question.
func (a *advisories) claims(q question, found []*gh.GlobalSecurityAdvisory) ([]advisory.Claim, error) {
	var all []advisory.Claim
	asked := q.names()
	for _, g := range found {
		if g == nil {
			return nil, errors.New("asking GitHub: an empty advisory")
		}
		c := a.claim(g)
		c.Malware = c.Malware || q.kind == "malware"
		for _, v := range g.Vulnerabilities {
			p := v.GetPackage()
			if !strings.EqualFold(p.GetEcosystem(), ecosystems[q.ecosystem].github) || !asked[strings.ToLower(p.GetName())] {
				continue
			}
			c.Packages = append(c.Packages, advisory.Claimed{
				Ecosystem: q.ecosystem, Name: p.GetName(),
				Range: v.GetVulnerableVersionRange(), Fixed: v.GetFirstPatchedVersion(),
			})
		}
		if len(c.Packages) == 0 {
			return nil, fmt.Errorf("asking GitHub: the answer has %.40q, which is about other packages", c.ID)
		}
		all = append(all, c)
	}
	return all, nil
}

// claim takes what an advisory says of itself.
func (a *advisories) claim(g *gh.GlobalSecurityAdvisory) advisory.Claim {
	c := advisory.Claim{
		Advisory: advisory.Advisory{
			ID:        g.GetGHSAID(),
			Summary:   g.GetSummary(),
			Malware:   g.GetType() == "malware",
			Published: g.GetPublishedAt().UTC(),
			URL:       a.page(g),
		},
		Rating:    g.GetSeverity(),
		CVSS:      g.GetCVSS().GetVectorString(),
		Withdrawn: g.WithdrawnAt != nil,
	}
	if g.GetCVEID() != "" {
		c.Aliases = append(c.Aliases, g.GetCVEID())
	}
	for _, id := range g.Identifiers {
		c.Aliases = append(c.Aliases, id.GetValue())
	}
	for _, w := range g.CWEs {
		c.Weaknesses = append(c.Weaknesses, w.GetCWEID())
	}
	return c
}

// page gives the advisory's page, if that is GitHub's own and about it.
func (a *advisories) page(g *gh.GlobalSecurityAdvisory) string {
	u, err := url.Parse(g.GetHTMLURL())
	if err != nil || u.Scheme != "https" || !strings.EqualFold(u.Host, a.pages) || u.User != nil || !strings.HasSuffix(u.Path, "/"+g.GetGHSAID()) {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
