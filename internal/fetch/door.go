package fetch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// Door is the [Getter] of a run. It may be used from many goroutines at once;
// a goroutine that holds a body open must not wait for another one of the same
// host.
type Door struct {
	cfg      Config
	allowed  places
	network  *network
	client   *http.Client
	cache    *cache
	recorder *recorder // nil if nothing is recorded
	bundle   *bundle   // nil if nothing is replayed

	// clock tells the machine's time, by which kept answers are fresh: Config's
	// Now may be a moment that a run judges as of.
	clock func() time.Time

	kept  atomic.Int64
	mu    sync.Mutex
	hosts map[string]*host
}

var _ Getter = (*Door)(nil)

// New makes a door. An address that can't be used, a bundle that can't be
// read, or a record that can't be written is an error now, not at the first
// question.
func New(cfg Config) (*Door, error) {
	if cfg.Record != "" && cfg.Replay != "" {
		return nil, errors.New("recording and replaying at once: a replay has nothing new to record")
	}
	cfg = withDefaults(cfg)
	allowed, err := allow(cfg.Allowed)
	if err != nil {
		return nil, err
	}
	d := &Door{cfg: cfg, allowed: allowed, network: newNetwork(cfg, allowed), clock: time.Now, hosts: map[string]*host{}}
	d.client = d.network.client()
	if cfg.Replay != "" {
		cfg.CacheDir = "" // a replay answers from the bundle and from nothing else
		d.bundle, err = openBundle(cfg.Replay)
	}
	if err == nil {
		d.recorder, err = newRecorder(cfg.Record, cfg.Now())
	}
	if err != nil {
		return nil, err
	}
	d.cache = openCache(cfg.CacheDir, cfg.CacheLimit)
	return d, nil
}

func withDefaults(cfg Config) Config {
	cfg.PerHost = cmp.Or(max(cfg.PerHost, 0), DefaultPerHost)
	cfg.Attempts = cmp.Or(max(cfg.Attempts, 0), DefaultAttempts)
	cfg.Timeout = cmp.Or(max(cfg.Timeout, 0), DefaultTimeout)
	cfg.Stall = cmp.Or(max(cfg.Stall, 0), DefaultStall)
	cfg.Deadline = cmp.Or(max(cfg.Deadline, 0), DefaultDeadline)
	cfg.Backoff = min(cmp.Or(max(cfg.Backoff, 0), DefaultBackoff), longestBackoff)
	cfg.CacheLimit = cmp.Or(max(cfg.CacheLimit, 0), DefaultCacheLimit)
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "lockkeeper")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg
}

// RecordedAt gives, for a replay, the time at which the bundle was recorded.
func (d *Door) RecordedAt() (time.Time, bool) {
	if d.bundle == nil {
		return time.Time{}, false
	}
	return d.bundle.at, true
}

// Stats gives the counts so far.
func (d *Door) Stats() Stats {
	return Stats{
		Sent:       d.network.sent.Load(),
		Kept:       d.kept.Load(),
		Bytes:      d.network.bytes.Load(),
		CacheError: d.cache.firstFault(),
	}
}

// Close writes the bundle, if one is recorded, and tidies the cache. Bodies
// that are still open then are in neither.
func (d *Door) Close() error {
	d.network.close()
	d.cache.evict()
	if d.bundle != nil {
		return d.bundle.file.Close()
	}
	return d.recorder.close()
}

// Fetch implements [Getter]. A request waits for a slot of its host, which it
// holds until its body is read to the end or closed; its deadline begins then.
func (d *Door) Fetch(ctx context.Context, r Request) (io.ReadCloser, error) {
	q, u, err := pose(r)
	if err != nil {
		return nil, &Failure{URL: display(r.URL), Reason: Refused, Detail: err.Error()}
	}
	r.Limit = cmp.Or(max(r.Limit, 0), DefaultLimit)
	b, f := d.answer(ctx, inquiry{Request: r, question: q, target: u})
	if f != nil {
		f.URL = display(q.url)
		d.recorder.fail(q, f)
		return nil, f
	}
	return b, nil
}

// inquiry is a request on its way to an answer.
type inquiry struct {
	Request
	question
	target *url.URL
	key    string // in the cache
	copy   *copied
}

