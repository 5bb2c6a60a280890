package cli

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressShowsAfterAMomentAndGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(Environment{Stderr: &out, StderrTerminal: true})
		time.Sleep(patience - time.Millisecond)
		synctest.Wait()
		if out.Len() > 0 {
			t.Errorf("shown too soon: %q", &out)
		}
		p.step("asking", 3, 7)
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if got := out.String(); !strings.HasSuffix(got, "asking: 3 of 7") {
			t.Errorf("shown: %q", got)
		}
		p.clear()
		if got := out.String(); !strings.HasSuffix(got, "\r\x1b[K") {
			t.Errorf("left behind: %q", got)
		}
	})
}

func TestProgressIsQuietWhereItIsNotWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress(Environment{Stderr: &out})
		p.step("asking", 1, 2)
		time.Sleep(10 * patience)
		p.clear()
		if out.Len() > 0 {
			t.Errorf("written to a pipe: %q", &out)
		}

		p = newProgress(Environment{Stderr: &out, StderrTerminal: true})
		p.clear() // a quick run
		if out.Len() > 0 {
			t.Errorf("written in a quick run: %q", &out)
		}
	})
}
