package code

import (
	"bytes"
	"strings"
)

// bareDomains are the top-level domains by which a string without a scheme is
// taken for a domain. Those that are also endings of files or usual names of
// members (name, id, is, in, sh, py, rs, md, so, zip) are left away: they count
// behind a scheme.
var bareDomains = words("com net org io xyz top ru cn tk ml ga cf gq pw cc biz club icu uk de fr nl eu us ca au br jp kr tw hk ua pl onion invalid")

// tailedDomains are top-level domains that are words of programs too: a string
// that ends with one is a domain where a port or a path comes behind it, or @
// before it.
var tailedDomains = words("info online site shop store live work link click space website fun cloud dev app ai help zone finance exchange network " +
	"digital systems tech host press today center chat email rest test example gg me co to sh")

// localHosts are no hosts of the world, or those that stand for any
// (https://www.rfc-editor.org/rfc/rfc2606).
var localHosts = words("localhost 127.0.0.1 0.0.0.0 255.255.255.255 ::1 www.w3.org json-schema.org example.com example.org example.net www.example.com")

// hostsIn calls found for each host that a text names. Whole tells that the text
// is a whole string, which may be a domain by itself.
func hostsIn(text []byte, whole, follows bool, found func(host string, start, end int)) {
	named := false
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("//"))
		if i < 0 {
			break
		}
		start := from + i + 2
		from = start
		if !schemed(text[:start-2]) && start != 2 {
			continue
		}
		named = true
		if user := bytes.IndexAny(text[start:], "@/ ?#"); user >= 0 && text[start+user] == '@' {
			start += user + 1 // user information
		}
		length, host := hostAt(text[start:])
		if host != "" && !localHosts[host] {
			found(host, start, start+length)
		}
		from = start + length
	}
	if named || !whole || len(text) > 2000 {
		return
	}
	if at := bytes.IndexByte(text, '@'); at > 0 {
		mailHost(text, at, found)
		return
	}
	start := 0
	if follows && len(text) > 0 && text[0] == '.' { // `https://${name}.example.com/`
		start = 1
	}
	length, host := hostAt(text[start:])
	if host != "" && isBare(host, text[start+length:], start == 1) && !localHosts[host] {
		found(host, start, start+length)
	}
}

func mailHost(text []byte, at int, found func(host string, start, end int)) {
	if !isHostByte(text[at-1]) {
		return
	}
	length, host := hostAt(text[at+1:])
	if _, last, ok := cutLast(host); ok && (bareDomains[last] || tailedDomains[last]) {
		found(host, at+1, at+1+length)
	}
}

// schemed reports whether what stands before // ends with a scheme.
func schemed(before []byte) bool {
	n := len(before)
	return n > 2 && before[n-1] == ':' && (before[n-2]|0x20 >= 'a' && before[n-2]|0x20 <= 'z' || before[n-2] >= '0' && before[n-2] <= '9')
}

func isHostByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// hostAt reads the host at the start of text; host is "" where there is none.
func hostAt(text []byte) (length int, host string) {
	if len(text) > 0 && text[0] == '[' {
		end := bytes.IndexByte(text[:min(len(text), 48)], ']')
		if end > 2 && bytes.IndexByte(text[:end], ':') > 0 && isHexColon(text[1:end]) {
			return end + 1, strings.ToLower(string(text[1:end]))
		}
		return 0, ""
	}
	for length < len(text) && length < 254 && (isHostByte(text[length]) || text[length] == '.' || text[length] >= 0x80) {
		length++
	}
	name := strings.ToLower(string(text[:length]))
	beginning := length < len(text) && strings.IndexByte("{$<%*", text[length]) >= 0
	if beginning || !isHost(name) {
		return length, ""
	}
	return length, name
}

func isHexColon(b []byte) bool {
	for _, c := range b {
		if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' || c == ':' || c == '.') {
			return false
		}
	}
	return true
}

// isHost reports whether a name is a domain of two labels or more, or an address.
func isHost(n string) bool {
	rest, last, ok := cutLast(n)
	if !ok || len(n) < 4 {
		return false
	}
	if isDigits(last) {
		return isAddress(n)
	}
	if len(last) < 2 || len(last) > 24 || rest == "" || strings.Contains(n, "..") || n[0] == '.' || n[0] == '-' || strings.ContainsAny(last, "_0123456789") && !strings.HasPrefix(last, "xn--") {
		return false
	}
	return rest[len(rest)-1] != '-'
}

func isAddress(n string) bool {
	parts := strings.Split(n, ".")
	if len(parts) != 4 {
		return false
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || !isDigits(p) || len(p) == 3 && p > "255" {
			return false
		}
	}
	return true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isBare reports whether a host without a scheme is one. After it may come only
// a port or a path: "lib/index.js" and "process.env" are none.
func isBare(host string, rest []byte, follows bool) bool {
	tail := len(rest) > 0 && (rest[0] == '/' || rest[0] == ':' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9')
	if len(rest) > 0 && !tail {
		return false
	}
	_, last, _ := cutLast(host)
	if isDigits(last) {
		return tail && rest[0] == ':' || !smallNumbers(host) && !isBlock(host)
	}
	if !bareDomains[last] && !(tail && tailedDomains[last]) || strings.Contains(host, "_") {
		return false
	}
	if !follows && !tail && strings.Count(host, ".") == 1 && memberNames[host[:len(host)-len(last)-1]] {
		return false
	}
	return true
}

// memberNames are words before .io, .net and the like that make a path of
// members, not a domain.
var memberNames = words("this self window document process console module exports options opts config settings import.meta socket server client request response asp vb system")

// smallNumbers reports whether an address could be a version or an identifier of
// an object (2.5.4.3): all of its numbers are small.
func smallNumbers(n string) bool {
	for _, p := range strings.Split(n, ".") {
		if len(p) > 2 || len(p) == 2 && p > "31" {
			return false
		}
	}
	return true
}

// isBlock reports whether an address is that of a block, as tables list them, or
// of a private network.
func isBlock(n string) bool {
	for _, prefix := range []string{"10.", "127.", "169.254.", "192.168.", "255."} {
		if strings.HasPrefix(n, prefix) {
			return true
		}
	}
	return strings.HasSuffix(n, ".0")
}

func cutLast(s string) (before, last string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}
