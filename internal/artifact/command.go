package artifact

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
)

// installScripts are those that npm runs when it installs an archive, in their
// order. Prepare runs for a dependency from git, which comes as no archive.
var installScripts = []string{"preinstall", "install", "postinstall"}

// Caps on the commands of one archive.
const (
	maxCommands   = 200      // lifecycle scripts, and code on their command lines
	maxSimple     = 10_000   // commands of one line
	maxNested     = 1000     // scripts that one runs by name
	maxExpansions = 256      // commands of a binding.gyp
	maxExpansion  = 64 << 10 // bytes of one
)

// interpreters are programs that run the first file on their command line, and
// the suffix of the language that they take it for.
var interpreters = map[string]string{
	"node": ".js", "nodejs": ".js", "bun": ".js", "deno": ".js", "tsx": ".ts", "ts-node": ".ts", "esno": ".ts", "jiti": ".ts",
	"sh": ".sh", "bash": ".sh", "zsh": ".sh", "dash": ".sh", "source": ".sh", ".": ".sh",
	"python": ".py", "python2": ".py", "python3": ".py", "py": ".py",
	"cmd": ".bat", "powershell": ".ps1", "pwsh": ".ps1", "cscript": ".vbs", "wscript": ".vbs",
}

// prefixes are programs that run the rest of their command line.
var prefixes = []string{"cross-env", "cross-env-shell", "env", "exec", "sudo", "nohup", "time", "npx", "call", "start", "command", "run-s", "dotenv", "--"}

// fileOptions are options of interpreters whose value is a file that runs, too.
var fileOptions = []string{"-r", "--require", "--import", "--loader", "--experimental-loader", "-File", "-file", "/c", "/C"}

// codeOptions are options whose value is code.
var codeOptions = []string{"-e", "--eval", "-p", "--print", "-pe", "-c", "-Command", "-command"}

// launched is a file that a command runs, and the suffix of its language.
type launched struct{ path, suffix string }

// commander finds out what the lifecycle scripts of one package run.
type commander struct {
	folder  string // the package's, where scripts start
	scripts map[string]string
	seen    map[string]bool // command lines
	lines   []string        // still to be read
	files   []launched
	inline  []launched // code on a command line, and its suffix
}

// launch collects what a command line runs, and the scripts and lines that it
// runs in turn.
func (c *commander) launch(line string) {
	c.lines = append(c.lines, line)
	for len(c.lines) > 0 && len(c.seen) < maxNested {
		line, c.lines = c.lines[0], c.lines[1:]
		if c.seen[line] {
			continue
		}
		c.seen[line] = true
		dir := c.folder
		for _, words := range simpleCommands(line) {
			if words = unwrap(words); len(words) > 1 && words[0] == "cd" {
				dir = path.Join(dir, words[1])
				continue
			}
			for _, script := range runsScript(words) {
				c.lines = append(c.lines, c.scripts[script])
			}
			c.program(dir, words)
		}
	}
}

// unwrap drops assignments and programs that only run another.
func unwrap(words []string) []string {
	for len(words) > 0 && (slices.Contains(prefixes, words[0]) || isAssignment(words[0])) {
		words = words[1:]
	}
	return words
}

func isAssignment(word string) bool {
	i := strings.IndexByte(word, '=')
	return i > 0 && !strings.ContainsAny(word[:i], "/.-$")
}

// runsScript gives the scripts that "npm run x" and its like name.
func runsScript(words []string) []string {
	if len(words) < 2 || !slices.Contains([]string{"npm", "yarn", "pnpm", "bun", "npm-run-all", "run-p"}, words[0]) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool {
		return w == "run" || w == "run-script" || strings.HasPrefix(w, "-")
	})
}

