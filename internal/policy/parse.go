package policy

import (
	"cmp"
	"fmt"

	"github.com/go-json-experiment/json"
)

// document is a policy file as it is written. Its keys are the schema's.
type document struct {
	Version         int                 `json:"version"`
	Preset          string              `json:"preset"`
	Thresholds      thresholds          `json:"thresholds"`
	Cooldown        string              `json:"cooldown"`
	Gaps            map[string]Level    `json:"gaps"`
	Vulnerabilities severities          `json:"vulnerabilities"`
	Lockfiles       lockfiles           `json:"lockfiles"`
	Registries      map[string]endpoint `json:"registries"`
	Signals         map[string]setting  `json:"signals"`
	Exceptions      []exception         `json:"exceptions"`
	Acceptances     string              `json:"acceptances"`
}

type thresholds struct {
	Warn  *int `json:"warn"`
	Block *int `json:"block"`
}

type severities struct {
	Warn  string `json:"warn"`
	Block string `json:"block"`
}

type lockfiles struct {
	Ignore []string `json:"ignore"`
}

type endpoint struct {
	URL    string            `json:"url"`
	Scopes map[string]string `json:"scopes"`
}

// setting is off or has points.
type setting struct {
	Points *int `json:"points"`
}

// UnmarshalJSON takes what the schema lets through beside a mapping: "off" and
// false, which leave the points unset.
func (s *setting) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return nil
	}
	type plain setting
	return json.Unmarshal(data, (*plain)(s))
}

type exception struct {
	Package string   `json:"package"`
	Signals []string `json:"signals"`
	Reason  string   `json:"reason"`
	Owner   string   `json:"owner"`
	Expires string   `json:"expires"`
}

// file is a policy file that was read: its content and where that stands.
type file struct {
	path     string
	root     *place
	document document
	rules    *rules
}

// Parse reads a policy file; path is what errors and the policy's source call
// it. The error is a [*Broken] with all that is wrong.
func Parse(path string, data []byte) (*Policy, error) {
	rules, err := loadRules()
	if err != nil {
		return nil, err
	}
	n := newNotes(path, &place{})
	node := n.load(data)
	if node == nil {
		return nil, n.broken()
	}
	value := rules.check(n.tree(node, n.root), n)
	f := &file{path: path, root: n.root, rules: rules}
	if f.document, err = decode(value); err != nil {
		return nil, fmt.Errorf("%s: decoding: %w", path, err)
	}
	row, err := presetOf(cmp.Or(f.document.Preset, Standard))
	if err != nil {
		return nil, err
	}
	return f.policy(row, n)
}

func decode(value any) (document, error) {
	var d document
	data, err := json.Marshal(value)
	if err != nil {
		return d, err
	}
	return d, json.Unmarshal(data, &d)
}
