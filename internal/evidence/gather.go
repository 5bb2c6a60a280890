package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/fetch"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/registry"
)

// Historian gives a package's release history as its registry tells it.
type Historian interface {
	Package(ctx context.Context, name string) (*registry.Package, error)
}

// Hasher gives the hash of one release, where the registry keeps it apart from
// the history.
type Hasher interface {
	Hashes(ctx context.Context, name, version string) ([]string, error)
}

// Gatherer asks the world. The zero value asks nobody, and everything is a gap.
type Gatherer struct {
	Histories  map[string]Historian // by ecosystem
	Hashers    map[string]Hasher    // by ecosystem; few have one
	Addresses  map[string]registry.Addresses
	Advisories advisory.Database
	Verifier   Verifier  // of attestations
	Requests   []Request // of the manifests of the head
	// Archives give the releases' archives, by ecosystem; nil if they are not to
	// be read. Shelf keeps what was made of them; it may be nil.
	Archives map[string]Archivist
	Shelf    Shelf
	Now      time.Time // the time that the run judges as of
	// Progress is told, from one goroutine at a time, how many of how many
	// questions are answered. It may be nil.
	Progress func(done, total int)
	// GitHub is asked beside Advisories; nil where it isn't. A question that
	// a replayed bundle does not have was not asked.
	GitHub advisory.Database
	// Others are changes that other shards of a scan gather. Of their packages
	// only those are asked after that a dossier's arrivals name.
	Others []change.Change
}

// atOnce bounds the packages being asked after; the door bounds each host.
const atOnce = 64

// Gather gives a dossier for each change, in the order of the changes. base is
// what the repository pinned before; nil in a scan. It gives an error only
// when the context ends: every other trouble is a gap in a dossier.
func (g *Gatherer) Gather(ctx context.Context, changes []change.Change, base, head []*lockfile.Inventory) ([]*Dossier, error) {
	known, requests := newPinned(base), byEntry(g.Requests)
	dossiers := make([]*Dossier, len(changes))
	for i, c := range changes {
		dossiers[i] = &Dossier{Change: c, Unasked: unasked(c, requests), Registries: g.registries(c.Ecosystem, known)}
	}

	answers := g.ask(ctx, changes)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evidence: gathering: %w", err)
	}
	for _, d := range dossiers {
		answers.tell(d)
		answers.verify(d, g.Addresses)
		d.Arrivals = d.added()
	}
	g.askElsewhere(ctx, answers, dossiers)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evidence: gathering: %w", err)
	}
	g.attest(ctx, dossiers, answers)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evidence: gathering: %w", err)
	}
	arrive(dossiers, answers, known, newPinned(head))
	g.inspect(ctx, dossiers, base == nil)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evidence: reading archives: %w", err)
	}
	for _, a := range answers.histories {
		a.release()
	}
	return dossiers, nil
}

// answers are what came back, by question.
type answers struct {
	histories map[subject]*history
	keys      map[string]keyring // by the registry's address
	advice    advice
}

type subject struct{ ecosystem, name string }

type history struct {
	pkg     *registry.Package
	err     error
	hashErr error           // of the version that comes first, if any failed
	kept    map[string]bool // versions whose dependencies a dossier still needs
}

// release drops the dependency lists that no dossier refers to. They are the
// bulk of a document with thousands of releases.
func (h *history) release() {
	if h.pkg == nil {
		return
	}
	for i := range h.pkg.Releases {
		if r := &h.pkg.Releases[i]; !h.kept[r.Version] {
			r.Dependencies, r.Signatures = nil, nil
		}
	}
}

