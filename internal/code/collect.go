package code

import (
	"bytes"
	"cmp"
	"slices"
)

// The caps of a profile. They bound its memory; what goes beyond is counted in
// the trait Flood, since a flood can hide what comes after it.
const (
	maxUses     = 1024 // of one capability
	maxSame     = 16   // uses with one capability and name
	maxMentions = 2048
	maxPerHost  = 8
	maxModules  = 2048
	maxNamed    = 200     // bytes of a name or a mention
	maxValue    = 1 << 16 // bytes of a string that are looked at
	maxDecoded  = 1 << 20 // bytes decoded from strings, all told
	maxDepth    = 3       // how often decoded text is decoded again
)

type useKey struct {
	capability Capability
	what       string
}

// collector gathers what the readers find in a file.
type collector struct {
	profile *Profile
	// fixed is where the text that is read was decoded from, or -1 when it is the
	// file itself: decoded text has no positions of its own.
	fixed  int
	depth  int
	budget int // bytes that may still be decoded

	uses    map[Capability]int
	same    map[useKey]int
	hosts   map[string]int
	modules map[string]int
	traits  map[string]int // index in the profile's list
	at      map[int]int    // offset of a use to its index
	pending int            // uses without a context
	names   []script       // strings that look like files of the package
	bare    []bareAddress
	// accounts are strings that could be accounts, and patterns that find them.
	accounts []script
	assets   []script // strings that name files which are no code
	blank    []span   // that the parser must not see
	// expanded counts the commands of a gyp file.
	expanded int
	again    bool // the uses were seen before, and counted where they are too many
}

// script is a string that names a script file.
type script struct {
	name   string
	offset int
}

func newCollector(p *Profile) *collector {
	return &collector{
		profile: p, fixed: -1, budget: maxDecoded, uses: map[Capability]int{}, same: map[useKey]int{},
		hosts: map[string]int{}, modules: map[string]int{}, traits: map[string]int{}, at: map[int]int{},
	}
}

func (c *collector) place(offset int) int {
	if c.fixed >= 0 {
		return c.fixed
	}
	return offset
}

// use records a use. Two readers that see the same place give one use, with the
// longer name, which says more.
func (c *collector) use(capability Capability, what string, offset int, context func() uint64) {
	offset = c.place(offset)
	what = clip(what, maxNamed)
	if i, ok := c.at[offset]; ok && c.fixed < 0 && c.profile.Uses[i].Capability == capability {
		if u := &c.profile.Uses[i]; len(what) > len(u.What) {
			u.What = what
		}
		return
	}
	key := useKey{capability, what}
	if c.same[key] >= maxSame {
		return // said often enough; no flood
	}
	if c.uses[capability] >= maxUses {
		if !c.again || !c.has(Flood) {
			c.trait(Flood, 1, offset)
		}
		return
	}
	c.same[key]++
	c.uses[capability]++
	digest := context()
	if digest == 0 {
		c.pending++
	}
	c.at[offset] = len(c.profile.Uses)
	c.profile.Uses = append(c.profile.Uses, Use{Capability: capability, What: what, Offset: offset, Context: digest})
}

func (c *collector) mention(host, text string, offset int) {
	if c.hosts[host] >= maxPerHost {
		return
	}
	if len(c.profile.Mentions) >= maxMentions {
		c.trait(Flood, 1, c.place(offset))
		return
	}
	c.hosts[host]++
	c.profile.Mentions = append(c.profile.Mentions, Mention{Host: host, Text: clip(text, maxNamed), Offset: c.place(offset)})
}

func (c *collector) module(name string, offset int) {
	if name == "" || c.modules[name] >= maxSame {
		return
	}
	if len(c.profile.Modules) >= maxModules {
		c.trait(Flood, 1, c.place(offset))
		return
	}
	c.modules[name]++
	c.profile.Modules = append(c.profile.Modules, Module{Name: clip(name, maxNamed), Offset: c.place(offset)})
}

// trait adds count to a trait; it keeps the first place.
func (c *collector) trait(kind string, count, offset int) {
	offset = c.place(offset)
	if i, ok := c.traits[kind]; ok {
		t := &c.profile.Traits[i]
		t.Count += count
		t.Offset = min(t.Offset, offset)
		return
	}
	c.traits[kind] = len(c.profile.Traits)
	c.profile.Traits = append(c.profile.Traits, Trait{Kind: kind, Count: count, Offset: offset})
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return s[:most]
}

// finish sorts what was found and gives it its lines.
func (c *collector) finish(src []byte) {
	p := c.profile
	c.addresses()
	c.beside(Hook, Account, "", c.accounts)
	c.beside(Evaluate, ReadFile, "file ", c.assets)
	slices.SortFunc(p.Uses, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Capability, b.Capability), cmp.Compare(a.What, b.What))
	})
	slices.SortStableFunc(p.Mentions, func(a, b Mention) int { return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Host, b.Host)) })
	slices.SortStableFunc(p.Modules, func(a, b Module) int { return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Name, b.Name)) })
	slices.SortFunc(p.Traits, func(a, b Trait) int { return cmp.Compare(a.Kind, b.Kind) })
	p.Modules = slices.CompactFunc(p.Modules, func(a, b Module) bool { return a.Name == b.Name && a.Offset == b.Offset })
	lines := counter{src: src, line: 1}
	for i := range p.Uses {
		p.Uses[i].Line = lines.at(p.Uses[i].Offset)
	}
	lines = counter{src: src, line: 1}
	for i := range p.Mentions {
		p.Mentions[i].Line = lines.at(p.Mentions[i].Offset)
	}
	lines = counter{src: src, line: 1}
	for i := range p.Modules {
		p.Modules[i].Line = lines.at(p.Modules[i].Offset)
	}
	for i := range p.Traits {
		lines = counter{src: src, line: 1}
		p.Traits[i].Line = lines.at(p.Traits[i].Offset)
	}
}

// counter tells lines of offsets that only grow.
type counter struct {
	src       []byte
	pos, line int
}

func (c *counter) at(offset int) int {
	offset = min(offset, len(c.src))
	if offset > c.pos {
		c.line += bytes.Count(c.src[c.pos:offset], []byte("\n"))
		c.pos = offset
	}
	return c.line
}
