package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// Connections are used again, also after answers of which nobody reads the
// end, and are closed with the door.
func TestConnections(t *testing.T) {
	var opened, closed atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.CopyN(w, zeros{}, smallRest/2)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			closed.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	d := open(t, quick(Config{Allowed: []Address{{URL: server.URL, Insecure: true}}}))
	for range 5 {
		_, _ = read(d, Request{URL: server.URL})
		_, _ = read(d, Request{URL: server.URL + "/missing"})
		rc, err := d.Fetch(context.Background(), Request{URL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		_ = rc.Close()
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections were opened", n)
	}
	_ = d.Close()
	for range 500 {
		if closed.Load() == 1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the connection stays open")
}
