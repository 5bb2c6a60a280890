package advisory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/version"
)

// Bounds of a conversation with the service
// (https://google.github.io/osv.dev/post-v1-querybatch/).
const (
	maxBatch    = 1_000    // questions in one request, by the service's own rule
	maxPages    = 100      // of the answer to one question
	maxFindings = 10_000   // ids in the answer to one question
	maxAnswer   = 32 << 20 // bytes, as the service promises
	atOnce      = 16       // requests under way
	// maxWitnesses is how many aliases are read of a record that calls every
	// version malware. The real ones have three at most.
	maxWitnesses = 8
)

// OSV is OSV's service, or one that speaks its protocol. It learns which
// records name a version from the service and then reads the records: what it
// answers is what a local database with those records would. A record is asked
// for once in the lifetime of the value.
type OSV struct {
	Door fetch.Getter
	URL  string // of the service, without "v1/"

	mu      sync.Mutex
	records map[string]func() (*record, error) // by id
}

// question is a query as the service takes it.
type question struct {
	Package struct {
		Name      string `json:"name"`
		Ecosystem string `json:"ecosystem"`
	} `json:"package"`
	Version   string `json:"version,omitempty"`
	PageToken string `json:"page_token,omitempty"`
}

// ask puts a query into the service's words. One whose version doesn't parse
// asks after all of the package's records: the service would refuse the batch.
func ask(q Query) (question, error) {
	name, ok := ecosystems[q.Ecosystem]
	if !ok {
		return question{}, fmt.Errorf("the ecosystem %q is not known", q.Ecosystem)
	}
	var one question
	one.Package.Name, one.Package.Ecosystem = q.Name, name
	if version.Valid(q.Ecosystem, q.Version) {
		one.Version = q.Version
	}
	return one, nil
}

func compareQuestions(a, b question) int {
	return cmp.Or(
		strings.Compare(a.Package.Ecosystem, b.Package.Ecosystem),
		strings.Compare(a.Package.Name, b.Package.Name),
		strings.Compare(a.Version, b.Version),
	)
}

// Find implements [Database]. A [*fetch.Failure] is wrapped.
func (o *OSV) Find(ctx context.Context, queries []Query) ([][]Advisory, error) {
	all, err := o.find(ctx, queries)
	if err != nil {
		return nil, fmt.Errorf("advisories: %w", err)
	}
	return all, nil
}

func (o *OSV) find(ctx context.Context, queries []Query) ([][]Advisory, error) {
	asked := make([]question, len(queries))
	for i, q := range queries {
		var err error
		if asked[i], err = ask(q); err != nil {
			return nil, err
		}
	}
	// In order and each once, so that the same queries are the same requests.
	questions := slices.Clone(asked)
	slices.SortFunc(questions, compareQuestions)
	questions = slices.Compact(questions)

	ids, err := o.ids(ctx, questions)
	if err != nil {
		return nil, err
	}
	records, err := o.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	if err := o.readWitnesses(ctx, records); err != nil {
		return nil, err
	}

	all := make([][]Advisory, len(queries))
	for i, q := range queries {
		all[i] = matching(q, candidates(ids[asked[i]], records))
	}
	return all, nil
}

// ids gives the ids of the records that answer each question.
func (o *OSV) ids(ctx context.Context, questions []question) (map[question][]string, error) {
	batches := slices.Collect(slices.Chunk(questions, maxBatch))
	found := make([]map[question][]string, len(batches))
	err := each(len(batches), func(i int) (err error) {
		found[i], err = o.batch(ctx, batches[i])
		return err
	})
	ids := make(map[question][]string, len(questions))
	for _, part := range found {
		maps.Copy(ids, part)
	}
	return ids, err
}

// each calls f with the numbers below n, several at once, and gives the error
// of the lowest: which one comes first is chance.
func each(n int, f func(i int) error) error {
	errs := make([]error, n)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			errs[i] = f(i)
			return nil
		})
	}
	_ = group.Wait() // never an error: they are in errs
	return cmp.Or(errs...)
}

// batch asks up to maxBatch questions, and again for those whose answer goes on
// on another page.
func (o *OSV) batch(ctx context.Context, questions []question) (map[question][]string, error) {
	ids := make(map[question][]string, len(questions))
	for range maxPages {
		answers, err := o.post(ctx, questions)
		if err != nil {
			return nil, err
		}
		var more []question
		for i, answer := range answers {
			q := questions[i]
			q.PageToken = ""
			for _, v := range answer.Vulns {
				ids[q] = append(ids[q], v.ID)
			}
			if len(ids[q]) > maxFindings {
				return nil, fmt.Errorf("the service lists more than %d records for %s", maxFindings, q.Package.Name)
			}
			if answer.NextPageToken != "" {
				q.PageToken = answer.NextPageToken
				more = append(more, q)
			}
		}
		if questions = more; len(questions) == 0 {
			return ids, nil
		}
	}
	return nil, fmt.Errorf("the service's answer has more than %d pages", maxPages)
}

