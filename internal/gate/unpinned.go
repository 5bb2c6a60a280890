package gate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/manifest"
	"github.com/lockkeeper/lockkeeper/internal/manifest/settings"
	"github.com/lockkeeper/lockkeeper/internal/tree"
)

// maxTold is how many names a gap about manifests lists.
const maxTold = 3

// hintUnpinned is what to do about a manifest that no lockfile pins.
const hintUnpinned = "commit a lockfile, or leave the manifest out with lockfiles.ignore in the policy"

// asking are the manifests that ask for packages, by their names.
var asking = map[string]struct {
	parse func(string, []byte) (*manifest.Manifest, error)
	by    string                 // the format of the lockfile that alone pins them; "" for any
	local func(spec string) bool // what asks for code of the repository
}{
	"package.json": {manifest.ParseNPM, "", change.AsksForLocal},
	"deno.json":    {manifest.ParseDeno, "deno.lock", isNoAddress},
	"deno.jsonc":   {manifest.ParseDeno, "deno.lock", isNoAddress},
}

// isNoAddress reports whether a name in an import map stands for a path.
func isNoAddress(spec string) bool {
	return !slices.ContainsFunc([]string{"npm:", "jsr:", "http:", "https:"}, func(scheme string) bool { return strings.HasPrefix(spec, scheme) })
}

// unpinned is a manifest of the head that no lockfile pins.
type unpinned struct {
	path  string
	line  int      // of the first request
	names []string // that it asks for, in a check only those that the base doesn't
}

// findUnpinned tells which manifests ask for packages that no lockfile pins: in
// a check those that the head has ask for more, in a scan all. A lockfile pins
// what stands beside it and below, whichever workspaces it has; one that a
// setting keeps from being obeyed pins nothing.
func (s *sides) findUnpinned(ctx context.Context) error {
	var found []unpinned
	c := s.coverage()
	files := slices.DeleteFunc(s.head.manifestFiles(), func(file string) bool { return s.policy.Ignored(file) || c.covers(file) })
	if rest := len(files) - maxSettingsFiles; rest > 0 {
		s.unpinned = append(s.unpinned, evidence.Gap{
			Check: evidence.Unpinned, Path: files[maxSettingsFiles], Hint: hintUnpinned,
			Reason: fmt.Sprintf("%d manifests that no lockfile pins are more than the %d that are read", len(files), maxSettingsFiles),
		})
		files = files[:maxSettingsFiles]
	}
	for _, file := range files {
		u, err := s.asksForMore(ctx, file)
		if err != nil {
			return err
		}
		if len(u.names) > 0 {
			found = append(found, u)
		}
	}
	if len(found) == 0 {
		return nil
	}
	roots, err := s.roots(ctx)
	if err != nil {
		return err
	}
	causes := make(map[*settings.Setting][]unpinned)
	var order []*settings.Setting
	for _, u := range found {
		if roots[path.Dir(u.path)] {
			continue
		}
		cause := c.cause(u.path)
		if causes[cause] == nil {
			order = append(order, cause)
		}
		causes[cause] = append(causes[cause], u)
	}
	for _, cause := range order {
		s.unpinned = append(s.unpinned, unpinnedGap(cause, causes[cause]))
	}
	return nil
}

// manifestFiles lists a side's manifests, the root's first.
func (side *side) manifestFiles() []string {
	var files []string
	for file, f := range side.files {
		if _, ok := asking[path.Base(file)]; ok && f.Kind == tree.Regular {
			files = append(files, file)
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
	})
	return files
}

// asksForMore lists what a manifest of the head asks for and the base's doesn't.
// That one of the head can't be read is a gap: nobody knows what it asks for.
func (s *sides) asksForMore(ctx context.Context, file string) (unpinned, error) {
	u := unpinned{path: file}
	if !s.scan {
		if same, err := s.sameBytes(ctx, file); err != nil || same {
			return u, err
		}
	}
	before := make(map[string]bool)
	old, _ := s.base.asked(ctx, file) // unread, everything that the head asks for is more
	for _, q := range old {
		before[q.Name+"\x00"+q.Spec] = true
	}
	now, unread := s.head.asked(ctx, file)
	if unread != nil {
		s.unpinned = append(s.unpinned, evidence.Gap{
			Check: evidence.Unpinned, Path: file, Hint: hintUnpinned,
			Reason: fmt.Sprintf("no lockfile pins what it asks for, and it can't be read: %.300s", unread),
		})
	}
	for _, q := range now {
		if before[q.Name+"\x00"+q.Spec] {
			continue
		}
		before[q.Name+"\x00"+q.Spec] = true
		if u.line == 0 {
			u.line = q.Line
		}
		u.names = append(u.names, q.Name)
	}
	return u, nil
}

