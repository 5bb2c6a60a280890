package gate

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
	"github.com/lockkeeper/lockkeeper/internal/target"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// maxSettings bounds the files that govern: .npmrc, workflows, the policy.
const maxSettings = 1 << 20

// side is one of the two trees with what was read from it.
type side struct {
	tree        tree.Tree
	files       map[string]tree.File
	content     map[string][]byte // of the files that govern the gate
	folders     []string          // those that hold a package.json, in order; "" is the root
	inventories []*lockfile.Inventory
	settings    []*settings.File // in which settings about lockfiles may stand; package.json has none
}

// sides is the pair that a run compares. In a scan the base is empty, and the
// head governs itself.
type sides struct {
	scan       bool
	base, head *side
	policyPath string // where the repository keeps it
	policy     *policy.Policy
	pairs      []pair // the lockfiles of either side, by path

	loosened     []settings.Loosening
	settingsGaps []evidence.Gap

	named    map[string]settings.Lock // the lockfiles that settings of either side name, by path
	unpinned []evidence.Gap
}

// read lists both trees, reads what governs the gate from the base, and parses
// the lockfiles.
func read(ctx context.Context, t *target.Target, o Options) (*sides, error) {
	s, err := govern(ctx, t, o)
	if err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{s.name, s.parse, s.compareSettings, s.findUnpinned} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// govern lists both trees, and reads what governs the gate from the base.
func govern(ctx context.Context, t *target.Target, o Options) (*sides, error) {
	s := &sides{scan: t.Base == nil, policyPath: first(o.PolicyPath, policy.Path)}
	var err error
	if s.head, err = list(ctx, t.Head, s.policyPath); err != nil {
		return nil, err
	}
	s.base = &side{files: map[string]tree.File{}, content: map[string][]byte{}}
	if !s.scan {
		if s.base, err = list(ctx, t.Base, s.policyPath); err != nil {
			return nil, err
		}
	}
	if s.policy, err = s.policyOf(o); err != nil {
		return nil, &Misuse{err}
	}
	return s, nil
}

// governing is the side whose settings decide: the base, or in a scan the only
// one that there is.
func (s *sides) governing() *side {
	if s.scan {
		return s.head
	}
	return s.base
}

// governs reports whether a file decides how the gate judges.
func governs(file, policyPath string) bool {
	return file == policyPath || file == ".npmrc" || isWorkflow(file) || isOwners(file)
}

func isWorkflow(file string) bool {
	return path.Dir(file) == ".github/workflows" && (strings.HasSuffix(file, ".yml") || strings.HasSuffix(file, ".yaml"))
}

// isListed reports whether a file is looked at because of its name.
func isListed(file, policyPath string) bool {
	_, known := lockfile.Known(file)
	return known || lockfile.Foreign(file) != nil || governs(file, policyPath) ||
		settings.HoldsCode(file) || settings.Known(file) // package.json among them
}

// list reads a tree's table of contents, and the small files that govern.
func list(ctx context.Context, t tree.Tree, policyPath string) (*side, error) {
	files, err := t.Files(ctx, func(file string) bool { return isListed(file, policyPath) })
	if err != nil {
		return nil, err
	}
	s := &side{tree: t, files: make(map[string]tree.File, len(files)), content: make(map[string][]byte)}
	for _, f := range files {
		s.files[f.Path] = f
		if path.Base(f.Path) == "package.json" {
			s.folders = append(s.folders, strings.TrimSuffix(strings.TrimSuffix(f.Path, "package.json"), "/"))
		}
		if !governs(f.Path, policyPath) || f.Kind != tree.Regular {
			continue
		}
		if s.content[f.Path], err = t.Read(ctx, f.Path, maxSettings); err != nil {
			return nil, fmt.Errorf("%s: reading from %s: %w", f.Path, t.Ref().Name, err)
		}
	}
	slices.Sort(s.folders)
	return s, nil
}

// name is how messages call the side.
func (s *side) name() string { return s.tree.Ref().Name }

// side is how the report calls it; nil for the base of a scan.
func (s *side) side() *report.Side {
	if s.tree == nil {
		return nil
	}
	return &report.Side{Ref: s.tree.Ref().Name, Commit: s.tree.Ref().Commit}
}

func (s *sides) mode() string {
	if s.scan {
		return report.ModeScan
	}
	return report.ModeCheck
}

// role says which side governs: "base", or in a scan "head".
func (s *sides) role() string {
	if s.scan {
		return "head"
	}
	return "base"
}

// policyOf reads the policy that governs: the one that the user named, else
// the one of the governing side, else the preset's.
func (s *sides) policyOf(o Options) (*policy.Policy, error) {
	file := s.policyPath
	side := s.governing()
	var p *policy.Policy
	var err error
	switch f, ok := side.files[file]; {
	case o.PolicyFile != nil:
		p, err = policy.Parse(o.PolicyName, o.PolicyFile)
		file = "file:" + o.PolicyName
	case ok && f.Kind != tree.Regular:
		return nil, fmt.Errorf("%s: reading from %s: %s", file, side.name(), irregular[f.Kind])
	case ok:
		p, err = policy.Parse(file, side.content[file])
		file = s.role() + ":" + file
	case o.PolicyPath != "":
		return nil, fmt.Errorf("%s: reading from %s: no such file", file, side.name())
	default:
		p, err = policy.Preset(policy.Standard)
		file = "default"
	}
	if err != nil {
		return nil, err
	}
	p.Source = file
	return p.With(o.Overrides)
}