// program takes one command apart.
func (c *commander) program(dir string, words []string) {
	if len(words) == 0 {
		return
	}
	name := strings.TrimSuffix(path.Base(strings.ReplaceAll(words[0], `\`, "/")), ".exe")
	suffix, known := interpreters[name]
	if !known {
		if strings.ContainsAny(words[0], `/\.`) {
			c.file(dir, words[0], "")
		}
		return
	}
	for i := 1; i < len(words); i++ {
		word := words[i]
		option, value, joined := strings.Cut(word, "=")
		switch {
		case slices.Contains(codeOptions, word) && i+1 < len(words):
			i++
			c.inline = append(c.inline, launched{words[i], suffix})
			if suffix == ".sh" || suffix == ".bat" {
				c.lines = append(c.lines, words[i])
			}
		case slices.Contains(fileOptions, option) && joined:
			c.file(dir, value, suffix)
		case slices.Contains(fileOptions, word) && i+1 < len(words):
			i++
			c.file(dir, words[i], suffix)
		case strings.HasPrefix(word, "-") || word == "run":
		default:
			c.file(dir, word, suffix)
			return
		}
	}
}

func (c *commander) file(dir, name, suffix string) {
	c.files = append(c.files, launched{path.Join(dir, strings.ReplaceAll(name, `\`, "/")), suffix})
}

// simpleCommands splits a command line of a shell, or of Windows' cmd, into
// simple commands and those into words. It knows quotes and no more: a name that
// a shell would compute isn't found, and then nothing says that the file runs.
func simpleCommands(line string) (commands [][]string) {
	var words []string
	var word []byte
	quote, inWord := byte(0), false
	flush := func(command bool) {
		if inWord {
			words = append(words, string(word))
		}
		word, inWord = word[:0], false
		if command && words != nil {
			commands, words = append(commands, words), nil
		}
	}
	for i := 0; i < len(line) && len(commands) < maxSimple; i++ {
		switch ch := line[i]; {
		case quote != 0 && ch == quote:
			quote = 0
		case ch == '\\' && i+1 < len(line) && quote != '\'' && strings.IndexByte("\"'\\$` ", line[i+1]) >= 0:
			i++
			word, inWord = append(word, line[i]), true
		case quote != 0:
			word = append(word, ch)
		case ch == '"' || ch == '\'':
			quote, inWord = ch, true
		case ch == ' ' || ch == '\t':
			flush(false)
		case strings.IndexByte(";&|()\n\r`<>", ch) >= 0:
			flush(true)
		default:
			word, inWord = append(word, ch), true
		}
	}
	flush(true)
	return commands
}

// commands reads what an install runs of one package: its lifecycle scripts as
// code of a shell, and the code on their command lines. It gives the files.
func (b *builder) commands(folder string, d *document) (files []launched) {
	for _, script := range installScripts {
		text := d.Scripts[script]
		if strings.TrimSpace(text) == "" || len(b.profile.Commands) >= maxCommands {
			continue
		}
		c := &commander{folder: folder, scripts: d.Scripts, seen: map[string]bool{}}
		c.launch(text)
		files = append(files, c.files...)
		at := path.Join(folder, "package.json") + "#" + script
		b.command(at, text, ".sh")
		for _, inline := range c.inline {
			b.command(at, inline.path, cmp.Or(inline.suffix, ".sh"))
		}
	}
	return files
}

// expand gives the files that a binding.gyp runs while it is read: node-gyp runs
// a command to fill in a value, "<!(node find.js)" or "<!@(…)", up to the
// bracket that closes it, whatever is quoted
// (https://gyp.gsrc.io/docs/InputFormatReference.md#Command-Expansions).
func expand(folder string, data []byte) []launched {
	c := &commander{folder: folder, seen: map[string]bool{}}
	for range maxExpansions {
		at := bytes.Index(data, []byte("<!"))
		if at < 0 {
			break
		}
		data = bytes.TrimPrefix(data[at+2:], []byte("@"))
		if command, ok := bracketed(data); ok {
			c.launch(command)
		}
	}
	return c.files
}

// bracketed gives what stands between the bracket that data begins with and the
// one that closes it, or the end.
func bracketed(data []byte) (string, bool) {
	if !bytes.HasPrefix(data, []byte("(")) {
		return "", false
	}
	depth := 0
	for i, c := range data[:min(len(data), maxExpansion)] {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			return string(data[1:i]), true
		}
	}
	return string(data[1:min(len(data), maxExpansion)]), true
}

func (b *builder) command(at, text, suffix string) {
	if len(b.profile.Commands) < maxCommands {
		text = valid(text, maxManifest)
		profile := b.read(at+suffix, []byte(text))
		tidy(profile)
		b.profile.Commands = append(b.profile.Commands, Command{Path: at, Text: text, Code: profile})
	}
}
