package worldtest

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// advisories answers with the advisories of the kind asked for that are about
// one of the packages asked after, in the order of their files, as many as a
// page has. It leaves it to the asker to tell the versions.
func (w *World) advisories(out http.ResponseWriter, r *http.Request) {
	if fault := w.fault("github"); fault != "" {
		w.misbehave(out, r, fault, []byte("[]"))
		return
	}
	asked := r.URL.Query()
	var names []string
	for s := range strings.SplitSeq(asked.Get("affects"), ",") {
		if at := strings.LastIndexByte(s, '@'); at > 0 {
			s = s[:at]
		}
		names = append(names, s)
	}
	page, _ := strconv.Atoi(asked.Get("per_page"))
	found := []json.RawMessage{}
	files, _ := fs.Glob(w.Files, "github/*.json")
	for _, file := range files {
		data, _ := fs.ReadFile(w.Files, file)
		var a struct {
			Type            string
			Vulnerabilities []struct {
				Package struct{ Ecosystem, Name string }
			}
		}
		if json.Unmarshal(data, &a) != nil || a.Type != asked.Get("type") || len(found) >= page {
			continue
		}
		for _, v := range a.Vulnerabilities {
			if v.Package.Ecosystem == asked.Get("ecosystem") && slices.Contains(names, v.Package.Name) {
				found = append(found, data)
				break
			}
		}
	}
	_ = json.NewEncoder(out).Encode(found)
}
