package code

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
)

// remote reads what is loaded from an address, and runs: import('https://…'),
// import('data:text/javascript;base64,…').
func (r *reader) remote(f *fold, offset int, context func() uint64) {
	n := string(f.value)
	switch {
	case strings.HasPrefix(n, "https://") || strings.HasPrefix(n, "http://"):
		if word := string(r.src[f.before[0].start:f.before[0].end]); word == "from" || word == "import" || string(r.src[f.before[1].start:f.before[1].end]) == "import" {
			r.c.use(Network, "import(address)", offset, context)
			r.c.use(Evaluate, "import(address)", offset, context)
		}
	case strings.HasPrefix(n, "data:"):
		r.c.decoded(dataOf(n), offset)
	}
}

// dataOf gives what a data: address holds, nil if it can't be read.
// https://www.rfc-editor.org/rfc/rfc2397
func dataOf(address string) []byte {
	kind, data, ok := strings.Cut(strings.TrimPrefix(address, "data:"), ",")
	if !ok {
		return nil
	}
	if !strings.HasSuffix(kind, ";base64") {
		text, err := url.PathUnescape(data)
		if err != nil {
			return nil
		}
		return []byte(text)
	}
	out, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(data, "="))
	if err != nil {
		return nil
	}
	return out
}

// source reads x.src = 'https://…': an element that is made to load, with what
// stands in its address.
func (r *reader) source(i int) {
	t := r.at(i + 2)
	if !r.is(i+1, '=') || t.kind != text && t.kind != template {
		return
	}
	body := t.body(r.src)
	if !bytes.HasPrefix(body, []byte("http")) && !bytes.HasPrefix(body, []byte("//")) {
		return
	}
	r.use(i, Network, "src")
	r.keys(i + 1)
}

// joinedPath reads the names that follow each other in path.join(home, '.aws',
// 'credentials') as one.
func (r *reader) joinedPath(i int) {
	if !r.is(i+1, '(') {
		return
	}
	for j, deep := i+1, 0; j < i+decoderReach/2 && r.at(j).kind != none; j++ {
		if r.is(j, '(') {
			deep++
		} else if r.is(j, ')') {
			if deep--; deep == 0 {
				return
			}
		}
		if deep != 1 || r.at(j).kind != text || !r.is(j+1, ',') || r.at(j+2).kind != text {
			continue
		}
		var parts [][]byte
		first := j
		for ; r.at(j).kind == text && len(parts) < few/16; j += 2 {
			parts = append(parts, r.at(j).value(r.src, maxNamed))
			if !r.is(j+1, ',') {
				break
			}
		}
		value := bytes.Join(parts, []byte("/"))
		r.c.text(literal{value: value, offset: int(r.at(first).start), encoded: true}, func() uint64 { return textContext(value) })
		return
	}
}
