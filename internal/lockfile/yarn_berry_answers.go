package lockfile

import (
	"net/url"
	"path"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/manifest/yamlline"
)

// answerAll resolves the requests of all entries, save for peer dependencies:
// who provides them depends on who asks.
func (r *berryReader) answerAll() {
	r.answered.entries = make([]int32, 0, r.edgeCount+len(r.entries))
	for i := range r.entries {
		pin, list := &r.pins[i], r.entries[i].Dependencies
		for j := range list {
			d, at := &list[j], int32(-1)
			switch {
			case pin.wraps != nil && pin.wraps.asks && j == len(list)-1:
				at = r.patchedOf(d)
			case d.Kind != PeerKind:
				at = r.answer(pin, d.Name, d.Spec)
			}
			d.Key = r.keyOf(at)
			r.answered.entries = append(r.answered.entries, at)
		}
	}
}

// answerPeers resolves the peer dependencies that only one entry can answer. It
// has to follow all that goes by reach: yarn installs nothing for a peer
// dependency, so that it is the one who provides it through whom it is reached.
func (r *berryReader) answerPeers() {
	for i := range r.entries {
		list := r.entries[i].Dependencies
		for j := range list {
			if list[j].Kind == PeerKind {
				list[j].Key = r.keyOf(r.only(list[j].Name))
			}
		}
	}
}

// keyOf gives the key of an entry; "" of -1.
func (r *berryReader) keyOf(at int32) string {
	if at < 0 {
		return ""
	}
	return r.entries[at].Key
}

// only gives the entry of a name that has one, or -1.
func (r *berryReader) only(name string) int32 {
	at := r.names.find(hashOfText(name), func(number int32) bool { return r.nameOf(r.named[number].answer) == name })
	if at < 0 || r.named[at].several {
		return -1
	}
	return r.named[at].entry
}

// patchedOf finds the entry of what a patch is made to, or -1.
func (r *berryReader) patchedOf(inner *Dependency) int32 {
	request := requestOf(inner.Name, inner.Spec)
	if at := r.locator(request); at >= 0 {
		return at
	}
	return r.descriptor(request)
}

// answer finds the entry that answers a request, or -1, in the order in which
// yarn rewrites it: the root's resolutions, catalogs, its own patches, and the
// place that a path is relative to.
func (r *berryReader) answer(asking *berryPin, name, of string) int32 {
	from := asking
	if len(r.overrides) > 0 {
		if other, ok := r.override(asking, name, of); ok {
			of, from = other, nil
		}
	}
	if catalog, ok := strings.CutPrefix(of, "catalog:"); ok {
		if other, ok := r.catalog(catalog)[name]; ok {
			of, from = other, nil
		}
	}
	request := requestOf(name, of)
	if len(r.patched) > 0 {
		if at, ok := r.patched[request]; ok {
			return at
		}
	}
	if at := r.descriptor(request); at >= 0 {
		return at
	}
	if bound := r.bind(from, of); bound != "" {
		if at := r.descriptor(berryRequest{name, bound}); at >= 0 {
			return at
		}
	}
	if at := r.locator(request); at >= 0 { // as LockfileResolver.ts does
		return at
	}
	return r.only(name)
}

// bind adds the package that asks to a range which is relative to its place; ""
// if the range is none. A nil package is the root.
func (r *berryReader) bind(asking *berryPin, of string) string {
	switch protocol, _, _ := strings.Cut(of, ":"); protocol {
	case "file", "link", "portal", "exec", "patch":
	default:
		if !strings.HasPrefix(of, "./") && !strings.HasPrefix(of, "../") && !strings.HasPrefix(of, "/") {
			return ""
		}
		of = "file:" + of
	}
	if strings.Contains(of, "::") {
		return ""
	}
	if asking == nil {
		asking = r.rootPin()
	}
	if asking == nil || len(asking.name)+len(asking.reference) > maxBound {
		return ""
	}
	if asking != r.bound {
		r.bound, r.boundTo = asking, "::locator="+likeQueryString.Replace(url.QueryEscape(asking.name+"@"+asking.reference))
	}
	return of + r.boundTo
}

// maxBound is how many bytes the locator of a package may have whose relative
// requests are looked up with it: each repeats it.
const maxBound = 512

// likeQueryString makes of Go's query escaping that of Node's querystring.
var likeQueryString = strings.NewReplacer("+", "%20", "%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*")

// catalog gives one of the catalogs in the settings beside the lockfile; "" is
// the name of the unnamed one.
func (r *berryReader) catalog(name string) map[string]string {
	if !r.catalogRead {
		r.catalogRead = true
		r.catalogs = readCatalogs(r.in)
	}
	return r.catalogs[name]
}

// readCatalogs reads the catalogs of a .yarnrc.yml. Of one that is not YAML, as
// yarn then refuses it, there are none.
func readCatalogs(in Input) map[string]map[string]string {
	if in.Manifest == nil {
		return nil
	}
	data, ok := in.Manifest(path.Join(path.Dir(in.Path), ".yarnrc.yml"))
	if !ok {
		return nil
	}
	walk, err := yamlline.Parse(data)
	if err != nil || !walk.Next() {
		return nil
	}
	all := map[string]map[string]string{}
	read := func(name string) error {
		catalog := map[string]string{}
		all[name] = catalog
		return walk.Members(func(target string) error {
			text, _, ok := walk.TryText()
			if !ok {
				walk.Skip()
			}
			if len(text) <= maxKey {
				catalog[target] = text
			}
			return nil
		})
	}
	err = walk.Members(func(setting string) error {
		switch {
		case walk.Kind() != yamlline.Map:
		case setting == "catalog":
			return read("")
		case setting == "catalogs":
			return walk.Members(read)
		}
		walk.Skip()
		return nil
	})
	if err != nil {
		return nil
	}
	return all
}
