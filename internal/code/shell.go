package code

import (
	"path"
	"strings"
)

// programRows are programs by what a command that runs them does.
var programRows = []moduleRow{
	{Network, "curl wget nc ncat netcat telnet ssh scp sftp ftp rsync socat nslookup dig invoke-webrequest iwr invoke-restmethod"},
	{Process, "nohup setsid xargs parallel powershell pwsh cmd osascript rundll32 regsvr32 mshta wscript cscript schtasks crontab at systemctl launchctl sudo start-process"},
	{Evaluate, "eval iex invoke-expression"},
	{WriteFile, "tee dd chmod chown ln mv cp rm mkdir touch install truncate shred del"},
	{Decode, "base64 xxd openssl gunzip uudecode"},
	{Environment, "printenv whoami hostname uname ifconfig"},
	{Download, "bunx npx pnpx"},
	{Native, "gcc g++ cc clang make cmake node-gyp ldconfig insmod"},
}

var programs = func() map[string]Capability {
	table := map[string]Capability{}
	for _, row := range programRows {
		for _, n := range strings.Fields(row.names) {
			table[n] = row.capability
		}
	}
	return table
}()

// shellWords are what stands before a command and is none.
var shellWords = words("if then else elif do while until time exec command builtin call start sudo env nohup ! @echo")

// readShell reads a shell script. A batch file and a PowerShell script are read
// by the same words.
func (c *collector) readShell(_ language, src []byte) {
	s := shapeOf(src)
	c.profile.Lines, c.profile.Longest = s.lines, s.longest
	sketch := newSketch()
	c.commands(src, sketch)
	c.profile.Shingles = sketch.shingles()
	c.reached()
}

// commands reads the commands of a text.
func (c *collector) commands(src []byte, sketch *sketch) {
	p := newPlain(src, "-./:@$=%+~,*?[]^", false)
	ready := true // a command may begin
	var recent [contextBefore + contextBehind]uint64
	for {
		piece := p.next()
		if piece.sign == 0 {
			return
		}
		word := src[piece.start:piece.end]
		if piece.sign == 'w' || piece.sign == 's' {
			copy(recent[:], recent[1:])
			recent[len(recent)-1] = digest(word)
			if sketch != nil {
				sketch.add(word)
			}
		}
		context := func() uint64 { return max(mix(recent[:]), 1) }
		switch piece.sign {
		case 'w':
			ready = c.word(string(clipBytes(word, maxNamed)), piece, ready || piece.begins, context)
		case 's':
			c.variables(word, piece.start, context)
			ready = false
		case ';', '|', '&', '(', '`', '{':
			ready = true
			continue
		default:
			continue
		}
		hostsIn(clipBytes(word, maxValue), true, false, func(host string, start, end int) {
			c.mention(host, address(word, start, end), piece.start+start)
		})
		// The line up to the next separator is what a needle lies in.
		c.needles(src, piece, context)
	}
}

// word looks at a word; it reports whether a command may come after it.
func (c *collector) word(word string, at piece, ready bool, context func() uint64) bool {
	c.variables([]byte(word), at.start, context)
	if !ready {
		return false
	}
	if i := strings.IndexByte(word, '='); i > 0 {
		return true // VAR=value command
	}
	program := strings.ToLower(strings.TrimSuffix(path.Base(word), ".exe"))
	if capability, ok := programs[program]; ok {
		c.use(capability, program, at.start, context)
	}
	return shellWords[program]
}

// variables looks for $NAME of secrets.
func (c *collector) variables(word []byte, at int, context func() uint64) {
	for i := 0; i < len(word); i++ {
		if word[i] != '$' && word[i] != '%' {
			continue
		}
		start := i + 1
		if start < len(word) && word[start] == '{' {
			start++
		}
		end := start
		for end < len(word) && end-start < 64 && isWordByte(word[end]) {
			end++
		}
		n := string(word[start:end])
		if isSecretVariable(n) {
			c.use(Secret, "$"+n, at+i, context)
		}
		i = max(i, end-1)
	}
}

// needles searches a piece and the blanks and the word before it, so that a
// needle of two words is seen once.
func (c *collector) needles(src []byte, at piece, context func() uint64) {
	begin := max(at.start-maxNeedle, 0)
	window := src[begin:min(at.end, at.start+maxValue)]
	searcher().search(window, func(n needle, end int) {
		start := end - len(n.word)
		if begin+end > at.start && standsAlone(window, n.word, start, end) {
			c.use(n.capability, n.word, begin+start, context)
		}
	})
}

// maxNeedle is the length of the longest needle.
var maxNeedle = func() (most int) {
	for _, n := range listNeedles() {
		most = max(most, len(n.word))
	}
	return most
}()
