package signal

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// step is one new thing that code does or names.
type step struct {
	capability code.Capability // "" of a host
	host       bool
	name       string
	service    string // whose secret it reads
	path       string
	line       int
	offset     int
	reach      artifact.Reach
	excerpt    string
	file       *artifact.File // nil for a command
	tool       bool           // the package has programs
}

// The distance in which steps stand together: about a long function. A new file
// of few bytes is one place.
const (
	chainReach = 4 << 10
	smallFile  = 64 << 10
	maxSteps   = 4000 // of one group
)

// vicinities gives the steps that stand together: those of all that an install
// runs first, and those of each place.
func vicinities(d *evidence.Dossier) (install, nearby []vicinity) {
	byFile, order := stepsOf(d)
	var all vicinity
	for _, file := range order {
		if byFile[file][0].reach == artifact.AtInstall {
			all = append(all, byFile[file]...)
		}
	}
	if len(all) > 0 {
		install = []vicinity{all[:min(len(all), maxSteps)]}
	}
	fresh := freshFiles(d.Content.Delta)
	for _, file := range order {
		if fresh[file] {
			nearby = append(nearby, byFile[file])
			continue
		}
		nearby = append(nearby, windows(byFile[file])...)
	}
	return install, append(nearby, linked(d.Content.Profile, byFile, fresh)...)
}

// windows gives the steps within chainReach of each step.
func windows(steps vicinity) []vicinity {
	var all []vicinity
	for i, end := 0, 0; i < len(steps); i++ {
		grown := false
		for ; end < len(steps) && steps[end].offset-steps[i].offset <= chainReach; end++ {
			grown = true
		}
		if grown { // else it is a piece of the one before
			all = append(all, steps[i:end])
		}
	}
	return all
}

// freshFiles are small files that are new with most of their code.
func freshFiles(delta *artifact.Delta) map[string]bool {
	fresh := map[string]bool{}
	for _, c := range delta.Changes {
		if c.Kind == artifact.Added && c.Novelty >= 50 && c.Size <= smallFile {
			fresh[c.Path] = true
		}
	}
	return fresh
}

// linked joins each new file with the new ones that it loads.
func linked(p *artifact.Profile, byFile map[string]vicinity, fresh map[string]bool) []vicinity {
	var groups []vicinity
	for i := range p.Files {
		f := &p.Files[i]
		if !fresh[f.Path] || f.Code == nil {
			continue
		}
		group := slices.Clone(byFile[f.Path])
		for _, m := range f.Code.Modules {
			if !strings.HasPrefix(m.Name, ".") {
				continue
			}
			base := path.Join(path.Dir(f.Path), m.Name)
			for _, other := range []string{base, base + ".js", base + ".mjs", base + ".cjs", base + ".ts", path.Join(base, "index.js")} {
				if fresh[other] && other != f.Path && len(group) < maxSteps {
					group = append(group, byFile[other]...)
					break
				}
			}
		}
		if len(group) > len(byFile[f.Path]) {
			groups = append(groups, group[:min(len(group), maxSteps)])
		}
	}
	return groups
}

// stepsOf gives the steps of each file that may run, in order of offset, and
// the files in order.
func stepsOf(d *evidence.Dossier) (byFile map[string]vicinity, order []string) {
	files := map[string]*artifact.File{}
	for i := range d.Content.Profile.Files {
		files[d.Content.Profile.Files[i].Path] = &d.Content.Profile.Files[i]
	}
	hosts := map[string]bool{}
	for _, n := range newHosts(d) {
		hosts[n.What] = true
	}
	tool := d.Content.Profile.Manifest != nil && len(d.Content.Profile.Manifest.Bin) > 0
	byFile = map[string]vicinity{}
	for _, n := range d.Content.Delta.News {
		p := step{tool: tool, path: n.Path, line: n.Line, reach: n.Reach, excerpt: n.Excerpt, file: files[n.Path]}
		switch {
		case n.Reach == artifact.InTests:
			continue
		case n.Kind == artifact.NewUse:
			p.capability, p.name = code.Capability(n.What), n.Text
			if !isOwn(d, n.Text) {
				p.service = serviceOf(p.capability, n.Text)
			}
		case n.Kind == artifact.NewMention && (hosts[n.What] || d.Content.Delta.First):
			p.host, p.name = true, n.What
		default:
			continue
		}
		if byFile[n.Path] == nil {
			order = append(order, n.Path)
		}
		for _, offset := range placesOf(n) {
			if p.offset = offset; offset != n.Offset {
				p.line, p.excerpt = 0, ""
			}
			byFile[n.Path] = append(byFile[n.Path], p)
		}
	}
	for _, steps := range byFile {
		slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.offset, b.offset) })
	}
	slices.Sort(order)
	return byFile, order
}

func placesOf(n artifact.News) []int {
	if len(n.Places) == 0 {
		return []int{n.Offset}
	}
	return n.Places
}

// located gives a step with its line and excerpt, which a place beyond the first
// has in its file alone.
func (p step) located() step {
	if p.line > 0 || p.file == nil || p.file.Code == nil {
		return p
	}
	for _, u := range p.file.Code.Uses {
		if u.Offset == p.offset {
			p.line = u.Line
		}
	}
	for _, m := range p.file.Code.Mentions {
		if m.Offset == p.offset {
			p.line = m.Line
		}
	}
	for _, e := range p.file.Excerpts {
		if e.Offset == p.offset {
			p.excerpt = e.Text
		}
	}
	return p
}

// isOwn reports whether an environment variable is the package's own, by its
// first word: a client of a service reads that service's key.
func isOwn(d *evidence.Dossier, use string) bool {
	variable, ok := strings.CutPrefix(use, "process.env.")
	if !ok {
		return false
	}
	word, _, _ := strings.Cut(strings.ToLower(variable), "_")
	return len(word) > 2 && strings.Contains(strings.ToLower(d.Change.Name), word)
}
