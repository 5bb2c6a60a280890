package registry

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/fetch"
)

// JSR asks registries that speak JSR's protocol, as its documentation of the
// registry API has it.
type JSR struct {
	Door fetch.Getter
	// Address gives the registry that is configured for a package's name.
	Address func(name string) string
}

// Bounds of JSR's documents in bytes. A release's own lists each file with what
// it imports.
const (
	maxJSRDocument = 16 << 20
	maxJSRRelease  = 64 << 20
)

// jsrDated is from when JSR dates releases. The documents of packages with no
// release since have no times. (Renovate's jsr data source goes by it, too:
// https://docs.renovatebot.com/modules/datasource/jsr/)
var jsrDated = time.Date(2025, time.September, 18, 0, 0, 0, 0, time.UTC)

// Package asks for a package's history. The error wraps a [*fetch.Failure] where
// the registry gave none, and is or wraps a [*Broken] where the document can't
// be read.
func (j JSR) Package(ctx context.Context, name string) (*Package, error) {
	body, err := j.fetch(ctx, name, "meta.json", maxJSRDocument, false)
	if err != nil {
		return nil, err
	}
	defer body.Close()

	p, err := ReadJSR(body, name)
	var failure *fetch.Failure
	if errors.As(err, &failure) {
		return nil, fmt.Errorf("jsr: %s: %w", name, failure)
	}
	return p, err
}

// Hashes gives the hash of one release as lockfiles have it: of the document
// that holds the hashes of its files.
func (j JSR) Hashes(ctx context.Context, name, version string) ([]string, error) {
	if !isJSRVersion(version) {
		return nil, fmt.Errorf("jsr: %s: %.100q is not a version", name, version)
	}
	body, err := j.fetch(ctx, name, version+"_meta.json", maxJSRRelease, true)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	sum := sha256.New()
	err = checkJSRRelease(io.TeeReader(body, sum))
	var failure *fetch.Failure
	if errors.As(err, &failure) {
		return nil, fmt.Errorf("jsr: %s: %w", name, failure)
	}
	if err != nil {
		return nil, &Broken{Ecosystem: "jsr", Name: name, Reason: reason(err, 0), Err: err}
	}
	return []string{"sha256-" + base64.StdEncoding.EncodeToString(sum.Sum(nil))}, nil
}

// checkJSRRelease reads a release's document to its end. A page to log in at has
// a hash as well, and must not convict the release of having another one than
// the lockfile's.
func checkJSRRelease(r io.Reader) error {
	t := newTokens(r)
	listed := false
	_, err := t.fields(func(name []byte) (err error) {
		if string(name) == "manifest" {
			listed, err = t.isObject()
			return err
		}
		return t.skip()
	})
	switch {
	case err != nil:
		return err
	case !listed:
		return errors.New("lists no files")
	}
	return t.end()
}

func (j JSR) fetch(ctx context.Context, name, document string, limit int64, immutable bool) (io.ReadCloser, error) {
	scope, own, ok := jsrName(name)
	if !ok {
		return nil, fmt.Errorf("jsr: %.200q is not a package's name", name)
	}
	body, err := j.Door.Fetch(ctx, fetch.Request{
		URL:       strings.TrimSuffix(j.Address(name), "/") + "/@" + scope + "/" + own + "/" + document,
		Accept:    "application/json", // for text/html it answers with a page
		Limit:     limit,
		Immutable: immutable,
	})
	if err != nil {
		return nil, fmt.Errorf("jsr: %s: %w", name, err)
	}
	return body, nil
}

// maxJSRName is well above JSR's own bounds, in bytes of a scope or a name.
const maxJSRName = 100

// jsrName takes a name apart. It is strict, so that no name out of a lockfile
// reaches another path: JSR's own names are of lower-case letters, digits and
// hyphens.
func jsrName(name string) (scope, own string, ok bool) {
	scope, own, _ = strings.Cut(strings.TrimPrefix(name, "@"), "/")
	return scope, own, strings.HasPrefix(name, "@") && isJSRName(scope) && isJSRName(own)
}

func isJSRName(s string) bool {
	return s != "" && len(s) <= maxJSRName && s[0] != '-' && consistsOf(s, "abcdefghijklmnopqrstuvwxyz0123456789-")
}

