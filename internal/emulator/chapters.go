package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/report"
)

// chapters are what happens, in this order.
var chapters = []struct {
	name    string
	happens func(*story)
}{
	{"a pull request that is blocked gets a comment", blocked},
	{"a second run leaves the comment as it is", again},
	{"the comment is brought up to date in its place when the trouble is gone", mended},
	{"a pull request without a merge is compared with where it left the base", conflicting},
	{"a hold ends by the word of somebody who may write", heldOff},
	{"a merge group and a push are judged, and nothing is written", queued},
	{"a scheduled scan opens an issue, keeps it, and closes it", scanned},
}

// open makes a pull request out of a commit.
func (s *story) open(commit string) {
	s.point("heads/"+commit, commit)
	s.then(func() error {
		var made written
		err := s.gate.write("POST", "/pulls", map[string]string{"title": commit, "head": commit, "base": "main"}, &made)
		s.pull = made.Number
		return err
	})
}

// merge makes a commit what GitHub would merge, which the emulator doesn't.
func (s *story) merge(commit string) { s.point(fmt.Sprintf("pull/%d/merge", s.pull), commit) }

func (s *story) pullAt(head string) string {
	return fmt.Sprintf(`{"action": "synchronize", "number": %d, "pull_request": {"number": %[1]d, "head": {"sha": %q}}}`, s.pull, s.commits[head])
}

func blocked(s *story) {
	good, bad := project("1.0.0", s.versions["1.0.0"]), project("1.0.1", another())
	s.push("base", good)
	s.point("heads/main", "base")
	s.push("topic", bad, "base")
	s.open("topic")
	s.push("merge", bad, "base", "topic")
	s.merge("merge")
	// Somebody's comment that begins as ours is not ours.
	s.write(s.somebody, "POST", s.comments(), map[string]string{"body": report.CommentMarker + "\nall is well"})
	s.step("pull_request", "merge", s.pullAt("topic"), 1, "::error file=package-lock.json,line=3")
	s.comment = s.remark("1.0.0 → 1.0.1")
}

func again(s *story) {
	s.step("pull_request_target", "base", s.pullAt("topic"), 1, "BLOCK")
	now := s.remark("")
	s.then(func() error {
		if now != s.comment {
			return fmt.Errorf("the comment is %v, and was %v", now, s.comment)
		}
		return nil
	})
}

func mended(s *story) {
	good := project("1.0.1", s.versions["1.0.1"])
	s.push("mended", good, "topic")
	s.point("heads/topic", "mended")
	s.push("merge of mended", good, "base", "mended")
	s.merge("merge of mended")
	s.step("pull_request_target", "base", s.pullAt("mended"), 0, "PASS")
	now := s.remark("")
	s.then(func() error {
		if now.ID != s.comment.ID || now.Body == s.comment.Body {
			return fmt.Errorf("the comment is %v, and was %v", now, s.comment)
		}
		return nil
	})
}

func conflicting(s *story) {
	s.push("conflicting", project("1.0.2", s.versions["1.0.2"]), "base")
	s.open("conflicting")
	s.push("further", map[string]string{"README.md": "the base went on"}, "base")
	s.point("heads/main", "further")
	s.step("pull_request_target", "further", s.pullAt("conflicting"), 1, "HOLD")
	s.remark("/lockkeeper hold-off npm:a@1.0.2")
}

func heldOff(s *story) {
	// Without this the emulator knows of no right, where GitHub has "read" for everybody who may see the repository.
	s.write(s.gate, "PUT", "/collaborators/somebody", map[string]string{"permission": "pull"})
	s.write(s.somebody, "POST", s.comments(), map[string]string{"body": "/lockkeeper hold-off npm:a@1.0.2 fixes what is exploited"})
	s.step("pull_request_target", "further", s.pullAt("conflicting"), 1, "may not write to the repository")
	// For "push" it would say so, where GitHub says "write".
	s.write(s.gate, "PUT", "/collaborators/somebody", map[string]string{"permission": "admin"})
	s.step("pull_request_target", "further", s.pullAt("conflicting"), 0, "accepted")
	s.remark("")
}

func queued(s *story) {
	group := fmt.Sprintf(`{"action": "checks_requested", "merge_group": {"base_sha": %q, "head_sha": %q}}`, s.commits["base"], s.commits["merge of mended"])
	pushed := fmt.Sprintf(`{"before": %q, "after": %q}`, s.commits["base"], s.commits["topic"])
	before := s.own(s.comments())
	s.step("merge_group", "merge of mended", group, 0, "PASS")
	s.step("push", "topic", pushed, 1, "BLOCK")
	after := s.own(s.comments())
	s.then(func() error {
		if !slices.Equal(before, after) {
			return fmt.Errorf("the comments are %v, and were %v", after, before)
		}
		return nil
	})
}

func scanned(s *story) {
	opened := 0
	for _, at := range []struct {
		commit string
		code   int
		state  string
	}{{"topic", 1, "open"}, {"topic", 1, "open"}, {"mended", 0, "closed"}} {
		s.step("schedule", at.commit, `{"schedule": "0 3 * * *"}`, at.code, "a")
		issues := s.own("/issues?state=all&labels=lockkeeper")
		s.then(func() error {
			one := len(issues) == 1 && issues[0].State == at.state && strings.HasPrefix(issues[0].Body, report.IssueMarker)
			if !one || opened != 0 && issues[0].ID != opened {
				return fmt.Errorf("after a scan of %s the issues are %v, want one that is %s", at.commit, issues, at.state)
			}
			opened = issues[0].ID
			return nil
		})
	}
}
