package signal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var newHost = Signal{
	ID:     "new-host",
	Family: Content,
	Title:  "New address",
	Meaning: "Code that may run names an address or a domain that no code of the earlier version names. Another name below a domain that it names already is none, " +
		"unless anybody can have one there.",
	Why: "What is stolen goes somewhere: most payloads name a host that the package never named. So does a new link in an error message, " +
		"and it counts only beside something else, or where it is called by a young release: 2.4 % of 1,089 real updates name a new address at all.",
	Remedy:  "Look at what is sent to the address and what comes from it, and whose it is.",
	Points:  namedPoints,
	Scale:   "15; 25 where a new connection is opened to it; 30 where an install asks it",
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkNewHost,
}

const (
	namedPoints     = 15
	contactedPoints = 25
	installPoints   = 30  // what an install takes from another host than before is in no lockfile
	callReach       = 200 // bytes from a call to the address that it is given
)

// isContacted reports whether one of the hosts is the first that is named where
// a new connection is opened.
func isContacted(c *evidence.Content, hosts []artifact.News) bool {
	calls := map[string][]int{}
	for _, n := range c.Delta.News {
		if n.Kind == artifact.NewUse && n.What == string(code.Network) {
			calls[n.Path] = append(calls[n.Path], placesOf(n)...)
		}
	}
	mentions := map[string][]code.Mention{}
	for _, f := range c.Profile.Files {
		if f.Code != nil && calls[f.Path] != nil {
			mentions[f.Path] = f.Code.Mentions
		}
	}
	for _, n := range hosts {
		for _, call := range calls[n.Path] {
			between := func(m code.Mention) bool { return m.Offset >= call && m.Offset < n.Offset }
			if n.Offset >= call && n.Offset-call <= callReach && !slices.ContainsFunc(mentions[n.Path], between) {
				return true
			}
		}
	}
	return false
}

// isAskedAtInstall reports whether code that an install runs names one of the
// hosts and opens connections, old or new: where an installer fetches from.
func isAskedAtInstall(c *evidence.Content, hosts []artifact.News) bool {
	for _, n := range hosts {
		if n.Reach != artifact.AtInstall {
			continue
		}
		for _, f := range c.Profile.Files {
			connects := func(u code.Use) bool { return u.Capability == code.Network || u.Capability == code.Download }
			if f.Path == n.Path && f.Code != nil && slices.ContainsFunc(f.Code.Uses, connects) {
				return true
			}
		}
	}
	return false
}

func checkNewHost(d *evidence.Dossier, _ Context) []Finding {
	found := newHosts(d)
	if len(found) == 0 {
		return nil
	}
	hosts := distinct(found, what)
	points := namedPoints
	switch {
	case isAskedAtInstall(d.Content, found):
		points = installPoints
	case isContacted(d.Content, found):
		points = contactedPoints
	}
	return []Finding{{
		Points:  points,
		Message: fmt.Sprintf("%s names %s, which %s did not: %s.", label(d), list(hosts, maxSpots), earlier(d), inFiles(found)),
		Facts:   append([]Fact{{"hosts", list(hosts, maxHosts)}}, spots(found)...),
	}}
}

// maxHosts is how many hosts the evidence names.
const maxHosts = 10

// newHosts gives the mentions of hosts whose domain the earlier version named
// nowhere that may run. A package that is new here has none to compare with.
func newHosts(d *evidence.Dossier) []artifact.News {
	delta := deltaOf(d)
	if delta.First {
		return nil
	}
	known := knownDomains(d.Content.Profile, delta)
	return slices.DeleteFunc(running(delta, artifact.NewMention), func(n artifact.News) bool { return known[domain(n.What)] })
}

// knownDomains are those that both versions name: what the latest has and is no
// news. Where news were left out, nothing is known.
func knownDomains(p *artifact.Profile, delta *artifact.Delta) map[string]bool {
	if delta.Omitted > 0 {
		return nil
	}
	fresh := map[string]bool{}
	for _, n := range delta.News {
		if n.Kind == artifact.NewMention {
			fresh[n.What] = true
		}
	}
	known := map[string]bool{}
	for _, f := range p.Files {
		if f.Code == nil {
			continue
		}
		for _, m := range f.Code.Mentions {
			if !fresh[m.Host] {
				known[domain(m.Host)] = true
			}
		}
	}
	return known
}

// shared are domains below which anybody can have a name, so that two names
// there are two people's (https://publicsuffix.org, its private section).
var shared = []string{
	"github.io", "githubusercontent.com", "gitlab.io", "pages.dev", "workers.dev", "vercel.app", "now.sh", "netlify.app", "herokuapp.com", "onrender.com",
	"fly.dev", "railway.app", "deno.dev", "web.app", "firebaseapp.com", "firebaseio.com", "appspot.com", "run.app", "cloudfunctions.net", "amazonaws.com",
	"cloudfront.net", "azurewebsites.net", "windows.net", "trycloudflare.com", "ngrok.io", "ngrok.app", "ngrok-free.app", "loca.lt", "glitch.me", "repl.co",
	"blogspot.com", "duckdns.org", "pipedream.net", "surge.sh", "supabase.co", "oast.fun", "oastify.com", "interact.sh",
}

// domain gives what somebody registered: the last two labels of a host, three
// where the second is as short as those under which a country sells names, and
// the whole host below what is shared. An IP address is its own.
func domain(host string) string {
	if strings.Trim(host, "0123456789.") == "" || strings.Contains(host, ":") {
		return host
	}
	for _, s := range shared {
		if strings.HasSuffix(host, "."+s) {
			return host
		}
	}
	labels := strings.Split(host, ".")
	n := 2
	if len(labels) > 2 && len(labels[len(labels)-1]) == 2 && len(labels[len(labels)-2]) <= 3 {
		n = 3
	}
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}
