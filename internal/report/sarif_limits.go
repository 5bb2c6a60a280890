package report

import (
	"compress/gzip"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// What GitHub takes: it keeps so many results of a run, the worst of them, and
// refuses a log of more bytes than that when it is compressed. Of the two things
// that "10 MB" can mean it is the smaller.
//
// https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#validating-your-sarif-file
const (
	maxResults = 5000
	maxPacked  = 10_000_000
)

// maxNotifications is how many gaps are told. Nothing at GitHub shows them one
// by one, and a pull request can bring as many lockfiles as it likes.
const maxNotifications = 500

// packedSize is the size of a log as it is uploaded, or a number within the
// limit that it doesn't exceed.
func packedSize(log []byte) int {
	if len(log) <= maxPacked/2 { // an incompressible one grows by a thousandth
		return len(log)
	}
	var size counter
	w := gzip.NewWriter(&size)
	_, _ = w.Write(log) // a counter takes everything
	_ = w.Close()
	return int(size)
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// invocation carries what is no result: gaps, and what the limit cut off.
func (l *sarifLog) invocation() *sarif.Invocation {
	run := &sarif.Invocation{ExecutionSuccessful: new(true)}
	groups := gapGroups(l.r)
	for i, g := range groups {
		if i == maxNotifications {
			run.ToolExecutionNotifications = append(run.ToolExecutionNotifications, &sarif.Notification{
				Level: sarif.LevelWarning, Message: message(plural[inert](len(groups)-i, "gap", "gaps") + " more, of less weight, left out"),
			})
			break
		}
		n := &sarif.Notification{Level: sarif.LevelWarning, Descriptor: &sarif.ReportingDescriptorReference{ID: new("gap/" + ruleID(g.Check))}}
		if mildness(g.Gap) == 0 {
			n.Level = sarif.LevelError
			run.ExecutionSuccessful = new(false)
		}
		said := "Not checked (" + terminal(g.Check) + "): " + terminal(g.Reason)
		if count := g.packages(); count > 0 {
			said += ", " + plural[inert](count, "package", "packages")
			if len(g.changes) > 0 {
				said += ": " + few(g.changes, textNames, ", ", l.title)
			}
		}
		if g.Hint != "" {
			said += ". " + terminal(g.Hint)
		}
		n.Message = message(said)
		if g.Location != nil {
			n.Locations = []*sarif.Location{physical(*g.Location)}
		}
		run.ToolExecutionNotifications = append(run.ToolExecutionNotifications, n)
	}
	if l.cut > 0 {
		run.ToolExecutionNotifications = append(run.ToolExecutionNotifications, &sarif.Notification{
			Level:   sarif.LevelWarning,
			Message: message(plural[inert](l.cut, "result", "results") + " of less weight left out: GitHub keeps " + digits[inert](maxResults) + " of a run, of 10 MB compressed"),
		})
	}
	return run
}