// answer looks for an answer in the cheapest place that may have it.
func (d *Door) answer(ctx context.Context, in inquiry) (*body, *Failure) {
	if d.bundle != nil {
		src, f := d.bundle.open(in.question)
		if f != nil {
			return nil, f
		}
		return d.body(in, src), nil
	}
	p, ok := d.allowed.find(in.target)
	if !ok {
		return nil, &Failure{Reason: Refused, Detail: "not one of the configured addresses"}
	}
	in.key = in.question.key(p.authorization)
	in.copy = d.cache.find(in.key)
	if in.copy != nil && in.Immutable {
		return d.fromCache(in), nil
	}
	if d.cfg.Offline {
		in.copy.close()
		return nil, &Failure{Reason: Offline}
	}
	if in.copy != nil && in.copy.fresh(d.clock()) {
		return d.fromCache(in), nil
	}
	return d.fromNetwork(ctx, in)
}

// fromCache gives the copy.
func (d *Door) fromCache(in inquiry) *body {
	d.kept.Add(1)
	d.cache.used(in.key)
	return d.body(in, in.copy.File)
}

// fromNetwork asks, and gives the copy if that is still what it would get.
func (d *Door) fromNetwork(ctx context.Context, in inquiry) (*body, *Failure) {
	h := d.host(in.target.Host)
	if f := h.enter(ctx); f != nil {
		in.copy.close()
		return nil, f
	}
	until := time.Now().Add(d.cfg.Deadline)
	ctx, cancel := context.WithDeadlineCause(ctx, until, &overtime{"no whole answer within", d.cfg.Deadline})
	done := func(f *Failure) {
		cancel()
		h.heard(f)
		h.leave()
	}
	asked := d.clock()
	e, f := d.exchange(ctx, until, in)
	var resp *http.Response
	if f == nil {
		resp, f = e.open()
	}
	if f != nil {
		done(f)
		in.copy.close()
		return nil, f
	}
	fresh := freshUntil(asked, resp, in)
	if resp.StatusCode == http.StatusNotModified {
		discard(resp.Body)
		done(nil)
		return d.renewed(in, resp, fresh), nil
	}
	in.copy.close()
	b := d.body(in, resp.Body)
	b.again = e
	b.keep(d.draft(in, resp, resp.Header.Get("ETag"), fresh))
	recorded := b.end
	b.end = func(f *Failure) {
		recorded(f)
		done(f)
	}
	return b, nil
}

// renewed gives the copy, which the server has just confirmed. Where it says
// for how long it may be used, it is written anew as it is read: a file of the
// cache is never changed in place.
func (d *Door) renewed(in inquiry, resp *http.Response, fresh time.Time) *body {
	b := d.fromCache(in)
	if !fresh.IsZero() {
		b.keep(d.draft(in, resp, in.copy.ETag, fresh))
	}
	return b
}

// body gives a source to the reader and, if there is one, to the record.
func (d *Door) body(in inquiry, src io.ReadCloser) *body {
	b := &body{
		src: src, url: display(in.url), limit: in.Limit,
		whole: d.recorder != nil,
		end: func(f *Failure) {
			if f != nil {
				d.recorder.fail(in.question, f)
			}
		},
	}
	if s := d.recorder.spool(in.question); s != nil {
		b.sinks = append(b.sinks, s)
	}
	return b
}

// draft begins to keep an answer that can be used again: one that never
// changes, that may be used for a while, or that the server has named so that
// it can be asked about.
func (d *Door) draft(in inquiry, resp *http.Response, tag string, fresh time.Time) *draft {
	again := !in.Unkept && (in.Immutable || !fresh.IsZero() || tag != "" && in.method == http.MethodGet)
	if _, never := directives(resp.Header)["no-store"]; never || !again {
		return nil
	}
	return d.cache.draft(kept{Key: in.key, ETag: tag, Fresh: fresh})
}

func (d *Door) host(name string) *host {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.hosts[name]
	if h == nil {
		h = &host{slots: make(chan struct{}, d.cfg.PerHost)}
		d.hosts[name] = h
	}
	return h
}

// Transport is the door for a client that speaks a protocol of its own: the
// same addresses, tokens, redirects and dials, without retries, cache, record
// and replay.
func (d *Door) Transport() http.RoundTripper { return d.network }
