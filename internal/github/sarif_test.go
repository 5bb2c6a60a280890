package github

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

const sarifs = repo + "code-scanning/sarifs"

func TestALogIsUploaded(t *testing.T) {
	f := newFake(t)
	var sent struct {
		Ref, Sarif string
		Commit     string `json:"commit_sha"`
		Tool       string `json:"tool_name"`
	}
	f.answers[sarifs] = func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || r.Method != http.MethodPost {
			t.Errorf("%s: %v", r.Method, err)
		}
		w.WriteHeader(http.StatusAccepted) // it is worked on later
		_, _ = io.WriteString(w, `{"id": "47177e22", "url": "https://github.example/sarifs/47177e22"}`)
	}
	log := []byte(`{"version":"2.1.0"}`)
	id, err := f.client(t).UploadSARIF(t.Context(), "refs/pull/7/merge", commitID, log)
	if err != nil || id != "47177e22" {
		t.Errorf("id %q, error %v", id, err)
	}
	packed, err := base64.StdEncoding.DecodeString(sent.Sarif)
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(got, log) {
		t.Errorf("sent %q, %v", got, err)
	}
	if sent.Ref != "refs/pull/7/merge" || sent.Commit != commitID || sent.Tool != "Lockkeeper" {
		t.Errorf("sent %+v", sent)
	}
}

func TestALogThatIsNotTaken(t *testing.T) {
	answer := func(code int, body string) http.HandlerFunc {
		return undescribed(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		})
	}
	for _, c := range []struct {
		name       string
		answer     http.HandlerFunc
		text, hint string
	}{
		{"no right, as of a fork", status(403), `HTTP 403: "so it is\n::error::"`, "security-events: write"},
		{"no code scanning", status(404), "HTTP 404: code scanning is not on here", "needs GitHub Code Security"},
		{"a token that has ended", status(401), "HTTP 401", "security-events: write"},
		{"too large", status(413), "HTTP 413", "ignore lockfiles"},
		{"not understood", status(422), "HTTP 422", "report the file as a bug"},
		{"not valid", status(400), "HTTP 400", "report the file as a bug"},
		{"too many", status(429), "the rate limit is exceeded", "Wait until the limit is reset"},
		{"too many, the old way", status(403, "Retry-After", "3600"), "the rate limit is exceeded", "Wait until the limit is reset"},
		{"an hour's questions asked", status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "32503680000"), "the rate limit is exceeded", "Wait until"},
		{"out of service", status(503), "HTTP 503", "next run"},
		{"taken under no name", answer(202, `{}`), "no id", "next run"},
		{"a page", answer(202, `<html>`), "can't be read", "next run"},
		{"done at once", answer(200, `{"id": "1"}`), "no id", "next run"},
		{"a connection that breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF", "next run"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t)
			f.answers[sarifs] = c.answer
			_, err := f.client(t).UploadSARIF(t.Context(), "refs/heads/main", commitID, []byte("{}"))
			wantError(t, err, c.text, c.hint)
			if len(f.asked) != 1 {
				t.Errorf("asked %d times: what was written may be there already", len(f.asked))
			}
		})
	}
}

func TestASlowUploadEnds(t *testing.T) {
	f := newFake(t)
	f.answers[sarifs] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := f.client(t).UploadSARIF(ctx, "refs/heads/main", commitID, []byte("{}"))
	wantError(t, err, "deadline exceeded", "next run")
}

// What GitHub would refuse anyway is not sent.
func TestALogThatIsTooLarge(t *testing.T) {
	f := newFake(t)
	noise := make([]byte, maxLog+1)
	source := rand.NewChaCha8([32]byte{})
	_, _ = source.Read(noise)
	_, err := f.client(t).UploadSARIF(t.Context(), "refs/heads/main", commitID, noise)
	wantError(t, err, "GitHub takes at most 10000000", "ignore lockfiles")
	if len(f.asked) != 0 {
		t.Errorf("asked %s", strings.Join(f.asked, ", "))
	}
}
