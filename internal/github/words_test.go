package github

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const command = "/lockkeeper "

// permission answers for an account.
func (th *thread) permission(author, level string) {
	th.say(repo+"collaborators/"+author+"/permission", map[string]any{"permission": level, "user": map[string]any{"login": author}})
}

func denials(words []Word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.Author+": "+w.Denied)
	}
	return all
}

// Whose word counts is GitHub's to say, each time and for each account.
func TestWhoseWordCounts(t *testing.T) {
	const no = "its author may not write to the repository"
	for level, want := range map[string]string{"admin": "", "maintain": "", "write": "", "triage": no, "read": no, "none": no, "": no, "Admin": no} {
		th := newThread(t, "alice: "+command+"accept a")
		th.permission("alice", level)
		words, err := th.client(t).Words(t.Context(), []int{7}, command)
		if err != nil || len(words) != 1 || words[0].Denied != want {
			t.Errorf("%q: %+v, %v; want %q", level, words, err, want)
		}
	}
}

// A right that can't be found out is no right.
func TestARightThatIsNotKnown(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"refused": status(http.StatusForbidden), "gone": status(http.StatusNotFound), "broken": status(http.StatusBadGateway),
		"limited": status(http.StatusTooManyRequests), "not JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"empty": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) },
		"another": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"permission": "admin", "user": {"login": "bob"}}`))
		},
		"nobody": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"permission": "admin"}`)) },
	} {
		th := newThread(t, "alice: "+command+"accept a")
		th.answers[repo+"collaborators/alice/permission"] = undescribed(answer)
		words, err := th.client(t).Words(t.Context(), []int{7}, command)
		if err != nil || len(words) != 1 || !strings.HasPrefix(words[0].Denied, "whether its author may write could not be found out: ") || strings.Contains(words[0].Denied, "\n") {
			t.Errorf("%s: %+v, %v", name, words, err)
		}
	}
}

// No name of an account leads to another address, and a job's token speaks for
// nobody, whatever GitHub would say of it.
func TestAccountsThatAreNotAskedAfter(t *testing.T) {
	for _, author := range []string{"", "github-actions[bot]", "GitHub-Actions[bot]", "../../../../user", "a/../b", "alice?x=", "al\u0456ce", "<b>", "a b", "alice[bot][bot]", strings.Repeat("a", 200)} {
		th := newThread(t, author+": "+command+"accept a")
		for _, path := range []string{"collaborators/" + author, "collaborators/github-actions[bot]", "user"} {
			th.say(repo+path+"/permission", map[string]any{"permission": "admin", "user": map[string]any{"login": author}})
		}
		words, err := th.client(t).Words(t.Context(), []int{7}, command)
		if err != nil || len(words) != 1 || words[0].Denied == "" {
			t.Errorf("%q: %+v, %v", author, words, err)
		}
		if len(th.asked) != 1 {
			t.Errorf("%q: asked for %q", author, th.asked)
		}
	}
}

// An app that may write, and the author of the pull request, count as anybody
// who may.
func TestAppsCountByTheirRight(t *testing.T) {
	th := newThread(t, "renovate[bot]: "+command+"accept a", "dependabot[bot]: "+command+"accept a")
	th.permission("renovate[bot]", "write")
	words, err := th.client(t).Words(t.Context(), []int{7}, command)
	if err != nil || words[0].Denied != "" || words[1].Denied == "" {
		t.Errorf("%+v, %v", words, err)
	}
}