// answer tells of one question.
type answer struct {
	Vulns []struct {
		ID string `json:"id"`
	} `json:"vulns"`
	NextPageToken string `json:"next_page_token"`
}

func (o *OSV) post(ctx context.Context, questions []question) ([]answer, error) {
	body, err := json.Marshal(map[string]any{"queries": questions})
	if err != nil {
		return nil, err
	}
	text, err := o.fetch(ctx, fetch.Request{Method: http.MethodPost, URL: o.address("v1/querybatch"), Body: body, Limit: maxAnswer})
	if err != nil {
		return nil, err
	}
	var a struct {
		Results []answer `json:"results"`
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("the service's answer to a batch is not what it should be: %w", plainly(err))
	}
	if len(a.Results) != len(questions) {
		return nil, fmt.Errorf("the service gave %d answers to %d questions", len(a.Results), len(questions))
	}
	return a.Results, nil
}

// read gives the records with these ids; nil for one that says nothing.
func (o *OSV) read(ctx context.Context, ids map[question][]string) (map[string]*record, error) {
	wanted := slices.Concat(slices.Collect(maps.Values(ids))...)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)

	read := make([]*record, len(wanted))
	err := each(len(wanted), func(i int) (err error) {
		read[i], err = o.record(ctx, wanted[i])
		return err
	})
	records := make(map[string]*record, len(wanted))
	for i, id := range wanted {
		records[id] = read[i]
	}
	return records, err
}

// readWitnesses adds the aliases of records that call every version of a
// package malware. The service was asked for the records that name a version,
// and one that names others is what tells a hijacked package from one that was
// malware from the start. Where an alias can't be had, the claim stands.
func (o *OSV) readWitnesses(ctx context.Context, records map[string]*record) error {
	var wanted []string
	for _, id := range slices.Sorted(maps.Keys(records)) {
		if r := records[id]; r != nil && r.sweeping() {
			wanted = append(wanted, r.Aliases[:min(len(r.Aliases), maxWitnesses)]...)
		}
	}
	wanted = sorted(slices.DeleteFunc(wanted, func(id string) bool { _, read := records[id]; return read }))
	read := make([]*record, len(wanted))
	err := each(len(wanted), func(i int) error {
		read[i], _ = o.record(ctx, wanted[i])
		return ctx.Err()
	})
	for i, id := range wanted {
		records[id] = read[i]
	}
	return err
}

// candidates are the records with these ids, and their aliases among the
// records.
func candidates(ids []string, records map[string]*record) []*record {
	var list []*record
	add := func(id string) {
		if r := records[id]; r != nil && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	for _, id := range ids {
		add(id)
		if r := records[id]; r != nil {
			for _, alias := range r.Aliases {
				add(alias)
			}
		}
	}
	return list
}

// record asks for a record, once for all who want it. One that could not be had
// is asked for again.
func (o *OSV) record(ctx context.Context, id string) (*record, error) {
	o.mu.Lock()
	get, known := o.records[id]
	if !known {
		if o.records == nil {
			o.records = make(map[string]func() (*record, error))
		}
		get = sync.OnceValues(func() (*record, error) { return o.get(ctx, id) })
		o.records[id] = get
	}
	o.mu.Unlock()

	r, err := get()
	if err != nil {
		o.mu.Lock()
		delete(o.records, id)
		o.mu.Unlock()
	}
	return r, err
}

func (o *OSV) get(ctx context.Context, id string) (*record, error) {
	if !isID(id) {
		return nil, fmt.Errorf("the service names a record %.40q, which is no id", id)
	}
	text, err := o.fetch(ctx, fetch.Request{URL: o.address("v1/vulns/" + id), Limit: maxRecord})
	if err != nil {
		return nil, err
	}
	d, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("the service's record %s: %w", id, err)
	}
	if d.ID != id && !slices.Contains(d.Aliases, id) {
		return nil, fmt.Errorf("the service's record %s: is another one, %s", id, d.ID)
	}
	r, err := d.record()
	if err != nil {
		return nil, fmt.Errorf("the service's record %s: %w", id, err)
	}
	return r, nil
}

func (o *OSV) fetch(ctx context.Context, r fetch.Request) ([]byte, error) {
	r.Accept = "application/json"
	body, err := o.Door.Fetch(ctx, r)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err == nil || errors.As(err, new(*fetch.Failure)) {
		return text, err
	}
	return nil, fmt.Errorf("reading %s: %w", r.URL, err)
}

func (o *OSV) address(path string) string { return strings.TrimSuffix(o.URL, "/") + "/" + path }