// ask puts all questions: the registry once for each package, the advisories
// once for all.
func (g *Gatherer) ask(ctx context.Context, changes []change.Change) *answers {
	a := &answers{histories: make(map[subject]*history)}
	var subjects []subject
	versions := make(map[subject][]string)
	for _, c := range changes {
		s := subject{c.Ecosystem, c.Name}
		if c.To != "" {
			versions[s] = append(versions[s], c.To)
		}
		if _, seen := a.histories[s]; seen || !asksRegistry(c) {
			continue
		}
		a.histories[s] = &history{kept: make(map[string]bool)}
		if unconfigured(c, g.Addresses[c.Ecosystem]) == "" {
			subjects = append(subjects, s)
		}
	}

	progress := g.counter(len(subjects) + 1)
	keys := keyrings{byAddress: make(map[string]keyring)}
	var group errgroup.Group
	group.SetLimit(atOnce)
	group.Go(func() error {
		defer progress()
		a.advice = g.advise(ctx, changes)
		return nil
	})
	for _, s := range subjects {
		h := a.histories[s]
		group.Go(func() error {
			defer progress()
			h.pkg, h.err = g.history(ctx, s)
			h.hashErr = g.hash(ctx, h.pkg, versions[s])
			g.askKeys(ctx, &keys, h.pkg, s, versions[s])
			return nil
		})
	}
	_ = group.Wait() // the functions keep their own errors
	a.keys = keys.byAddress
	return a
}

func (g *Gatherer) history(ctx context.Context, s subject) (*registry.Package, error) {
	source, ok := g.Histories[s.ecosystem]
	if !ok {
		return nil, fmt.Errorf("no registry is known for %s", s.ecosystem)
	}
	p, err := source.Package(ctx, s.name)
	if err == nil && !p.Has.Created && g.Now.Sub(p.Created) < surelyOld {
		p.Created = time.Time{}
	}
	return p, err
}

// hash adds the hashes of the versions that a package's history leaves out.
func (g *Gatherer) hash(ctx context.Context, p *registry.Package, versions []string) (first error) {
	if p == nil || g.Hashers[p.Ecosystem] == nil {
		return nil
	}
	for _, v := range versions {
		r := p.Release(v)
		if r == nil || r.Removed {
			continue
		}
		var err error
		if r.Integrity, err = g.Hashers[p.Ecosystem].Hashes(ctx, p.Name, v); err != nil {
			first = cmp.Or(first, err)
		}
		p.Has.Hashes = true
	}
	return first
}

// surelyOld is an age at which no signal asks how old a package is. A registry
// that does not say when a package was first published shows its earliest
// release that is left: the package is at least that old, and what is younger
// than this may be older.
const surelyOld = 100 * 24 * time.Hour

// counter gives a function to call when a question is answered.
func (g *Gatherer) counter(total int) func() {
	if g.Progress == nil {
		return func() {}
	}
	var mu sync.Mutex
	done := 0
	g.Progress(done, total)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		done++
		g.Progress(done, total)
	}
}

// asksRegistry reports whether a registry can know the change's new version.
func asksRegistry(c change.Change) bool {
	return slices.ContainsFunc(c.Head, func(p change.Place) bool {
		return p.Entry.Source == lockfile.Registry
	})
}

// unconfigured gives the address of a registry that serves the package and is
// neither configured for it nor public; "" if there is none. Such a package is
// not asked after: its name may be private, and another registry's package of
// that name is another package.
func unconfigured(c change.Change, addresses registry.Addresses) string {
	address := ""
	for _, p := range c.Head {
		e := p.Entry
		if e.Source != lockfile.Registry {
			continue
		}
		if e.Resolved == "" || addresses.Configured(c.Name, e.Resolved) || addresses.IsPublic(e.Resolved) {
			return ""
		}
		address = e.Resolved
	}
	return address
}

// tell writes what is known of a change into its dossier.
func (a *answers) tell(d *Dossier) {
	if d.Change.Kind == change.Removed {
		return
	}
	a.tellAdvisories(d)
	if !asksRegistry(d.Change) {
		d.gap(Source, "it comes from outside a registry, so that nothing is known of its history",
			"read the code at that address; a policy decides whether such packages may pass (gaps: source)")
		return
	}
	h := a.histories[subject{d.Change.Ecosystem, d.Change.Name}]
	if h.pkg == nil {
		d.gap(History, silence(h.err), cmp.Or(hintFor(h.err), lookThere))
		return
	}
	d.Package = h.pkg
	d.Release = h.pkg.Release(d.Change.To)
	d.Unlisted = d.Release == nil || d.Release.Removed
	d.Baseline, d.FromBase = baseline(h.pkg, d.Change)
	for _, r := range []*registry.Release{d.Release, d.Baseline} {
		if r != nil {
			h.kept[r.Version] = true
		}
	}
	d.missingFacts(h.hashErr)
}

