package artifact

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// header is one block of 512 bytes: POSIX.1-2024, pax, "ustar Interchange
// Format", and GNU tar's own.
type header struct {
	zero  bool // nothing but zeros
	valid bool // its checksum is right and it has a name
	doubt bool // a number in it is none, or means another thing to each reader
	name  string
	link  string
	kind  byte
	mode  uint32
	size  int64
}

func parseHeader(block *[blockSize]byte) header {
	if isZero(block[:]) {
		return header{zero: true}
	}
	h := header{name: field(block[0:100]), link: field(block[157:257]), kind: block[156]}
	mode, _ := number(block[100:108])
	h.mode = uint32(mode & 0o7777)
	var ok bool
	h.size, ok = number(block[124:136])
	h.doubt = !ok
	if string(block[257:265]) == "ustar\x0000" {
		if prefix := field(block[345:500]); prefix != "" {
			h.name = prefix + "/" + h.name
		}
	}
	sum, ok := number(block[148:156])
	h.valid = ok && sum == checksum(block) && h.name != ""
	return h
}

// linksRightly reports whether the header names a link's target where its type
// has one, and none where not; node-tar drops the header otherwise.
func (h *header) linksRightly() bool {
	switch h.kind {
	case '1', '2':
		return h.link != ""
	case 'x', 'g':
		return true
	}
	return h.link == ""
}

// checksum adds up the block's bytes, with spaces for the sum itself.
func checksum(block *[blockSize]byte) (sum int64) {
	for i, c := range block {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int64(c)
	}
	return sum
}

// field gives a text that ends at the first zero.
func field(b []byte) string {
	text, _, _ := bytes.Cut(b, []byte{0})
	return string(text)
}

// number reads octal digits or, with the first bit set, a number to the base of
// 256. What is no number, or below zero, is nothing, as to node-tar.
func number(b []byte) (n int64, ok bool) {
	if b[0] == 0x80 {
		for _, c := range b[1:] {
			if n >= 1<<54 {
				return 0, false
			}
			n = n<<8 | int64(c)
		}
		return n, true
	}
	text := strings.Trim(field(b), " ")
	if text == "" {
		return 0, true
	}
	u, err := strconv.ParseUint(text, 8, 62)
	return int64(u), err == nil
}

func isRegular(kind byte) bool { return kind == '0' || kind == 0 || kind == '7' }

// isMeta covers the types of headers that node-tar applies to the next entry.
func isMeta(kind byte) bool { return strings.IndexByte("xgXLKN", kind) >= 0 }

// overrides is what headers before an entry say of it.
type overrides struct {
	path    string
	size    int64
	mode    uint32
	hasPath bool
	hasSize bool
	hasMode bool
}

// harmless are pax records that no reader takes a file's name, size or content
// from.
var harmless = []string{"atime", "charset", "comment", "ctime", "gid", "gname", "hdrcharset", "mtime", "uid", "uname"}

// read takes a header of a kind, and gives what is doubtful in it.
func (o *overrides) read(kind byte, text string) (doubts []FaultKind) {
	switch kind {
	case 'K': // the name of a link, which npm doesn't unpack
		return nil
	case 'L', 'N':
		if o.hasPath {
			doubts = append(doubts, HeaderConflict)
		}
		o.path, _, _ = strings.Cut(text, "\x00")
		o.hasPath = true
		return doubts
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		key, value, ok := record(line)
		if !ok {
			doubts = append(doubts, HeaderConflict) // node-tar skips it, another reader refuses the archive
			continue
		}
		if doubt := o.set(key, value, kind == 'g'); doubt != "" {
			doubts = append(doubts, doubt)
		}
	}
	slices.Sort(doubts)
	return slices.Compact(doubts)
}

// record reads "17 path=a/b.js", with the record's length before it.
func record(line string) (key, value string, ok bool) {
	length, pair, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(length)
	if err != nil || n != len(line)+1 {
		return "", "", false
	}
	key, value, ok = strings.Cut(pair, "=")
	return key, value, ok && key != ""
}

func (o *overrides) set(key, value string, global bool) (doubt FaultKind) {
	switch {
	case slices.Contains(harmless, key), strings.HasPrefix(key, "SCHILY.") && key != "SCHILY.realsize", strings.HasPrefix(key, "LIBARCHIVE."), key == "linkpath" && !global:
		return ""
	case strings.HasPrefix(key, "GNU.sparse."), key == "SCHILY.realsize":
		return Sparse
	case global:
		doubt = GlobalHeader
	}
	switch key {
	case "path":
		if o.hasPath || value == "" || strings.Contains(value, "\x00") {
			doubt = HeaderConflict
		}
		o.path, _, _ = strings.Cut(value, "\x00")
		o.hasPath = o.path != ""
	case "size":
		size, err := strconv.ParseInt(value, 10, 54)
		if err != nil || size < 0 || o.hasSize {
			doubt = HeaderConflict
		}
		if err == nil && size >= 0 {
			o.size, o.hasSize = size, true
		}
	case "mode":
		mode, err := strconv.ParseUint(value, 10, 32)
		o.mode, o.hasMode = uint32(mode&0o7777), err == nil
	default:
		doubt = HeaderConflict
	}
	return doubt
}
