package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/github/githubtest"
)

// start runs the emulator on a free port of the loopback address.
func start(home string) (*exec.Cmd, string, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	if err := free.Close(); err != nil {
		return nil, "", err
	}
	address := "http://127.0.0.1:" + port
	var said bytes.Buffer
	process := exec.Command("node", "node_modules/emulate/dist/index.js", "--service", "github", "--port", port, "--seed", "emulate.yaml")
	process.Dir, process.Stdout, process.Stderr = home, &said, &said
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		return nil, "", err
	}
	for range 100 {
		if answer, err := http.Get(address + "/repos/" + repository); err == nil {
			_ = answer.Body.Close()
			return process, address, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop(process)
	return nil, "", fmt.Errorf("the emulator does not answer: %s", &said)
}

func stop(process *exec.Cmd) {
	_ = process.Process.Kill()
	_ = process.Wait()
}

// truer is what stands before the emulator where GitHub answers otherwise: it
// gives a blob's bytes where they are asked for, and knows of no advisory. It
// passes on everything else; what is asked, and what is answered but for an
// edited issue, is as GitHub describes it.
//
// https://docs.github.com/rest/git/blobs
func truer(emulator string) http.Handler {
	to, err := url.Parse(emulator)
	if err != nil {
		panic(err) // start made it
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = truth
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/advisories" {
			_, _ = io.WriteString(w, "[]")
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

func truth(answer *http.Response) error {
	asked := answer.Request
	if asked.Method == http.MethodPatch && strings.Contains(asked.URL.Path, "/issues/") {
		answer.Header.Set(githubtest.Undescribed, "the emulator's own")
	}
	if answer.StatusCode != http.StatusOK || !strings.Contains(asked.URL.Path, "/git/blobs/") || !strings.Contains(asked.Header.Get("Accept"), "raw") {
		return nil
	}
	var blob struct{ Content []byte } // base64 in JSON
	err := json.NewDecoder(answer.Body).Decode(&blob)
	if err != nil {
		return fmt.Errorf("the emulator's blob: %w", err)
	}
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(blob.Content))
	answer.ContentLength = int64(len(blob.Content))
	answer.Header.Del("Content-Length")
	return nil
}

// person writes to the emulator as somebody.
type person struct {
	token, address string
}

// write sends JSON, and decodes what is answered.
func (p person) write(method, path string, what, answer any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(method, p.address+"/repos/"+repository+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+p.token)
	request.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s %s: the emulator answers %d: %.300s", method, path, resp.StatusCode, data)
	case answer == nil:
		return nil
	}
	return json.Unmarshal(data, answer)
}

// commit writes a commit of these files by the objects' addresses, as a client
// of GitHub's does, and gives its name.
func (p person) commit(message string, files map[string]string, parents ...string) (string, error) {
	type entry struct {
		Path string `json:"path"`
		Mode string `json:"mode"`
		Type string `json:"type"`
		SHA  string `json:"sha"`
	}
	var named struct{ SHA string }
	var entries []entry
	for path, content := range files {
		blob := map[string]string{"content": base64.StdEncoding.EncodeToString([]byte(content)), "encoding": "base64"}
		if err := p.write("POST", "/git/blobs", blob, &named); err != nil {
			return "", err
		}
		entries = append(entries, entry{path, "100644", "blob", named.SHA})
	}
	if err := p.write("POST", "/git/trees", map[string]any{"tree": entries}, &named); err != nil {
		return "", err
	}
	err := p.write("POST", "/git/commits", map[string]any{"message": message, "tree": named.SHA, "parents": append([]string{}, parents...)}, &named)
	return named.SHA, err
}

// point sets a reference, which may be there already.
func (p person) point(name, commit string) error {
	if p.write("PATCH", "/git/refs/"+name, map[string]any{"sha": commit, "force": true}, nil) == nil {
		return nil
	}
	return p.write("POST", "/git/refs", map[string]string{"ref": "refs/" + name, "sha": commit}, nil)
}