// silence says why the registry told nothing.
func silence(err error) string {
	if err == nil {
		return "it is served by a registry that is not configured, so that nobody was asked about it"
	}
	var failure *fetch.Failure
	if errors.As(err, &failure) && failure.Reason == fetch.NotFound {
		return "the configured registry does not know this package"
	}
	var broken *registry.Broken
	if errors.As(err, &broken) {
		return "the registry's document " + broken.Reason
	}
	return "the registry could not be asked: " + cause(err)
}

// cause names the host and the trouble rather than the whole address, so that
// one outage reads the same for every package that it concerns.
func cause(err error) string {
	var failure *fetch.Failure
	if !errors.As(err, &failure) {
		return err.Error()
	}
	text := failure.Why()
	if u, err := url.Parse(failure.URL); err == nil && u.Host != "" {
		text = u.Host + ": " + text
	}
	return text
}

// lookThere is for an answer that is none.
const lookThere = "look at what answers at that address: it may be a proxy or a page to log in at"

// hints say what a person can do about each reason.
var hints = map[fetch.Reason]string{
	fetch.NotFound:    "name its registry in the policy (registries) if it is private",
	fetch.Denied:      "set the registry's token in the base's .npmrc or in the environment that it names",
	fetch.RateLimited: "run the check again later",
	fetch.Unavailable: "run the check again when it answers",
	fetch.TimedOut:    "run the check again when it answers",
	fetch.Cut:         "run the check again when it answers",
	fetch.Unexpected:  lookThere,
	fetch.TooLarge:    lookThere,
	fetch.Offline:     "run without --offline",
	fetch.NotRecorded: "record the bundle again with --record",
	fetch.Refused:     "name the registry in the policy (registries)",
}

func hintFor(err error) string {
	if err == nil {
		return "name the registry in the policy (registries) or in the base's .npmrc"
	}
	return hints[reasonOf(err)]
}

// reasonOf gives the reason of a failure; "" for another error, and for none.
func reasonOf(err error) fetch.Reason {
	var failure *fetch.Failure
	if errors.As(err, &failure) {
		return failure.Reason
	}
	return ""
}

// missingFacts records what the registry leaves out about the version that the
// head pins. hashErr says why, where it was asked for the hash.
func (d *Dossier) missingFacts(hashErr error) {
	const mirror = "ask the registry that the mirror copies, or let the policy forgive this check"
	has := d.Package.Has
	r := d.Release
	if d.Package.DatedSince.IsZero() && (!has.Times || r != nil && r.Published.IsZero()) {
		d.gap(Times, "the registry gives no publication time", mirror)
	}
	if has.Times && d.Change.Kind == change.Added && d.Package.Created.IsZero() {
		d.gap(Times, "the registry does not say when the package was first published", mirror)
	}
	if r == nil || r.Removed {
		return
	}
	switch {
	case len(r.Integrity) > 0:
	case hashErr != nil:
		d.gap(Hashes, "the registry could not be asked for the content hash: "+cause(hashErr), cmp.Or(hintFor(hashErr), lookThere))
	default:
		d.gap(Hashes, "the registry gives no content hash", mirror)
	}
	if !has.Scripts {
		d.gap(Scripts, "the registry does not say whether install scripts run", mirror)
	}
	if !has.Publishers {
		d.gap(Publishers, "the registry does not say who published the releases", mirror)
	}
}

func (d *Dossier) gap(check Check, reason, hint string) {
	d.Gaps = append(d.Gaps, Gap{Check: check, Reason: reason, Hint: hint})
}

// registries gives the questions that a signal may ask of an address.
func (g *Gatherer) registries(ecosystem string, known pinned) Registries {
	addresses := g.Addresses[ecosystem]
	return Registries{
		Configured:  addresses.Configured,
		Public:      addresses.IsPublic,
		Home:        addresses.For,
		Established: known.serves,
	}
}
