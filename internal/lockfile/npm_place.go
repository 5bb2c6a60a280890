package lockfile

import "strings"

const modules = "node_modules/"

// npmPlace is a key of `packages` taken apart: the folder whose node_modules
// holds the package, and the name that it is installed under.
type npmPlace struct {
	within string // "" is the lockfile's own folder
	name   string // "" for a folder outside of node_modules
}

// placeOf takes a key apart, from its end: behind the last "node_modules" stand
// a slash or two, and the search ends there.
func placeOf(key string) npmPlace {
	const folder = "node_modules"
	for end := len(key) - 1; end >= len(folder); end-- {
		start := end - len(folder)
		if key[end] != '/' || key[start:end] != folder {
			continue
		}
		switch {
		case start == 0:
			return npmPlace{name: key[end+1:]}
		case key[start-1] != '/': // a folder such as "my_node_modules" is none
		case start == 1: // an absolute path; "" is the lockfile's own folder
			return npmPlace{within: "/", name: key[end+1:]}
		default:
			return npmPlace{within: key[:start-1], name: key[end+1:]}
		}
	}
	return npmPlace{within: key}
}

// above gives the folder in which Node looks next for what it doesn't find in
// a folder's node_modules. The second result is false at the top.
func above(folder string) (string, bool) {
	if folder == "" {
		return "", false
	}
	p := placeOf(folder)
	if p.name != "" {
		return p.within, true
	}
	i := strings.LastIndexByte(folder, '/')
	switch {
	case folder[i+1:] == "..": // what lies outside of the lockfile's folder doesn't look into it
		return "", false
	case i < 0:
		return "", true
	}
	return folder[:i], i > 0
}

// childKey gives the key of a package installed in a folder's node_modules.
func childKey(folder, name string) string {
	if folder == "" {
		return modules + name
	}
	return folder + "/" + modules + name
}

// folderName is the name that npm gives to a folder whose package has none
// (@npmcli/name-from-folder).
func folderName(folder string) string {
	i := strings.LastIndexByte(folder, '/')
	if i < 0 {
		return folder
	}
	if j := strings.LastIndexByte(folder[:i], '/'); folder[j+1] == '@' {
		return folder[j+1:]
	}
	return folder[i+1:]
}

// checkKey counts the folders of a key, and says why it could be read as
// another place than the one it spells, or "".
func checkKey(key string, in npmPlace) (folders int, odd string) {
	if in.within == "" && isPlainName(in.name) {
		return 3, "" // at most: node_modules, a scope and a name
	}
	if !isGraphic(key) && strings.ContainsFunc(key, func(c rune) bool { return c < ' ' }) ||
		strings.IndexByte(key, '\\') >= 0 {
		odd = "has a backslash or a control character"
	}
	if len(key) > 1 && key[1] == ':' {
		odd = "is an absolute path"
	}
	up := true
	for rest, more := key, true; more; folders++ {
		var segment string
		switch segment, rest, more = strings.Cut(rest, "/"); {
		case segment == "", segment == ".":
			odd = "has an empty segment, or is an absolute path"
		case segment != "..":
			up = false
		case !up:
			odd = "climbs out of a folder that it entered"
		}
	}
	if odd == "" {
		odd = oddName(key, in.name)
	}
	return folders, odd
}

// plainBytes are those that a name needs no thought for.
var plainBytes = func() (set [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") {
		set[c] = true
	}
	return set
}()

// isPlain reports whether a text is of plain bytes and doesn't begin with a dot.
func isPlain(text string) bool {
	for i := range len(text) {
		if !plainBytes[text[i]] {
			return false
		}
	}
	return text != "" && text[0] != '.'
}

// isPlainName reports whether a text is a name, with a scope or not, that can be
// read in one way only.
func isPlainName(name string) bool {
	if name != "" && name[0] == '@' {
		scope, own, ok := strings.Cut(name[1:], "/")
		return ok && isPlain(scope) && isPlain(own)
	}
	return isPlain(name)
}

// oddName says why the last part of a key is no package name. Where it has one
// segment too many, npm takes the last one for the name and other readers all.
func oddName(key, name string) string {
	switch {
	case name == "" && strings.HasSuffix(key, "node_modules"):
		return "names no package"
	case name == "":
		return ""
	}
	slash := strings.IndexByte(name, '/')
	if name[0] == '@' && slash > 0 {
		slash = strings.IndexByte(name[slash+1:], '/')
	} else if name[0] == '@' {
		slash = 0
	}
	if slash >= 0 {
		return "ends in no package name"
	}
	return ""
}
