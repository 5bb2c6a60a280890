package gate

import "testing"

// Who owns the gate's own files is shown, who owns others is not.
func TestOwnersOfTheGatesFiles(t *testing.T) {
	for _, c := range []struct {
		name, base, head string
		want             bool
	}{
		{"nothing", "* @a\n", "* @a\n", false},
		{"other files", "* @a\n/src @b\n", "* @a\n/src @c\n/docs @d\n", false},
		{"a comment", "# one\n* @a # x\n", "# two\n* @a\n", false},
		{"all files", "* @a\n", "* @b\n", true},
		{"workflows", "/.github/ @a\n", "/.github/ @b\n", true},
		{"one workflow", ".github/workflows/gate.yml @a\n", "", true},
		{"the policy", ".github/lockkeeper.yml @a\n", ".github/lockkeeper.yml\n", true},
		{"lockfiles", "package-lock.json @a\n", "package-lock.json @b\n", true},
		{"lockfiles anywhere", "**/yarn.lock @a\n", "", true},
		{"endings", "*.yml @a\n", "*.yml @b\n", true},
		{"the order, which decides", "* @a\n/.github @b\n", "/.github @b\n* @a\n", true},
	} {
		s := &sides{
			policyPath: ".github/lockkeeper.yml",
			base:       &side{content: map[string][]byte{"CODEOWNERS": []byte(c.base)}},
			head:       &side{content: map[string][]byte{"CODEOWNERS": []byte(c.head)}},
		}
		if got := s.disowned("CODEOWNERS"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
