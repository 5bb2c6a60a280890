package artifact

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// place gives the path at which npm unpacks an entry of that name, "" if it
// doesn't, and notes what no honest packer writes.
func place(name string, note func(FaultKind, string)) string {
	if len(name) > maxPath {
		note(LongPath, name)
		return ""
	}
	if strings.ContainsRune(name, '\\') {
		note(Backslash, name)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, isInvisible) {
		note(ControlCharacter, name)
		name = strings.ToValidUTF8(name, "\ufffd")
	}
	top, inside, ok := strings.Cut(name, "/")
	climbs := strings.Contains("/"+inside+"/", "/../")
	switch {
	case climbs || top == "..":
		note(Traversal, name)
	case top == "" || strings.HasPrefix(inside, "/"):
		note(Absolute, name)
	case isDrive(top) || isDrive(inside):
		note(Drive, name)
	case !ok:
		note(NoFolder, name)
	}
	if climbs || !ok {
		return ""
	}
	inside = path.Clean(strings.TrimLeft(inside, "/"))
	switch depth := strings.Count(inside, "/"); {
	case inside == ".":
		return ""
	case depth > maxDepth:
		note(DeepPath, name)
		if depth > maxNPMDepth {
			return ""
		}
	}
	return inside
}

// top notes a second top folder: the files of both land in one.
func (b *builder) top(name string) {
	switch folder, _, _ := strings.Cut(name, "/"); {
	case !b.seenTop:
		b.topFolder, b.seenTop = folder, true
	case folder != b.topFolder:
		b.note(TopFolders, name)
	}
}

// isInvisible covers control and format characters, the bidirectional and
// zero-width ones among them.
func isInvisible(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

func isDrive(s string) bool {
	return len(s) >= 2 && s[1] == ':' && (s[0]|0x20) >= 'a' && (s[0]|0x20) <= 'z'
}

// collide notes a path that an earlier file has on a file system that ignores
// case or the composition of letters, as those of macOS and Windows do.
func (b *builder) collide(p string) {
	key := fold(p)
	switch other, ok := b.folded[key]; {
	case !ok:
		b.folded[key] = p
	case norm.NFC.String(other) == norm.NFC.String(p):
		b.note(UnicodeCollision, p)
	default:
		b.note(CaseCollision, p)
	}
}

// fold gives what paths have in common that a file system may take for one.
func fold(p string) string {
	for i := range len(p) {
		if p[i] >= utf8.RuneSelf {
			return strings.ToLower(strings.ToUpper(norm.NFC.String(p)))
		}
	}
	return strings.ToLower(p)
}

// nest notes files at paths that are folders to other files.
func (b *builder) nest() {
	noted := map[string]bool{}
	for i := range b.profile.Files {
		p := b.profile.Files[i].Path
		for end := strings.LastIndexByte(p, '/'); end > 0; end = strings.LastIndexByte(p[:end], '/') {
			if _, file := b.index[p[:end]]; file && !noted[p[:end]] {
				noted[p[:end]] = true
				b.note(FileAndFolder, p[:end])
			}
		}
	}
}