// Only what begins a comment is a command, and of it the first line.
func TestWhatIsACommand(t *testing.T) {
	th := newThread(t,
		"alice: "+command+"accept a\r\nand more\n"+command+"accept b",
		"alice: > "+command+"accept quoted",
		"alice: ```\n"+command+"accept code\n```",
		"alice:     "+command+"accept indented",
		"alice: please\n"+command+"accept later",
		"alice: \u200b"+command+"accept hidden",
		"alice: /l\u043eckkeeper accept look-alike",
		"alice: "+command+strings.Repeat("x", maxLine*2),
	)
	th.permission("alice", "write")
	words, err := th.client(t).Words(t.Context(), []int{7}, command)
	want := []Word{{Author: "alice", Text: command + "accept a"}, {Author: "alice", Text: (command + strings.Repeat("x", maxLine))[:maxLine]}}
	if diff := cmp.Diff(want, words); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// Each author is asked after once, those whom GitHub calls members first, and a
// crowd is not asked after at all.
func TestACrowdIsNotAskedAfter(t *testing.T) {
	var said []string
	for i := range 150 {
		said = append(said, fmt.Sprintf("sock%d: %saccept a", i, command))
	}
	said = append(said, "alice: "+command+"accept a", "alice: "+command+"accept b")
	th := newThread(t, said...)
	th.list[150]["author_association"], th.list[151]["author_association"] = "MEMBER", "MEMBER"
	th.permission("alice", "write")
	words, err := th.client(t).Words(t.Context(), []int{7}, command)
	if err != nil || len(words) != 152 || words[150].Denied != "" || words[151].Denied != "" || words[0].Denied == "" {
		t.Errorf("%d words, %v: %q", len(words), err, denials(words))
	}
	if len(th.asked) != 2+maxAuthors {
		t.Errorf("%d questions", len(th.asked))
	}
	// Being called a member is no right.
	th.permission("alice", "read")
	if words, _ := th.client(t).Words(t.Context(), []int{7}, command); words[150].Denied == "" {
		t.Error("a member's word counts without the right to write")
	}
}

func TestCommentsThatCannotBeRead(t *testing.T) {
	th := newThread(t)
	th.answers[comments+"?page=1&per_page=100"] = status(http.StatusForbidden)
	if words, err := th.client(t).Words(t.Context(), []int{7}, command); err == nil || len(words) > 0 || !strings.Contains(err.Error(), "HTTP 403") {
		t.Errorf("%+v, %v", words, err)
	}
	crowd := make([]string, maxComments+1)
	for i := range crowd {
		crowd[i] = "mallory: hello"
	}
	crowd[0], crowd[maxComments] = "alice: "+command+"accept a", "alice: "+command+"accept b"
	th = newThread(t, crowd...)
	th.permission("alice", "write")
	if words, err := th.client(t).Words(t.Context(), []int{7}, command); err == nil || len(words) != 1 || !strings.Contains(err.Error(), "first 2000") {
		t.Errorf("%+v, %v", words, err)
	}
}

// Of several pull requests each is read, and what one of them refuses takes
// nothing from the others. All of them share the bounds.
func TestWordsOfSeveralPullRequests(t *testing.T) {
	th := newThread(t, "alice: "+command+"accept a")
	th.permission("alice", "write")
	eight := func(said ...map[string]any) {
		th.say(repo+"issues/8/comments?page=1&per_page=100", append([]map[string]any{}, said...))
	}
	eight(map[string]any{"body": command + "accept b", "user": map[string]any{"login": "alice"}})
	words, err := th.client(t).Words(t.Context(), []int{7, 8}, command)
	want := []Word{{Author: "alice", Text: command + "accept a"}, {Author: "alice", Text: command + "accept b"}}
	if diff := cmp.Diff(want, words); err != nil || diff != "" || len(th.asked) != 3 {
		t.Errorf("%v, asked %q (-want +got):\n%s", err, th.asked, diff)
	}
	for _, order := range [][]int{{7, 9}, {9, 7}} {
		if words, err := th.client(t).Words(t.Context(), order, command); err == nil || len(words) != 1 {
			t.Errorf("of %v: %+v, %v", order, words, err)
		}
	}
	crowd := make([]string, maxComments-50)
	for i := range crowd {
		crowd[i] = "mallory: hello"
	}
	th = newThread(t, crowd...)
	eight(map[string]any{"body": command + "accept b", "user": map[string]any{"login": "alice"}})
	if words, err := th.client(t).Words(t.Context(), []int{7, 8}, command); err == nil || len(words) > 0 || len(th.asked) != 20 {
		t.Errorf("%+v, %v after %d questions", words, err, len(th.asked))
	}
}

// Of the failed runs on the pull request's head, those are ours in which a
// failed job says so.
func TestFailedRunsOfAPullRequest(t *testing.T) {
	failed := func(t *testing.T) *fake {
		f := heldRepository(t)
		f.say(repo+"pulls/7", map[string]any{"number": 7, "head": sha(headID)})
		f.say(repo+"actions/runs?head_sha="+headID+"&page=1&per_page=100&status=failure", map[string]any{"workflow_runs": []any{
			run(30, 1, headID), run(33, 2, headID), run(20, 1, headID), run(31, 3, otherID),
		}})
		f.say(repo+"actions/runs/33/jobs?filter=latest&per_page=100", map[string]any{"jobs": []any{map[string]any{"id": 310, "conclusion": "failure"}}})
		return f
	}
	ours := func(title string) bool { return title == "BLOCK" }
	got, err := failed(t).client(t).Failed(t.Context(), 7, ours)
	if diff := cmp.Diff([]int64{30}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, broken := range []string{
		"pulls/7", "actions/runs?head_sha=" + headID + "&page=1&per_page=100&status=failure",
		"actions/runs/30/jobs?filter=latest&per_page=100", "check-runs/301/annotations?per_page=100",
	} {
		f := failed(t)
		f.answers[repo+broken] = status(http.StatusForbidden)
		if runs, err := f.client(t).Failed(t.Context(), 7, ours); err == nil || !strings.Contains(err.Error(), "HTTP 403") {
			t.Errorf("%s refused: %v, %v", broken, runs, err)
		}
	}
	f := failed(t)
	f.say(repo+"pulls/7", map[string]any{"number": 7, "head": sha("main")})
	if runs, err := f.client(t).Failed(t.Context(), 7, ours); err == nil {
		t.Errorf("a head that is no hash: %v", runs)
	}
}
