package policy

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/advisory"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// policy puts a file's settings over a preset's, and notes those that the
// schema lets through and that make no sense. What is empty here was not set,
// or is noted already.
func (f *file) policy(row preset, n *notes) (*Policy, error) {
	p := row.policy()
	p.Source = "file:" + f.path
	p.file = f
	f.thresholds(p, n)
	f.cooldown(p, n)
	f.gaps(p, row, n)
	f.vulnerabilities(p, n)
	f.ignored(p, n)
	f.registries(p, n)
	f.exceptions(p, n)
	if word := f.document.Acceptances; word != "" {
		p.Acceptances = word == "on"
	}
	for id, s := range f.document.Signals {
		set(&p.Signals, id, Setting{Off: s.Points == nil, Points: s.Points})
	}
	if err := n.broken(); err != nil {
		return nil, err
	}
	return p, nil
}

func set[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}

func (f *file) thresholds(p *Policy, n *notes) {
	t := f.document.Thresholds
	if t.Warn != nil {
		p.Warn = *t.Warn
	}
	if t.Block != nil {
		p.Block = *t.Block
	}
	if p.Warn <= p.Block {
		return
	}
	if t.Warn != nil {
		n.value(n.root.at("thresholds", "warn"), "", "must be at most block (%d)", p.Block)
		return
	}
	n.value(n.root.at("thresholds", "block"), "", "must be at least warn (%d)", p.Warn)
}

func (f *file) cooldown(p *Policy, n *notes) {
	if f.document.Cooldown == "" {
		return
	}
	age, err := duration(f.document.Cooldown)
	if err != nil {
		n.value(n.root.at("cooldown"), "", "%v", err)
	}
	p.Cooldown = age
}

// longestCooldown is a year: beyond it a gate would hold what nobody looks at
// any more.
const longestCooldown = 365 * day

// duration reads Go's notation with days before it: "7d", "1d12h", "24h".
func duration(text string) (time.Duration, error) {
	days, rest, ok := strings.Cut(text, "d")
	if !ok {
		days, rest = "0", text
	}
	count, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%s is not a duration; such as 24h or 7d", quote(text))
	}
	age := time.Duration(0)
	if rest != "" || !ok {
		age, err = time.ParseDuration(rest)
	}
	if err != nil || age < 0 || strings.HasPrefix(rest, "+") {
		return 0, fmt.Errorf("%s is not a duration; such as 24h or 7d", quote(text))
	}
	if age > longestCooldown || time.Duration(count)*day+age > longestCooldown {
		return 0, fmt.Errorf("%s is more than 365d", quote(text))
	}
	return time.Duration(count)*day + age, nil
}

func (f *file) gaps(p *Policy, row preset, n *notes) {
	for _, check := range slices.Sorted(maps.Keys(f.document.Gaps)) {
		level := f.document.Gaps[check]
		if level == LevelWarn && !row.forgives {
			n.value(n.root.at("gaps", check), "leave it out, or take another preset", "must be block: the preset %s forgives no gap", row.name)
		}
		if check == "default" {
			p.GapDefault = level
			continue
		}
		set(&p.Gaps, evidence.Check(check), level)
	}
}

// never is how a file writes a severity that no vulnerability reaches.
const never = "never"

func (f *file) vulnerabilities(p *Policy, n *notes) {
	v := f.document.Vulnerabilities
	if v.Warn != "" {
		p.VulnerabilityWarn = severity(v.Warn)
	}
	if v.Block != "" {
		p.VulnerabilityBlock = severity(v.Block)
	}
	warn, block := rank(p.VulnerabilityWarn), rank(p.VulnerabilityBlock)
	if warn == 0 || block == 0 || warn <= block {
		return
	}
	if v.Warn != "" {
		n.value(n.root.at("vulnerabilities", "warn"), "", "must not be worse than block (%s)", p.VulnerabilityBlock)
		return
	}
	n.value(n.root.at("vulnerabilities", "block"), "", "must not be milder than warn (%s)", p.VulnerabilityWarn)
}

func severity(word string) advisory.Severity {
	if word == never {
		return advisory.Unrated
	}
	return advisory.Severity(word)
}

func (f *file) ignored(p *Policy, n *notes) {
	for i, pattern := range f.document.Lockfiles.Ignore {
		if pattern == "" {
			continue
		}
		if err := checkGlob(pattern); err != nil {
			n.value(n.root.at("lockfiles", "ignore", strconv.Itoa(i)), "such as examples/**", "%v", err)
		}
		p.Ignore = append(p.Ignore, pattern)
	}
}

func (f *file) registries(p *Policy, n *notes) {
	for _, name := range slices.Sorted(maps.Keys(f.document.Registries)) {
		r := f.document.Registries[name]
		at := n.root.at("registries", name)
		checkAddress(r.URL, at.at("url"), n)
		for _, scope := range slices.Sorted(maps.Keys(r.Scopes)) {
			checkAddress(r.Scopes[scope], at.at("scopes", scope), n)
		}
		set(&p.Registries, name, Registry(r))
	}
}

// checkAddress refuses plain http beyond this machine: an answer that anyone
// on the way can change is no evidence.
func checkAddress(address string, at *place, n *notes) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		n.value(at, "such as https://npm.example.com", "%s is not an address", quote(address))
		return
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		n.value(at, "write https", "plain http is for this machine's own addresses only")
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

func (f *file) exceptions(p *Policy, n *notes) {
	for i, e := range f.document.Exceptions {
		at := n.root.at("exceptions", strconv.Itoa(i))
		excuse := Exception{Signals: e.Signals, Reason: strings.TrimSpace(e.Reason), Owner: e.Owner, Line: at.line}
		if e.Package != "" {
			excuse.Ecosystem, excuse.Name, excuse.Version = splitPackage(e.Package)
			if known := f.rules.words("/$defs/ecosystem"); !slices.Contains(known, excuse.Ecosystem) {
				n.value(at.at("package"), suggestion(excuse.Ecosystem, known), "unknown ecosystem %s", quote(excuse.Ecosystem))
			}
		}
		if e.Expires != "" {
			last, err := time.Parse(time.DateOnly, e.Expires)
			if err != nil {
				n.value(at.at("expires"), "", "%s is no day of the calendar", quote(e.Expires))
			}
			excuse.Expires = last.AddDate(0, 0, 1)
		}
		p.Exceptions = append(p.Exceptions, excuse)
	}
}

// splitPackage splits ecosystem:name@version. A scoped name begins with an @
// of its own, and a Maven name has a colon of its own.
func splitPackage(text string) (ecosystem, name, version string) {
	ecosystem, name, _ = strings.Cut(text, ":")
	if i := strings.LastIndexByte(name, '@'); i > 0 {
		name, version = name[:i], name[i+1:]
	}
	return ecosystem, name, version
}
