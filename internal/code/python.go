package code

import "strings"

// pythonRows are Python's own modules and functions, and the packages that many
// use in their place. https://docs.python.org/3/library/
var pythonRows = []moduleRow{
	{Process, "subprocess os.system os.popen os.execv os.execve os.spawnl pty multiprocessing"},
	{Network, "socket urllib urllib2 urllib.request http.client requests httpx aiohttp smtplib ftplib telnetlib websocket paramiko ssl"},
	{Environment, "os.environ os.getenv os.getlogin platform.node getpass.getuser socket.gethostname"},
	{Evaluate, "exec eval compile __import__ importlib runpy"},
	{Native, "ctypes cffi"},
	{Decode, "base64 base64.b64decode binascii zlib zlib.decompress marshal codecs.decode bytes.fromhex lzma bz2"},
	{WriteFile, "shutil os.remove os.unlink os.rename os.chmod os.makedirs shutil.rmtree"},
	{Secret, "keyring browser_cookie3"},
	{Hook, "pynput keyboard pyperclip"},
}

var pythonPowers = func() map[string]Capability {
	table := map[string]Capability{}
	for _, row := range pythonRows {
		for _, n := range strings.Fields(row.names) {
			table[n] = row.capability
		}
	}
	return table
}()

func (c *collector) readPython(_ language, src []byte) {
	s := shapeOf(src)
	c.profile.Lines, c.profile.Longest = s.lines, s.longest
	sketch := newSketch()
	c.python(src, sketch)
	c.profile.Shingles = sketch.shingles()
	c.reached()
}

// python reads the names and strings of a Python text.
func (c *collector) python(src []byte, sketch *sketch) {
	p := newPlain(src, ".", true)
	var recent [contextBefore + contextBehind]uint64
	for {
		piece := p.next()
		if piece.sign == 0 {
			return
		}
		if piece.sign != 'w' && piece.sign != 's' {
			continue
		}
		word := src[piece.start:piece.end]
		copy(recent[:], recent[1:])
		recent[len(recent)-1] = digest(word)
		if sketch != nil {
			sketch.add(word)
		}
		context := func() uint64 { return max(mix(recent[:]), 1) }
		if piece.sign == 's' {
			value := word
			if strings.IndexByte(string(clipBytes(word, maxValue)), '\\') >= 0 {
				value = unescape(clipBytes(word, maxValue))
			}
			c.text(literal{value: value, offset: piece.start}, context)
			if entropic(value) {
				c.trait(Entropy, len(word), piece.start)
			}
			continue
		}
		called := piece.end < len(src) && src[piece.end] == '('
		c.pythonName(string(clipBytes(word, maxNamed)), called, piece.start, context)
	}
}

// pythonName looks at a name with its members: what the longest known beginning
// gives. A bare eval is only one where it is called.
func (c *collector) pythonName(n string, called bool, at int, context func() uint64) {
	for end := len(n); end > 0; end = strings.LastIndexByte(n[:end], '.') {
		capability, ok := pythonPowers[n[:end]]
		if !ok {
			continue
		}
		if capability == Evaluate && !called && !strings.HasPrefix(n, "importlib") && n != "runpy" {
			return
		}
		c.use(capability, n, at, context)
		return
	}
}
