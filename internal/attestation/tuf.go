package attestation

import (
	"cmp"
	"context"
	"errors"
	"io"
	"path"
	"time"

	"github.com/sigstore/sigstore-go/pkg/tuf"
	"github.com/theupdateframework/go-tuf/v2/metadata"
	"github.com/theupdateframework/go-tuf/v2/metadata/config"
	"github.com/theupdateframework/go-tuf/v2/metadata/updater"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// targetName is what Sigstore's TUF repository calls its trusted root.
const targetName = "trusted_root.json"

// maxRotations bounds how many TUF roots are followed, and with them the
// requests: in four years Sigstore has made some fifteen.
const maxRotations = 32

// update asks Sigstore's TUF repository for its trusted root. It starts from
// the TUF root that sigstore-go embeds, and keeps nothing: the door's cache has
// what doesn't change.
func (v *Verifier) update(ctx context.Context) ([]byte, error) {
	if v.Door == nil || v.TUF == "" {
		return nil, errors.New("no TUF repository is configured")
	}
	client, err := v.client(ctx, cmp.Or(v.anchor, string(tuf.DefaultRoot())))
	if err != nil {
		return nil, err
	}
	if err := client.Refresh(); err != nil {
		return nil, err
	}
	target, err := client.GetTargetInfo(targetName)
	if err != nil {
		return nil, err
	}
	_, data, err := client.DownloadTarget(target, "", "")
	return data, err
}

func (v *Verifier) client(ctx context.Context, anchor string) (*updater.Updater, error) {
	c, err := config.New(v.TUF, []byte(anchor))
	if err != nil {
		return nil, err
	}
	c.DisableLocalCache = true
	c.MaxRootRotations = maxRotations
	c.Fetcher = door{ctx, v.Door}
	client, err := updater.New(c)
	if err != nil {
		return nil, err
	}
	if !v.Now.IsZero() {
		// A replay judges as of its recording, when the metadata were fresh.
		client.UnsafeSetRefTime(v.Now)
	}
	return client, nil
}

// door is a [fetch.Getter] as go-tuf sees it, for one run.
type door struct {
	ctx    context.Context
	getter fetch.Getter
}

// DownloadFile implements go-tuf's fetcher. The door bounds the time.
func (d door) DownloadFile(url string, limit int64, _ time.Duration) ([]byte, error) {
	body, err := d.getter.Fetch(d.ctx, fetch.Request{
		URL:   url,
		Limit: limit,
		// All other files have their version or their hash in their names.
		Immutable: path.Base(url) != metadata.TIMESTAMP+".json",
	})
	var failure *fetch.Failure
	if errors.As(err, &failure) && failure.Reason == fetch.NotFound {
		// The root after the last one is not there: that is how go-tuf knows it.
		return nil, &metadata.ErrDownloadHTTP{StatusCode: 404, URL: url}
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
