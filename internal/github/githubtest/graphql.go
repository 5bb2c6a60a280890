package githubtest

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"

	"github.com/go-git/go-git/v5/plumbing"
)

// The one query that is known: the texts of files, by their objects' names. The
// description is of the REST API, so that nothing else holds it to a form.
var (
	textsQuery = regexp.MustCompile(`^query\(\$owner:String!,\$name:String!\)\{repository\(owner:\$owner,name:\$name\)\{(b\d+:object\(oid:"[0-9a-f]{40}"\)\{\.\.\.on Blob\{text\}\})+\}\}$`)
	textOf     = regexp.MustCompile(`(b\d+):object\(oid:"([0-9a-f]{40})"\)`)
)

func (s *Server) graphQL(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Query     string
		Variables struct{ Owner, Name string }
	}
	err := json.NewDecoder(r.Body).Decode(&asked)
	if err != nil || r.Method != http.MethodPost || asked.Variables.Owner+"/"+asked.Variables.Name != Name || !textsQuery.MatchString(asked.Query) {
		send(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "not understood"}}})
		return
	}
	texts := make(map[string]any)
	for _, named := range textOf.FindAllStringSubmatch(asked.Query, -1) {
		texts[named[1]] = nil
		if blob, err := s.repository.git.BlobObject(plumbing.NewHash(named[2])); err == nil {
			if content, err := blob.Reader(); err == nil {
				data, _ := io.ReadAll(content)
				_ = content.Close()
				texts[named[1]] = map[string]any{"text": string(data)}
			}
		}
	}
	send(w, http.StatusOK, map[string]any{"data": map[string]any{"repository": texts}})
}