// asked lists the requests of a manifest that lead out of the repository; none
// where there is no such file.
func (side *side) asked(ctx context.Context, file string) ([]manifest.Request, error) {
	if !side.has(file) {
		return nil, nil
	}
	data, ok := side.manifest(ctx)(file)
	if !ok {
		return nil, errors.New("it is no regular file, or too large for a manifest")
	}
	row := asking[path.Base(file)]
	m, err := row.parse(file, data)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(m.Requests, func(q manifest.Request) bool { return q.Kind == manifest.Peer || row.local(q.Spec) }), nil
}

// roots lists the folders that the head's lockfiles name as workspaces: one may
// stand beside them, and not above.
func (s *sides) roots(ctx context.Context) (map[string]bool, error) {
	folders := make(map[string]bool)
	for i := range s.pairs {
		p := &s.pairs[i]
		r := p.head
		if r.inventory == nil && r.present && p.foreign == nil {
			if err := r.parse(ctx, p.path, p.as); err != nil {
				return nil, err
			}
		}
		if r.inventory == nil {
			continue
		}
		for _, root := range r.inventory.Roots {
			if folder := path.Join(path.Dir(p.path), root.Folder); root.Folder != "" && strings.HasPrefix(root.Folder, "..") {
				folders[folder] = true
			}
		}
	}
	return folders, nil
}

// coverage tells which manifests of the head a lockfile pins.
type coverage struct {
	head    *side
	locking *settings.Locking
	pinned  map[string]bool              // by folder and format, and by folder alone for any
	dropped map[string]*settings.Setting // by folder: why the lockfile there pins nothing
}

func (s *sides) coverage() *coverage {
	outline := s.outline(s.head)
	outline.Files = s.head.settings
	c := &coverage{
		head: s.head, locking: settings.NewLocking(outline),
		pinned: make(map[string]bool), dropped: make(map[string]*settings.Setting),
	}
	for _, file := range outline.Paths {
		if _, known := s.known(file); !known {
			continue
		}
		folder, format := path.Dir(file), s.formatOf(file)
		if set := c.locking.Dropped(file, format, s.head.has); set != nil {
			c.dropped[folder] = set
			continue
		}
		c.pin(folder, format)
	}
	for _, f := range s.head.settings {
		for _, l := range settings.Locks(f) {
			if l.File != "" && s.head.has(l.File) {
				c.pin(path.Dir(f.Path), l.As)
			}
		}
	}
	return c
}

func (c *coverage) pin(folder, format string) {
	c.pinned[folder+"\x00"], c.pinned[folder+"\x00"+format] = true, true
}

// covers reports whether a lockfile stands beside a manifest, or above it.
func (c *coverage) covers(file string) bool {
	by := asking[path.Base(file)].by
	for folder := path.Dir(file); ; folder = path.Dir(folder) {
		switch {
		case c.pinned[folder+"\x00"+by]:
			return true
		case folder == ".":
			return false
		}
	}
}

// cause gives the setting by which nothing pins what a manifest asks for, or
// nil.
func (c *coverage) cause(file string) *settings.Setting {
	for folder := path.Dir(file); ; folder = path.Dir(folder) {
		if set := c.dropped[folder]; set != nil {
			return set
		}
		if folder == "." {
			break
		}
	}
	return c.locking.Without(path.Dir(file), c.head.has)
}

// unpinnedGap makes one gap of all manifests of one cause.
func unpinnedGap(cause *settings.Setting, found []unpinned) evidence.Gap {
	var others []string
	for _, u := range found[1:] {
		others = append(others, u.path)
	}
	gap := evidence.Gap{Check: evidence.Unpinned, Path: found[0].path, Line: found[0].line}
	if cause != nil {
		gap.Path, gap.Line = cause.Path, cause.Line
		gap.Reason = fmt.Sprintf("with %.200s %s obeys no lockfile of the repository, so nothing pins what %s asks for",
			cause.Said(), cause.Tool, enough(append([]string{found[0].path}, others...)))
		gap.Hint = "let the package manager keep its lockfile, and commit it"
		return gap
	}
	gap.Reason = "no lockfile pins what it asks for: " + enough(found[0].names)
	if len(others) > 0 {
		gap.Reason += "; the same is true of " + enough(others)
	}
	gap.Hint = hintUnpinned
	return gap
}

// enough lists the first names, and says how many there are more.
func enough(names []string) string {
	shown := make([]string, 0, maxTold)
	for _, name := range names[:min(len(names), maxTold)] {
		shown = append(shown, fmt.Sprintf("%.100s", name))
	}
	text := strings.Join(shown, ", ")
	if rest := len(names) - maxTold; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}
