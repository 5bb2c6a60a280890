// Package worldtest is a small world for tests: one loopback server that
// answers as an npm registry, as JSR, as OSV and as GitHub's advisories from a
// folder of files, late or wrong if it is told to.
//
//	DIR/axios.json          the registry's document of axios
//	DIR/@scope/name.json    that of @scope/name
//	DIR/axios.fault         instead: one of the faults below
//	DIR/attestations/axios@1.0.0.json  what is attested of that release
//	DIR/archives/axios@1.0.0.txtar     the files of its archive; or a folder of that name, or the archive itself as .tgz
//	DIR/archives/axios@1.0.0.fault     instead: one of the faults below, or "large", more than is read of one
//	DIR/jsr/@scope/name/…   JSR's meta.json and 1.0.0_meta.json of @scope/name
//	DIR/osv/ID.json         an OSV record; DIR/osv.fault breaks all of OSV
//	DIR/github/ID.json      an advisory as GitHub writes it; DIR/github.fault breaks all of them
//
// A fault is a status ("503", "429 Retry-After=0"), or "html", "half" (the
// document breaks off), "never" (no answer), or "other" (another package's
// document).
package worldtest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// World is a running server.
type World struct {
	Files   fs.FS
	Latency time.Duration     // before each answer
	Header  map[string]string // of each document, beside its type
	Faults  map[string]Fault  // instead of the answers, by the path that is asked

	server   *httptest.Server
	requests atomic.Int64
}

// Start runs the server until Close.
func (w *World) Start() { w.server = httptest.NewServer(w) }

// Close ends it.
func (w *World) Close() { w.server.Close() }

// NPM is the registry's address.
func (w *World) NPM() string { return w.server.URL + "/npm/" }

// JSR is the address of the registry of that name.
func (w *World) JSR() string { return w.server.URL + "/jsr/" }

// OSV is the advisories' address.
func (w *World) OSV() string { return w.server.URL + "/osv" }

// GitHub is the address of GitHub's API, which knows advisories only.
func (w *World) GitHub() string { return w.server.URL + "/github" }

// Requests counts what was asked so far.
func (w *World) Requests() int64 { return w.requests.Load() }

// ServeHTTP answers one request.
func (w *World) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.requests.Add(1)
	time.Sleep(w.Latency)
	if fault := w.Faults[r.URL.Path]; fault != nil {
		fault(out, r, w.whole(r))
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/npm/"):
		name, err := url.PathUnescape(strings.TrimPrefix(r.URL.EscapedPath(), "/npm/"))
		if err != nil || !fs.ValidPath(name) {
			http.Error(out, "bad name", http.StatusBadRequest)
			return
		}
		if release, ok := strings.CutPrefix(name, "-/npm/v1/attestations/"); ok {
			name = "attestations/" + release
		}
		if of, file, ok := strings.Cut(name, "/-/"); ok {
			w.archive(out, r, of, file)
			return
		}
		w.document(out, r, name)
	case strings.HasPrefix(r.URL.Path, "/jsr/"):
		w.send(out, path.Clean(strings.TrimPrefix(r.URL.Path, "/")))
	case strings.HasPrefix(r.URL.Path, "/osv/") && w.fault("osv") != "":
		w.misbehave(out, r, w.fault("osv"), []byte("{}"))
	case r.URL.Path == "/github/advisories":
		w.advisories(out, r)
	case r.URL.Path == "/osv/v1/querybatch":
		w.query(out, r)
	case strings.HasPrefix(r.URL.Path, "/osv/v1/vulns/"):
		w.send(out, "osv/"+path.Base(r.URL.Path)+".json")
	default:
		http.NotFound(out, r)
	}
}

func (w *World) document(out http.ResponseWriter, r *http.Request, name string) {
	if fault := w.fault(name); fault != "" {
		document, _ := fs.ReadFile(w.Files, name+".json")
		w.misbehave(out, r, fault, document)
		return
	}
	w.send(out, name+".json")
}

func (w *World) fault(name string) string {
	text, _ := fs.ReadFile(w.Files, name+".fault")
	return strings.TrimSpace(string(text))
}

func (w *World) send(out http.ResponseWriter, file string) {
	document, err := fs.ReadFile(w.Files, file)
	if err != nil {
		http.Error(out, `{"error":"Not found"}`, http.StatusNotFound)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	for name, value := range w.Header {
		out.Header().Set(name, value)
	}
	_, _ = out.Write(document)
}

func (w *World) misbehave(out http.ResponseWriter, r *http.Request, fault string, document []byte) {
	word, rest, _ := strings.Cut(fault, " ")
	switch word {
	case "html":
		out.Header().Set("Content-Type", "text/html")
		fmt.Fprint(out, "<html><body>Please log in</body></html>")
	case "half":
		out.Header().Set("Content-Length", strconv.Itoa(len(document)))
		_, _ = out.Write(document[:len(document)/2])
	case "never":
		<-r.Context().Done()
	case "other":
		fmt.Fprint(out, `{"name":"another-package","versions":{"1.0.0":{"name":"another-package","version":"1.0.0"}}}`)
	default:
		if key, value, ok := strings.Cut(rest, "="); ok {
			out.Header().Set(key, value)
		}
		status, err := strconv.Atoi(word)
		if err != nil {
			status = http.StatusTeapot
		}
		http.Error(out, word, status)
	}
}

// record is the part of an OSV record by which the service finds it.
type record struct {
	ID       string `json:"id"`
	Modified string `json:"modified"`
	Affected []struct {
		Package  struct{ Name string }
		Versions []string
		Ranges   []any
	}
}

// query answers with the records that list the version, and with those that
// have ranges, which the asker has to read.
func (w *World) query(out http.ResponseWriter, r *http.Request) {
	var asked struct {
		Queries []struct {
			Package struct{ Name string }
			Version string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	records := w.records()
	type vuln struct {
		ID       string `json:"id"`
		Modified string `json:"modified"`
	}
	type result struct {
		Vulns []vuln `json:"vulns,omitempty"`
	}
	results := make([]result, len(asked.Queries))
	for i, q := range asked.Queries {
		for _, rec := range records {
			for _, a := range rec.Affected {
				if a.Package.Name == q.Package.Name && (slices.Contains(a.Versions, q.Version) || len(a.Ranges) > 0) {
					results[i].Vulns = append(results[i].Vulns, vuln{rec.ID, rec.Modified})
				}
			}
		}
	}
	_ = json.NewEncoder(out).Encode(map[string]any{"results": results})
}

func (w *World) records() []record {
	files, _ := fs.Glob(w.Files, "osv/*.json")
	var all []record
	for _, file := range files {
		data, err := fs.ReadFile(w.Files, file)
		var rec record
		if err == nil && json.Unmarshal(data, &rec) == nil {
			all = append(all, rec)
		}
	}
	return all
}
