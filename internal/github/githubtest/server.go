package githubtest

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// Name is the repository that a [Server] has.
const Name = "acme/web"

// Server is GitHub with one repository, under its description. It gives the
// repository's objects and references, and keeps the comments, issues and
// uploads that are written.
type Server struct {
	URL string
	// Instead answers before the server does if it isn't nil and gives true.
	Instead func(w http.ResponseWriter, r *http.Request) bool
	// Latency is before each answer.
	Latency time.Duration

	repository *Repository
	mu         sync.Mutex
	asked      []string
	written    []string
	uploads    []Upload
}

// Upload is what code scanning was given.
type Upload struct {
	Ref    string
	Commit string `json:"commit_sha"`
	SARIF  string `json:"sarif"` // compressed, in base64
}

// Log is the SARIF log of an upload.
func (u Upload) Log() ([]byte, error) {
	packed, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(u.SARIF)))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(packed)
}

// Serve starts a server, until the test ends.
func Serve(t T, of *Repository) *Server {
	t.Helper()
	s := &Server{repository: of}
	server := httptest.NewServer(Checked(t.Errorf, "", s))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Asked lists the requests about the repository so far, "METHOD address".
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// Written lists the texts of the comments and issues so far.
func (s *Server) Written() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.written...)
}

// Uploads lists what code scanning was given so far.
func (s *Server) Uploads() []Upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Upload(nil), s.uploads...)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.Latency)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/advisories" { // about packages, not about the repository
		send(w, http.StatusOK, []any{})
		return
	}
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	if r.URL.Path == "/graphql" {
		w.Header().Set(Undescribed, "it is of the REST API")
	}
	if s.Instead != nil && s.Instead(w, r) {
		return
	}
	rest, ok := strings.CutPrefix(r.URL.Path, "/repos/"+Name+"/")
	switch {
	case r.URL.Path == "/graphql":
		s.graphQL(w, r)
	case r.URL.Path == "/user":
		refuse(w, http.StatusForbidden, "Resource not accessible by integration") // as to a job's token
	case ok && r.Method == http.MethodGet && strings.HasPrefix(rest, "git/"):
		s.git(w, r, strings.TrimPrefix(rest, "git/"))
	case ok && r.Method == http.MethodGet && (rest == "issues" || strings.HasSuffix(rest, "/comments")):
		send(w, http.StatusOK, []any{})
	case ok && r.Method == http.MethodPost && (rest == "issues" || strings.HasSuffix(rest, "/comments")):
		var sent struct{ Body string }
		_ = json.NewDecoder(r.Body).Decode(&sent)
		s.written = append(s.written, sent.Body)
		send(w, http.StatusCreated, map[string]any{})
	case ok && r.Method == http.MethodPost && rest == "code-scanning/sarifs":
		var sent Upload
		_ = json.NewDecoder(r.Body).Decode(&sent)
		s.uploads = append(s.uploads, sent)
		send(w, http.StatusAccepted, map[string]any{"id": "47177e22-5596-11eb-80a1-c1e54ef945c6"})
	default:
		refuse(w, http.StatusNotFound, "Not Found")
	}
}

func (s *Server) git(w http.ResponseWriter, r *http.Request, rest string) {
	kind, id, _ := strings.Cut(rest, "/")
	var err error
	switch kind {
	case "ref":
		var ref *plumbing.Reference
		if ref, err = s.repository.git.Reference(plumbing.ReferenceName("refs/"+id), false); err == nil {
			send(w, http.StatusOK, map[string]any{"ref": "refs/" + id, "object": named(ref.Hash())})
		}
	case "commits":
		err = s.commit(w, plumbing.NewHash(id))
	case "trees":
		err = s.tree(w, plumbing.NewHash(id), r.URL.Query().Has("recursive"))
	case "blobs":
		err = s.blob(w, plumbing.NewHash(id), strings.Contains(r.Header.Get("Accept"), "raw"))
	default:
		err = plumbing.ErrObjectNotFound
	}
	if err != nil {
		refuse(w, http.StatusNotFound, "Not Found")
	}
}

func (s *Server) commit(w http.ResponseWriter, id plumbing.Hash) error {
	commit, err := s.repository.git.CommitObject(id)
	if err != nil {
		return err
	}
	parents := []any{}
	for _, p := range commit.ParentHashes {
		parents = append(parents, named(p))
	}
	send(w, http.StatusOK, map[string]any{"sha": id.String(), "tree": named(commit.TreeHash), "parents": parents, "message": commit.Message})
	return nil
}

// tree lists a tree, or the one of a commit, under the name that was asked for.
func (s *Server) tree(w http.ResponseWriter, id plumbing.Hash, recursive bool) error {
	root := id
	if commit, err := s.repository.git.CommitObject(id); err == nil {
		root = commit.TreeHash
	}
	entries := []any{}
	if err := s.list(root, "", recursive, &entries); err != nil {
		return err
	}
	send(w, http.StatusOK, map[string]any{"sha": id.String(), "truncated": false, "tree": entries})
	return nil
}

// list adds the entries of a tree whatever their names, which go-git's walker
// refuses some of.
func (s *Server) list(id plumbing.Hash, folder string, recursive bool, entries *[]any) error {
	tree, err := s.repository.git.TreeObject(id)
	if err != nil {
		return err
	}
	for _, e := range tree.Entries {
		entry := map[string]any{"path": folder + e.Name, "mode": fmt.Sprintf("%06o", uint32(e.Mode)), "type": "tree", "sha": e.Hash.String()}
		*entries = append(*entries, entry)
		if e.Mode != filemode.Dir {
			size, err := s.repository.git.Storer.EncodedObjectSize(e.Hash)
			if err != nil {
				return err
			}
			entry["type"], entry["size"] = "blob", size
			continue
		}
		if recursive {
			if err := s.list(e.Hash, folder+e.Name+"/", recursive, entries); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Server) blob(w http.ResponseWriter, id plumbing.Hash, raw bool) error {
	blob, err := s.repository.git.BlobObject(id)
	if err != nil {
		return err
	}
	content, err := blob.Reader()
	if err != nil {
		return err
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	switch {
	case err != nil:
		return err
	case raw:
		_, err = w.Write(data)
	default:
		send(w, http.StatusOK, map[string]any{"sha": id.String(), "encoding": "base64", "content": base64.StdEncoding.EncodeToString(data)})
	}
	return err
}

func named(id plumbing.Hash) map[string]any { return map[string]any{"sha": id.String()} }

func send(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

func refuse(w http.ResponseWriter, status int, message string) {
	send(w, status, map[string]any{"message": message})
}
