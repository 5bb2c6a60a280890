package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// explained is the table of accepted differences; its head says how to read it.
//
//go:embed explained.txt
var explained string

// sets are the sets of files, in the order of the table's first columns.
var sets = []string{"corpus", "fixtures"}

// class is a kind of difference that is known, and not our mistake.
type class struct {
	line  int            // in the table
	count map[string]int // how many there are, by set of files
	match []*regexp.Regexp
}

// patterns is how many columns of the table match texts.
const patterns = 5

// parseExplained reads the table.
func parseExplained(text string) ([]*class, error) {
	var classes []*class
	explained := 0 // how many of them have a reason
	for i, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "#"), strings.TrimSpace(line) == "":
		case strings.HasPrefix(line, "    "):
			explained = len(classes)
		default:
			c, err := parseClass(strings.Fields(line))
			if err != nil {
				return nil, fmt.Errorf("explained.txt:%d: reading: %w", i+1, err)
			}
			c.line = i + 1
			classes = append(classes, c)
		}
	}
	if explained < len(classes) {
		return nil, fmt.Errorf("explained.txt:%d: reading: a class without a reason below it", classes[explained].line)
	}
	return classes, nil
}

func parseClass(columns []string) (*class, error) {
	if want := len(sets) + patterns; len(columns) != want {
		return nil, fmt.Errorf("%d columns, want %d", len(columns), want)
	}
	c := &class{count: map[string]int{}}
	for i, set := range sets {
		n, err := strconv.Atoi(columns[i])
		if err != nil {
			return nil, err
		}
		c.count[set] = n
	}
	for _, pattern := range columns[len(sets):] {
		compiled, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil {
			return nil, err
		}
		c.match = append(c.match, compiled)
	}
	return c, nil
}

// explains reports whether a difference is of the class.
func (c *class) explains(d difference) bool {
	for i, text := range [patterns]string{d.format, d.field, d.file + " " + d.key, d.ours, d.theirs} {
		if !c.match[i].MatchString(text) {
			return false
		}
	}
	return true
}
