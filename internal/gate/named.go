package gate

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// maxNamed bounds the lockfiles that settings name. Nobody was seen to name more
// than one.
const maxNamed = 100

// hintLocking is what to do about settings that a scan can't read.
const hintLocking = "look yourself whether it names a lockfile, or keeps none"

// known is [lockfile.Known], with the lockfiles that settings name.
func (s *sides) known(file string) (ecosystem string, ok bool) {
	return lockfile.Known(cmp.Or(s.named[file].As, file))
}

// formatOf gives the name that a lockfile of its format has by default.
func (s *sides) formatOf(file string) string { return cmp.Or(s.named[file].As, path.Base(file)) }

// home gives the folder of which a lockfile pins what is installed, "" for the
// root.
func (s *sides) home(file string) string { return s.named[file].Home(file) }

// name finds the lockfiles that the settings of either side put under another
// name, or at another place, and lists them with the others. What either side
// names counts on both, so that one that is renamed is compared with nothing,
// and not passed over.
func (s *sides) name(ctx context.Context) error {
	s.named = make(map[string]settings.Lock)
	var locks []settings.Lock
	read := make(map[string]*settings.File) // by id
	for _, side := range []*side{s.base, s.head} {
		if err := s.readLocking(ctx, side, read); err != nil {
			return err
		}
		for _, f := range side.settings {
			locks = append(locks, settings.Locks(f)...)
		}
	}
	locks = slices.DeleteFunc(locks, func(l settings.Lock) bool { return l.File == "" })
	slices.SortStableFunc(locks, func(a, b settings.Lock) int { return cmp.Compare(a.File+"\x00"+a.As, b.File+"\x00"+b.As) })
	locks = slices.CompactFunc(locks, func(a, b settings.Lock) bool { return a.File == b.File && a.As == b.As })
	if rest := len(locks) - maxNamed; rest > 0 {
		s.doubtNamed(locks[maxNamed], evidence.Lockfile, "%d lockfiles that settings name are more than the %d that are read", len(locks), maxNamed)
		locks = locks[:maxNamed]
	}
	for _, side := range []*side{s.base, s.head} {
		if err := s.findNamed(ctx, side, locks); err != nil {
			return err
		}
	}
	return nil
}

// readLocking reads a side's files in which settings about lockfiles may stand.
// One that can't be read is told in a scan; else by who compares both sides.
func (s *sides) readLocking(ctx context.Context, side *side, read map[string]*settings.File) error {
	var files []string
	for file := range side.files {
		if settings.Known(file) && path.Base(file) != "package.json" && !s.policy.Ignored(file) {
			files = append(files, file)
		}
	}
	slices.Sort(files)
	if rest := len(files) - maxSettingsFiles; rest > 0 {
		if s.scan {
			s.settingsGaps = append(s.settingsGaps, evidence.Gap{
				Check: evidence.Settings, Path: files[maxSettingsFiles], Hint: hintLocking,
				Reason: fmt.Sprintf("%d files with settings are more than the %d that are read", len(files), maxSettingsFiles),
			})
		}
		files = files[:maxSettingsFiles]
	}
	for _, file := range files {
		key := file + "\x00" + side.files[file].ID
		f, ok := read[key]
		if !ok || side.files[file].ID == "" {
			var problem *settings.Unread
			var err error
			if f, problem, err = side.settingsOf(ctx, file); err != nil {
				return err
			}
			if problem != nil && s.scan {
				s.settingsGaps = append(s.settingsGaps, evidence.Gap{
					Check: evidence.Settings, Path: file, Line: problem.Line, Reason: problem.Reason, Hint: hintLocking,
				})
			}
			read[key] = f
		}
		if f != nil {
			side.settings = append(side.settings, f)
		}
	}
	return nil
}

// findNamed looks for named lockfiles in a side's tree.
func (s *sides) findNamed(ctx context.Context, side *side, locks []settings.Lock) error {
	if side.tree == nil || len(locks) == 0 {
		return nil
	}
	exact := make(map[string][]settings.Lock)
	ways := make(map[string]settings.Lock) // the folders that lead there
	based := make(map[string][]settings.Lock)
	for _, l := range locks {
		exact[l.File] = append(exact[l.File], l)
		for folder := path.Dir(l.File); folder != "."; folder = path.Dir(folder) {
			ways[folder] = l
		}
		if l.Base != "" {
			based[l.Base] = append(based[l.Base], l)
		}
	}
	find := func(file string) []settings.Lock {
		found := slices.Clone(exact[file])
		for _, l := range based[path.Base(file)] {
			folder := l.Setting.Folder
			if (folder == "" || strings.HasPrefix(file, folder+"/")) && l.File != file && side.has(path.Join(path.Dir(file), "package.json")) {
				found = append(found, l)
			}
		}
		return found
	}
	// What was listed before is asked for again: a tree reads what was asked for last.
	files, err := side.tree.Files(ctx, func(file string) bool {
		_, way := ways[file]
		return way || len(find(file)) > 0 || isListed(file, s.policyPath)
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		for _, l := range find(f.Path) {
			s.take(side, f, l)
		}
		if l, leads := ways[f.Path]; leads && f.Kind != tree.Regular && f.Kind != tree.Folder && side == s.head {
			s.doubtNamed(l, evidence.Unpinned, "it names %.200s as its lockfile, and of %.200s nothing is read: %s", l.Named, f.Path, irregular[f.Kind])
		}
	}
	return nil
}

// take puts a named lockfile among a side's files, unless it is known to be one
// of another format.
func (s *sides) take(side *side, f tree.File, l settings.Lock) {
	_, known := lockfile.Known(f.Path)
	other := s.named[f.Path].As
	switch {
	case l.Folder:
		return // it has its usual name
	case known && !lockfile.Alike(f.Path, l.As) || other != "" && other != l.As:
		if side == s.head {
			s.doubtNamed(l, evidence.Lockfile, "it names %.200s as a %s, and that is a lockfile of another format", f.Path, l.As)
		}
		return
	case other == "":
		s.named[f.Path] = l
	}
	side.files[f.Path] = f
}

// doubtNamed makes a gap of what is odd about a setting that names a lockfile.
func (s *sides) doubtNamed(l settings.Lock, check evidence.Check, format string, args ...any) {
	s.settingsGaps = append(s.settingsGaps, evidence.Gap{
		Check: check, Path: l.Setting.Path, Line: l.Setting.Line, Reason: fmt.Sprintf(format, args...),
		Hint: "commit the lockfile under its usual name, as a regular file",
	})
}
