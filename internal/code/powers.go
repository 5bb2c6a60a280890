package code

import "strings"

// moduleRow lists modules that give a capability when they are loaded.
type moduleRow struct {
	capability Capability
	names      string
}

// moduleRows are Node's own modules and the packages that many use in their
// place. https://nodejs.org/api/
var moduleRows = []moduleRow{
	{Process, "child_process cluster execa shelljs cross-spawn tinyexec nano-spawn zx foreground-child node-pty"},
	{Network, "net dgram dns tls http https http2 axios got undici request node-fetch cross-fetch isomorphic-fetch isomorphic-unfetch ofetch ky " +
		"superagent needle phin bent follow-redirects ws websocket socket.io-client engine.io-client nodemailer ssh2 basic-ftp @octokit/rest @octokit/core telegraf discord.js"},
	{Evaluate, "vm vm2 isolated-vm repl inspector"},
	{Native, "bindings node-gyp-build prebuild-install node-pre-gyp @mapbox/node-pre-gyp ffi-napi ffi ref-napi koffi"},
	{Hook, "clipboardy copy-paste node-key-sender iohook"},
	{Secret, "keytar"},
	{Spread, "libnpmpublish npm-registry-client"},
	{Environment, "systeminformation node-machine-id"},
}

// sameModule are modules that have the functions of another.
var sameModule = map[string]string{"fs-extra": "fs", "graceful-fs": "fs", "fs/promises": "fs", "dns/promises": "dns", "mz/fs": "fs", "fs.promises": "fs", "dns.promises": "dns"}

// pathRow lists what an object's members give: paths below the object, or with
// no object whole paths.
type pathRow struct {
	object     string
	capability Capability
	names      string
}

// pathRows are members of modules and of the global object. A name that ends in
// * stands for its Sync variant too; one in () counts only where it is called.
// https://nodejs.org/api/ https://developer.mozilla.org/docs/Web/API
var pathRows = []pathRow{
	{"fs", WriteFile, "writeFile* appendFile* createWriteStream unlink* rm* rmdir* rename* copyFile* chmod* chown* symlink* link* truncate* mkdir* mkdtemp* cp* write* outputFile* outputJson* writeJson* move* copy* remove* emptyDir* ensureDir* ensureFile*"},
	{"fs", ReadFile, "readFile* createReadStream readdir* readlink* opendir* read* readJson* watch watchFile"},
	{"os", Environment, "userInfo hostname networkInterfaces"},
	{"zlib", Decode, "gunzip* inflate* inflateRaw* unzip* brotliDecompress* createGunzip createInflate createBrotliDecompress"},
	{"crypto", Decode, "createDecipheriv createDecipher privateDecrypt"},
	{"process", Environment, "env"},
	{"process", Native, "dlopen binding _linkedBinding"},
	{"process", Evaluate, "mainModule.require"},
	{"module", Hook, "_load _extensions _resolveFilename prototype.require prototype._compile"},
	{"Module", Hook, "_load _extensions _resolveFilename prototype.require prototype._compile"},
	{"module", Evaluate, "constructor constructor._load _compile"},
	{"require", Hook, "cache extensions"},
	{"", Evaluate, "eval() Function() importScripts() WebAssembly.compile WebAssembly.instantiate WebAssembly.instantiateStreaming WebAssembly.Module"},
	{"Function", "", "prototype toString call.bind apply.bind bind.apply bind.bind"}, // members of all functions
	{"Function", Evaluate, "prototype.constructor"},
	{"", Network, "fetch() XMLHttpRequest WebSocket EventSource RTCPeerConnection navigator.sendBeacon navigator.serviceWorker"},
	{"", Hook, "XMLHttpRequest.prototype navigator.clipboard navigator.credentials window.ethereum window.solana window.phantom window.tronWeb window.BinanceChain window.ethereum.request window.ethereum.providers"},
	{"", Secret, "document.cookie"},
	{"", Decode, "atob()"},
	{"Deno", Process, "run Command"},
	{"Deno", Environment, "env"},
	{"Deno", Native, "dlopen"},
	{"Deno", WriteFile, "writeFile writeTextFile remove rename"},
	{"Deno", ReadFile, "readFile readTextFile readDir"},
	{"Deno", Network, "connect listen"},
	{"Bun", Process, "spawn spawnSync $"},
	{"Bun", Environment, "env"},
	{"Bun", WriteFile, "write"},
	{"Bun", Network, "connect listen"},
	{"Bun", Native, "dlopen"},
}

