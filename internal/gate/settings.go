package gate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/registry"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// maxSettingsFiles bounds the files with settings that are compared. The largest
// of 50 real trees has 7, package.json aside.
const maxSettingsFiles = 5_000

// hintSettings is what to do about settings that can't be read.
const hintSettings = "look at the file's change yourself: nobody could tell whether it loosens a protection"

// settingsPair is one file with settings on both sides.
type settingsPair struct {
	path       string
	same       bool
	base, head *settings.File // nil where there is none, or it can't be read
}

// compareSettings finds out which settings of the head protect less than the
// base's, and which files of settings could not be compared. Nothing is parsed
// where no file differs.
func (s *sides) compareSettings(ctx context.Context) error {
	if s.scan {
		return nil
	}
	changed := make(map[string]bool) // folders, and those above them, whose settings may count there
	var pairs []*settingsPair
	for _, file := range s.settingsFiles() {
		p := &settingsPair{path: file}
		var err error
		if p.same, err = s.sameBytes(ctx, file); err != nil {
			return err
		}
		for folder := path.Dir(file); !p.same && !changed[folder]; folder = path.Dir(folder) {
			changed[folder] = true
		}
		pairs = append(pairs, p)
	}
	base, head := s.outline(s.base), s.outline(s.head)
	for _, p := range pairs {
		if !changed[path.Dir(p.path)] {
			continue
		}
		if err := s.readSettings(ctx, p); err != nil {
			return err
		}
		if p.base != nil {
			base.Files = append(base.Files, p.base)
		}
		if p.head != nil {
			head.Files = append(head.Files, p.head)
		}
	}
	s.loosened = settings.Loosened(base, head, settings.Registries{
		Public: registry.Public["npm"].Public,
		Scopes: map[string]string{"@jsr": registry.PublicJSR},
	})
	planted, err := s.changedCode(ctx)
	s.loosened = append(s.loosened, settings.Planted(base, head, planted)...)
	return err
}

// changedCode lists the paths at which package managers find code and that the
// head adds or changes.
func (s *sides) changedCode(ctx context.Context) ([]string, error) {
	var changed []string
	for file, f := range s.head.files {
		if !settings.HoldsCode(file) || f.Kind == tree.Folder && !settings.HoldsWhole(file) || s.policy.Ignored(file) {
			continue
		}
		same, err := s.sameBytes(ctx, file)
		if err != nil {
			return nil, err
		}
		if !same {
			changed = append(changed, file)
		}
	}
	return changed, nil
}

// settingsFiles lists the files of either side in which settings may stand, in
// order. A package.json has some only where packages are installed: beside a
// lockfile, and at the root.
func (s *sides) settingsFiles() []string {
	installed := map[string]bool{".": true}
	for _, side := range []*side{s.base, s.head} {
		for file := range side.files {
			if _, ok := s.known(file); ok {
				installed[path.Dir(file)] = true
			}
		}
	}
	var files []string
	for _, side := range []*side{s.base, s.head} {
		for file := range side.files {
			if settings.Known(file) && !s.policy.Ignored(file) && (path.Base(file) != "package.json" || installed[path.Dir(file)]) {
				files = append(files, file)
			}
		}
	}
	slices.Sort(files)
	files = slices.Compact(files)
	if rest := len(files) - maxSettingsFiles; rest > 0 {
		s.settingsGaps = append(s.settingsGaps, evidence.Gap{
			Check: evidence.Settings, Path: files[maxSettingsFiles], Hint: hintSettings,
			Reason: fmt.Sprintf("%d files with settings are more than the %d that are compared", len(files), maxSettingsFiles),
		})
		files = files[:maxSettingsFiles]
	}
	return files
}

// outline gives a side without what its files say.
func (s *sides) outline(of *side) settings.Side {
	outline := settings.Side{Formats: make(map[string]string), Named: s.named}
	for file := range of.files {
		if !s.policy.Ignored(file) {
			outline.Paths = append(outline.Paths, file)
		}
	}
	slices.Sort(outline.Paths)
	for _, inv := range of.inventories {
		outline.Formats[inv.Path] = inv.Format
	}
	return outline
}

// sameBytes reports whether a file is the same on both sides, by the ids that
// git gives where there are some. A file that is not read is the same as no
// other.
func (s *sides) sameBytes(ctx context.Context, file string) (bool, error) {
	before, after := s.base.files[file], s.head.files[file]
	if !s.base.has(file) || !s.head.has(file) || before.Kind != after.Kind {
		return false, nil
	}
	if before.ID != "" && after.ID != "" {
		return before.ID == after.ID, nil
	}
	old, unread, err := s.base.settingsBytes(ctx, file)
	if err != nil || unread != "" {
		return false, err
	}
	now, unread, err := s.head.settingsBytes(ctx, file)
	return unread == "" && bytes.Equal(old, now), err
}

// settingsBytes reads a file, or says why it isn't read.
func (side *side) settingsBytes(ctx context.Context, file string) (data []byte, unread string, err error) {
	if reason, bad := irregular[side.files[file].Kind]; bad {
		return nil, reason, nil
	}
	data, err = side.tree.Read(ctx, file, maxManifest)
	var large *tree.TooLarge
	switch {
	case errors.As(err, &large):
		return nil, fmt.Sprintf("it has %d bytes, and at most %d are read of settings", large.Size, maxManifest), nil
	case err != nil:
		return nil, "", fmt.Errorf("%s: reading from %s: %w", file, side.name(), err)
	}
	return data, "", nil
}

// readSettings reads a file of both sides. One that differs and that either
// side can't read can't be compared: that is a gap, and it counts on neither.
func (s *sides) readSettings(ctx context.Context, p *settingsPair) error {
	head, problem, err := s.head.settingsOf(ctx, p.path)
	if err != nil {
		return err
	}
	if p.same {
		p.base, p.head = head, head
		return nil
	}
	base, baseProblem, err := s.base.settingsOf(ctx, p.path)
	if err != nil {
		return err
	}
	if problem == nil && baseProblem != nil {
		problem = &settings.Unread{Reason: "of the base: " + baseProblem.Error()}
	}
	if problem != nil {
		s.settingsGaps = append(s.settingsGaps, evidence.Gap{
			Check: evidence.Settings, Path: p.path, Line: problem.Line, Reason: problem.Reason, Hint: hintSettings,
		})
		return nil
	}
	p.base, p.head = base, head
	s.doubtSettings(p)
	return nil
}

// settingsOf reads the settings of a file, or says why it can't. Of a file that
// isn't there it gives neither.
func (side *side) settingsOf(ctx context.Context, file string) (*settings.File, *settings.Unread, error) {
	if !side.has(file) {
		return nil, nil, nil
	}
	data, unread, err := side.settingsBytes(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	if unread != "" {
		return nil, &settings.Unread{Reason: unread}, nil
	}
	read, err := settings.Read(file, data)
	var problem *settings.Unread
	if err != nil && !errors.As(err, &problem) {
		return nil, nil, err
	}
	return read, problem, nil
}

// doubtSettings makes a gap of each doubt that the base's file didn't give.
func (s *sides) doubtSettings(p *settingsPair) {
	if p.head == nil {
		return
	}
	known := make(map[string]bool)
	if p.base != nil {
		for _, d := range p.base.Doubts {
			known[d.Message] = true
		}
	}
	for _, d := range p.head.Doubts {
		if !known[d.Message] {
			s.settingsGaps = append(s.settingsGaps, evidence.Gap{
				Check: evidence.Settings, Path: p.path, Line: d.Line, Reason: d.Message, Hint: hintSettings,
			})
		}
	}
}
