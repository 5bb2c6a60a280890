package lockfile

import "strings"

// Module takes a module's address apart: the package that it is a file of, and
// that package's version, where the path names both as in "/std@0.224.0/fs/mod.ts".
// A package's name is the address up to its version. Where there is none, as
// under a branch or a range, whatever is there may change: such a module is a
// package of its own, by its whole address and without a version.
func Module(address string) (name, version string) {
	start := strings.Index(address, "://")
	if start < 0 {
		return address, ""
	}
	start += len("://")
	slash := strings.IndexByte(address[start:], '/')
	if slash < 0 {
		return address, ""
	}
	end := len(address)
	if query := strings.IndexAny(address, "?#"); query >= 0 {
		end = query
	}
	for i := start + slash + 1; i < end; i++ {
		if address[i] != '@' || address[i-1] == '/' { // a scope
			continue
		}
		version, _, _ := strings.Cut(address[i+1:end], "/")
		version, _, _ = strings.Cut(version, "&") // parameters, as esm.sh has them
		if isFullVersion(version) {
			return address[:i], version
		}
	}
	return address, ""
}

// isFullVersion reports whether a text is a version of three numbers, with or
// without a "v" before and more behind them. What has fewer is a range on some
// hosts.
func isFullVersion(text string) bool {
	text = strings.TrimPrefix(text, "v")
	for range 2 {
		number, rest, _ := strings.Cut(text, ".")
		if !isDigits(number) {
			return false
		}
		text = rest
	}
	number := text
	if i := strings.IndexAny(text, "-+"); i >= 0 {
		number = text[:i]
	}
	return isDigits(number)
}

// oddModule says why a text is not the one way to write a module's address, or
// "". Deno writes addresses as WHATWG's URL standard serialises them, so that
// dot segments, backslashes and everything beyond ASCII are gone from them.
func oddModule(address string) string {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(address, "http://")
	}
	switch host, path, _ := strings.Cut(rest, "/"); {
	case !ok, host == "":
		return "is no address of the web"
	case !isGraphic(address), strings.IndexByte(address, '\\') >= 0, hasDotSegment(path):
		return "is an address that readers take apart in different ways"
	case strings.IndexByte(host, '@') >= 0:
		return "can be misread: what stands before the @ is not the host"
	}
	return ""
}

// hasDotSegment looks for segments that stand for a folder or the one above.
func hasDotSegment(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	if !strings.Contains(path, "/.") && !strings.HasPrefix(path, ".") && strings.IndexByte(path, '%') < 0 {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case ".", "..":
			return true
		}
	}
	return false
}
