package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// Of a repository with many lockfiles or workspaces nearly every file that is
// listed as of interest is read, and one request for each would use up what a
// token may ask in an hour. After singleReads of them the rest is asked for
// together.
const (
	singleReads  = 4
	maxBatch     = 100     // files
	maxBatchSize = 4 << 20 // bytes
	// maxBatched is below the 512,000 bytes after which GitHub cuts a text.
	maxBatched = 500_000
)

// batches is how many bytes of files a tree asks for together at the most; the
// others are read one by one.
const batches = maxKept / 2

// readTogether brings the files that are of interest into the client's memory,
// once. What it can't bring is left to be asked for by itself, which tells why.
func (t *commitTree) readTogether(ctx context.Context) {
	if t.client.graphQL == "" || t.client.known.read() < singleReads {
		return
	}
	select {
	case <-ctx.Done():
		return
	case t.turn <- struct{}{}:
	}
	defer func() { <-t.turn }()
	if t.together {
		return
	}
	t.together = true
	var batch []string
	asked := make(map[string]bool)
	size, all := 0, 0
	ask := func() bool {
		ok := len(batch) < 2 || t.client.texts(ctx, batch) == nil
		batch, size = nil, 0
		return ok
	}
	for _, f := range t.wanted {
		if _, known := t.client.known.blob(f.ID); known || asked[f.ID] || f.Kind != tree.Regular || f.Size < 0 || f.Size > maxBatched {
			continue
		}
		if (len(batch) == maxBatch || size+int(f.Size) > maxBatchSize) && !ask() {
			return
		}
		if all += int(f.Size); all > batches {
			break
		}
		asked[f.ID] = true
		batch, size = append(batch, f.ID), size+int(f.Size)
	}
	ask()
}

// texts asks for the bytes of files by one request, and keeps those that match
// their names.
//
// https://docs.github.com/graphql/reference/objects#blob
func (c *Client) texts(ctx context.Context, ids []string) error {
	var query strings.Builder
	query.WriteString("query($owner:String!,$name:String!){repository(owner:$owner,name:$name){")
	for i, id := range ids {
		if !objectName.MatchString(id) {
			return object{"blob", id}.nameless()
		}
		fmt.Fprintf(&query, "b%d:object(oid:%q){...on Blob{text}}", i, id)
	}
	query.WriteString("}}")
	request, err := c.api.NewRequest(http.MethodPost, c.graphQL, map[string]any{
		"query": query.String(), "variables": map[string]string{"owner": c.owner, "name": c.name},
	})
	if err != nil {
		return err
	}
	var answer struct {
		Data struct {
			Repository map[string]struct{ Text *string }
		}
	}
	_, err = put(ctx, object{"files", "together"}, func() (struct{}, *gh.Response, error) {
		resp, err := c.api.Do(ctx, request, &answer)
		return struct{}{}, resp, err
	})
	for i, id := range ids {
		if text := answer.Data.Repository[fmt.Sprintf("b%d", i)].Text; text != nil && blobName([]byte(*text)) == id {
			c.known.keepBlob(id, []byte(*text))
		}
	}
	return err
}