// methodRows are methods so distinct in name that whatever has them is taken for
// the module's object, however it was renamed.
var methodRows = []pathRow{
	{"child_process", Process, "execSync spawnSync execFile execFileSync"},
	{"fs", WriteFile, "writeFile* appendFile* createWriteStream unlinkSync rmSync rmdirSync renameSync copyFile* chmodSync mkdirSync mkdtempSync symlinkSync"},
	{"fs", ReadFile, "readFile* readdirSync createReadStream opendirSync"},
	{"process", Native, "dlopen"},
	{"vm", Evaluate, "runInThisContext runInNewContext compileFunction"},
	{"module", Evaluate, "_compile"},
	{"zlib", Decode, "gunzipSync inflateSync inflateRawSync brotliDecompressSync unzipSync"},
	{"crypto", Decode, "createDecipheriv"},
	{"navigator", Network, "sendBeacon"},
}

// roots are the names at which a path may begin without a declaration.
const rootNames = "require process globalThis window self global module Module eval Function fetch XMLHttpRequest WebSocket EventSource RTCPeerConnection " +
	"navigator document WebAssembly Deno Bun setTimeout setInterval atob Buffer String importScripts import"

// globalObjects are names of the global object.
var globalObjects = words("globalThis window self global")

// power is what a path gives.
type power struct {
	capability Capability
	called     bool // only where it is called
}

var (
	modulePowers = buildModules()
	pathPowers   = buildPaths(pathRows, true)
	methodPowers = buildPaths(methodRows, false)
	roots        = words(rootNames)
	rootLengths  = lengths(roots)
	methodLength = lengths(methodPowers)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

func buildModules() map[string]Capability {
	table := map[string]Capability{"fs": "", "os": "", "zlib": "", "crypto": "", "module": ""}
	for _, row := range moduleRows {
		for _, n := range strings.Fields(row.names) {
			table[n] = row.capability
		}
	}
	return table
}

func buildPaths(rows []pathRow, whole bool) map[string]power {
	table := map[string]power{}
	for _, row := range rows {
		for _, n := range strings.Fields(row.names) {
			bare, sync := strings.CutSuffix(n, "*")
			bare, called := strings.CutSuffix(bare, "()")
			if whole && row.object != "" {
				bare = row.object + "." + bare
			}
			table[bare] = power{row.capability, called}
			if sync {
				table[bare+"Sync"] = power{row.capability, called}
			}
		}
	}
	return table
}

// lengths tells for each first byte which lengths the names have, so that most
// names of a file are passed over without a look into the table.
func lengths[V any](table map[string]V) *[256]uint64 {
	var sieve [256]uint64
	for n := range table {
		sieve[n[0]] |= 1 << min(len(n), 63)
	}
	return &sieve
}

func mayBe(sieve *[256]uint64, n []byte) bool {
	return len(n) > 0 && sieve[n[0]]&(1<<min(len(n), 63)) != 0
}

// moduleName gives a module's name without node: and in its usual form.
func moduleName(n string) string {
	n = strings.TrimPrefix(n, "node:")
	if same, ok := sameModule[n]; ok {
		return same
	}
	return n
}

// known gives what the longest known beginning of a path gives: a module's
// member what the module gives, if nothing nearer is known.
func known(path []string, called bool) (Capability, string) {
	if len(path) > 1 && globalObjects[path[0]] {
		if c, what := knownPath(append([]string{"window"}, path[1:]...), called); c != "" {
			return c, what
		}
		path = path[1:]
	}
	return knownPath(path, called)
}

func knownPath(path []string, called bool) (Capability, string) {
	whole := strings.Join(path, ".")
	for end := len(whole); end > 0; end = strings.LastIndexByte(whole[:end], '.') {
		p, ok := pathPowers[whole[:end]]
		if ok && (!p.called || called || end < len(whole)) {
			if p.capability == Environment && end < len(whole) {
				return envUse(whole, end)
			}
			return p.capability, whole[:end]
		}
	}
	return "", whole
}

// envUse tells what reading one environment variable is: those that only say
// how to build or to print are nothing.
func envUse(whole string, end int) (Capability, string) {
	variable, _, _ := strings.Cut(whole[end+1:], ".")
	whole = whole[:end+1+len(variable)]
	switch {
	case plainVariables[variable] || !isVariable(variable):
		return "", whole
	case isSecretVariable(variable):
		return Secret, whole
	}
	return Environment, whole
}

// isVariable reports whether a name is one of the environment: env.length and
// env.push are of something else that is called so.
func isVariable(n string) bool {
	return strings.ToUpper(n) == n || strings.HasPrefix(n, "npm_") || strings.HasSuffix(n, "_proxy")
}