func isJSRVersion(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return s != "" && len(s) <= maxJSRName && '0' <= s[0] && s[0] <= '9' && consistsOf(s, letters+"0123456789.-+")
}

func consistsOf(s, set string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return !strings.ContainsRune(set, c) })
}

// jsrDocument is a document while it is being read.
type jsrDocument struct {
	*tokens
	pkg         Package
	scope, name string
	listed      bool
	seen        map[string]bool // members of the document and of its versions
}

// ReadJSR reads JSR's document on a package as a stream, and keeps what [Package]
// holds. A member of a wrong type is as one that is missing; what makes the
// whole doubtful is a [*Broken] error.
func ReadJSR(r io.Reader, name string) (*Package, error) {
	d := &jsrDocument{tokens: newTokens(r), seen: make(map[string]bool)}
	isObject, err := d.fields(d.member)
	if err == nil && !isObject {
		err = errors.New("is not a JSON object")
	}
	if err == nil {
		err = d.end()
	}
	if err == nil {
		err = d.check(name)
	}
	if err != nil {
		return nil, &Broken{Ecosystem: "jsr", Name: name, Reason: reason(err, len(d.pkg.Releases)), Err: err}
	}
	return d.result(name), nil
}

func (d *jsrDocument) member(name []byte) (err error) {
	if err := d.once("document", name); err != nil {
		return err
	}
	switch string(name) {
	case "scope":
		d.scope, err = d.text()
	case "name":
		d.name, err = d.text()
	case "latest":
		d.pkg.Latest, err = d.text()
	case "versions":
		d.listed, err = d.fields(d.release)
	default:
		err = d.skip()
	}
	return err
}

// once refuses a name that stands twice, where one is kept.
func (d *jsrDocument) once(within string, name []byte) error {
	key := within + " " + string(name)
	if d.seen[key] {
		return errTwice
	}
	if len(d.seen) > 2*maxVersions {
		return &limitError{2 * maxVersions, "members"}
	}
	d.seen[key] = true
	return nil
}

func (d *jsrDocument) release(version []byte) error {
	if len(d.pkg.Releases) == maxVersions {
		return &limitError{maxVersions, "releases"}
	}
	if err := d.once("version", version); err != nil {
		return err
	}
	r := Release{Version: string(version)}
	dated, judged := false, false
	_, err := d.fields(func(name []byte) error {
		switch string(name) {
		case "createdAt":
			text, err := d.text()
			if dated {
				return errTwice
			}
			dated, r.Published = true, parseTime(text)
			return err
		case "yanked":
			yanked, err := d.flag()
			if judged {
				return errTwice
			}
			if judged = true; yanked { // still served, and chosen by nobody new
				r.Deprecated = "yanked by its publisher"
			}
			return err
		}
		return d.skip()
	})
	d.pkg.Releases = append(d.pkg.Releases, r)
	return err
}

// check tells whether the document is the package's at all.
func (d *jsrDocument) check(name string) error {
	switch full := "@" + d.scope + "/" + d.name; {
	case d.scope == "" || d.name == "":
		return errors.New("names no package")
	case full != name:
		return fmt.Errorf("is of another package, %.100q", full)
	case !d.listed:
		return errors.New("lists no versions")
	}
	return nil
}

// result dates the package. JSR lists every release that there was, save for
// those that it took down itself; nothing of a package runs at its install.
func (d *jsrDocument) result(name string) *Package {
	p := &d.pkg
	p.Ecosystem, p.Name = "jsr", name
	p.DatedSince = jsrDated
	p.Has = Facts{Times: true, Created: true, Scripts: true}
	slices.SortFunc(p.Releases, Chronological("jsr"))
	if len(p.Releases) > 0 {
		first := p.Releases[0].Published
		p.Has.Created = !first.IsZero()
		p.Created = first
		if first.IsZero() {
			p.Created = jsrDated // or before
		}
	}
	return p
}

// end checks that nothing follows the document.
func (t *tokens) end() error {
	if _, err := t.d.ReadToken(); err != io.EOF {
		return cmp.Or(err, errors.New("goes on after its end"))
	}
	return nil
}
