package code

import (
	"path"
	"strings"
)

// CommandLine is what a command line runs, such as a script of a package.json.
type CommandLine struct {
	Programs []string // in the order of the line: "node", "curl"
	Files    []string // that an interpreter is told to run, as written: "setup.mjs"
	Scripts  []string // of the same package.json: "build" of "npm run build"
	// Profile is of the line itself: its commands, and the code that it hands to
	// an interpreter.
	Profile *Profile
}

// interpreterInline is the flag by which an interpreter is handed code.
var interpreterInline = map[string]struct {
	flags    string
	language string
}{
	"node": {"-e --eval -p --print -pe", javascript}, "bun": {"-e --eval", javascript}, "deno": {"eval", javascript}, "nodejs": {"-e --eval -p", javascript},
	"tsx": {"-e", javascript}, "ts-node": {"-e --eval", javascript},
	"sh": {"-c", shell}, "bash": {"-c", shell}, "zsh": {"-c", shell}, "cmd": {"/c", shell}, "powershell": {"-c -command", shell}, "pwsh": {"-c -command", shell},
	"python": {"-c", python}, "python3": {"-c", python}, "python2": {"-c", python},
}

// managers are package managers, whose run starts another script.
var managers = words("npm yarn pnpm bun")

// maxCommand is how long a command line may be, maxCommands how many commands it
// may have, and maxInline how deep it may hand lines to shells.
const (
	maxCommand  = 1 << 16
	maxCommands = 256
	maxInline   = 4
)

// Command reads a command line. It takes any text and never fails; of a line
// longer than 64 kB the rest is not read, and its profile says so.
func Command(text string) *CommandLine {
	line := &CommandLine{Profile: &Profile{Language: shell, Size: len(text), Lines: 1 + strings.Count(text, "\n")}}
	if len(text) > maxCommand {
		line.Profile.Unreadable = "is a command line of more than 65536 bytes"
		text = text[:maxCommand]
	}
	c := newCollector(line.Profile)
	c.hiddenText([]byte(text))
	c.commands([]byte(text), nil)
	line.read(c, text, 0, 0)
	c.finish([]byte(text))
	return line
}

func (l *CommandLine) read(c *collector, text string, offset, depth int) {
	for _, command := range split(text) {
		if len(l.Programs) >= maxCommands {
			c.trait(Flood, 1, offset)
			return
		}
		l.command(c, command, offset, depth)
	}
}

// command reads one command, in words.
func (l *CommandLine) command(c *collector, words []string, offset, depth int) {
	for len(words) > 0 && (strings.Contains(words[0], "=") || shellWords[words[0]] || wrappers[words[0]]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	program := strings.TrimSuffix(path.Base(strings.ReplaceAll(words[0], "\\", "/")), ".exe")
	l.Programs = append(l.Programs, program)
	args := words[1:]
	if strings.ContainsAny(words[0], "/\\") || hasScriptEnding(words[0]) {
		l.Files = append(l.Files, words[0])
	}
	if program == "." || program == "source" {
		l.Files = append(l.Files, args[:min(1, len(args))]...)
		return
	}
	if managers[program] && len(args) > 0 && !hasScriptEnding(args[0]) && !strings.HasPrefix(args[0], "-") {
		l.manager(program, args)
		return
	}
	if in, ok := interpreterInline[program]; ok {
		l.interpreter(c, in.flags, in.language, args, offset, depth)
	}
}

// wrappers run the command that follows them.
var wrappers = words("cross-env env-cmd dotenv npx bunx exec env time sudo nice")

func hasScriptEnding(s string) bool {
	for _, end := range scriptEndings {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

func (l *CommandLine) manager(program string, args []string) {
	switch args[0] {
	case "run", "run-script":
		for _, a := range args[1:] {
			if !strings.HasPrefix(a, "-") {
				if hasScriptEnding(a) || strings.HasPrefix(a, "./") {
					l.Files = append(l.Files, a) // bun run index.js
					return
				}
				l.Scripts = append(l.Scripts, a)
				return
			}
		}
	case "test", "start", "stop", "restart":
		l.Scripts = append(l.Scripts, args[0])
	default:
		if program != "npm" {
			l.Scripts = append(l.Scripts, args[0]) // yarn build
		}
	}
}

// ownArgument are flags whose value is the next word, and whether it is a file.
var ownArgument = map[string]bool{"-r": true, "--require": true, "--import": true, "--loader": true, "--experimental-loader": true, "-C": false, "--conditions": false, "--env-file": false, "-m": false}

// interpreter reads what an interpreter is told to run: code, or files.
func (l *CommandLine) interpreter(c *collector, flags, lang string, args []string, offset, depth int) {
	inline := words(flags)
	for i := 0; i < len(args); i++ {
		arg := args[i]
		file, own := ownArgument[arg]
		switch {
		case inline[strings.ToLower(arg)]:
			if i+1 < len(args) {
				l.inline(c, lang, strings.Join(args[i+1:min(i+2, len(args))], " "), offset, depth)
			}
			return
		case own && i+1 < len(args):
			i++
			if file {
				l.Files = append(l.Files, args[i])
			}
		case strings.HasPrefix(arg, "-"), arg == "run":
		default:
			l.Files = append(l.Files, arg)
			return
		}
	}
}

func (l *CommandLine) inline(c *collector, lang, text string, offset, depth int) {
	if depth >= maxInline || text == "" {
		return
	}
	fixed := c.fixed
	c.fixed = offset
	switch lang {
	case javascript:
		c.javascript([]byte(text))
	case python:
		c.python([]byte(text), nil)
	case shell:
		c.commands([]byte(text), nil)
		l.read(c, text, offset, depth+1)
	}
	c.fixed = fixed
}

// split gives the commands of a line in words, without their quotes.
func split(text string) [][]string {
	var all [][]string
	var words []string
	var word []byte
	inWord := false
	flushWord := func() {
		if inWord {
			words = append(words, string(word))
		}
		word, inWord = word[:0], false
	}
	flush := func() {
		flushWord()
		if words != nil {
			all = append(all, words)
		}
		words = nil
	}
	var q byte
	for i := 0; i < len(text); i++ {
		ch := text[i]
		switch {
		case q != 0 && ch == q:
			q = 0
		case ch == '\\' && q != '\'' && i+1 < len(text) && strings.IndexByte("\"'\\ $`", text[i+1]) >= 0:
			i++
			word, inWord = append(word, text[i]), true
		case q != 0:
			word = append(word, ch)
		case ch == '"' || ch == '\'':
			q, inWord = ch, true
		case ch == ';' || ch == '|' || ch == '&' || ch == '\n' || ch == '(' || ch == ')' || ch == '`':
			flush()
		case ch == ' ' || ch == '\t' || ch == '\r' || ch == '<' || ch == '>':
			flushWord()
		default:
			word, inWord = append(word, ch), true
		}
	}
	flush()
	return all
}
