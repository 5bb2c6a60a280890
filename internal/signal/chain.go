package signal

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
)

// chain is a deed that takes several steps, which are new together.
type chain struct {
	name string // of the evidence
	does string // a verb and its object
	// links gives the steps that make the chain of those that stand together, or
	// nil.
	links func(vicinity) []step
	// alone tells that it counts wherever it runs, though there is no earlier
	// version to compare with.
	alone bool
	// fresh tells that it is for packages that are new here, wherever it runs.
	fresh bool
	// installs tells that installers do it, too.
	installs bool
}

// chains lists the deeds.
var chains = []*chain{
	{name: "secrets-sent", does: "reads secrets and sends", links: stealing},
	{name: "secrets-sent", does: "reads secrets and sends", links: robbing, fresh: true},
	{name: "download-executed", does: "downloads and executes", links: dropping, installs: true},
	{name: "answer-evaluated", does: "runs what an address answers", links: loading},
	{name: "decrypted-evaluated", does: "decrypts text and runs it as code", links: decrypting, alone: true},
	{name: "self-published", does: "spreads itself with a token", links: spreading},
	{name: "hook-sent", does: "puts itself before a wallet's or a browser's functions", links: hooking},
	{name: "file-evaluated", does: "runs a file that is no code", links: unpacking},
	{name: "planted", does: "writes what shells, agents or editors obey", links: planting},
	{name: "credentials-copied", does: "copies a file of credentials", links: copying},
	{name: "shell-handed", does: "hands a shell to an address", links: shelling},
	{name: "machine-told", does: "tells an address about the machine", links: telling},
	{name: "request-run", does: "runs what a request holds", links: backdoor},
	{name: "destroyed", does: "removes all that is there", links: destroying, alone: true},
}

// vicinity are steps that stand together.
type vicinity []step

// first gives the first step that fits.
func (t vicinity) first(fits func(step) bool) (step, bool) {
	i := slices.IndexFunc(t, fits)
	if i < 0 {
		return step{}, false
	}
	return t[i], true
}

// steps gives the first step for each of several conditions, nil if one has
// none.
func (t vicinity) steps(conditions ...func(step) bool) []step {
	var links []step
	for _, fits := range conditions {
		p, ok := t.first(fits)
		if !ok {
			return nil
		}
		links = append(links, p)
	}
	return links
}

func is(capabilities ...code.Capability) func(step) bool {
	return func(p step) bool { return slices.Contains(capabilities, p.capability) }
}

func isHost(p step) bool { return p.host }

// stealing: secrets of two services or more and a connection; or one, or the
// whole environment, a connection and an address that is new to the package and
// not that service's own.
func stealing(t vicinity) []step {
	sends, ok := t.first(isSending)
	if !ok {
		return nil
	}
	var secrets []step
	for _, p := range t {
		if p.service != "" && !slices.ContainsFunc(secrets, func(s step) bool { return s.service == p.service }) {
			secrets = append(secrets, p)
		}
	}
	known := slices.DeleteFunc(slices.Clone(secrets), func(s step) bool { return s.service == unknownService })
	if len(known) >= 2 {
		return append(known[:min(len(known), 3)], sends)
	}
	for _, s := range secrets {
		if host, ok := t.first(func(p step) bool { return p.host && !s.isHome(p.name) }); ok {
			return []step{s, host, sends}
		}
	}
	return nil
}

// robbing: files in which two services or more keep secrets, one of them a
// person's own, and a connection. A new package may read what its own service or
// the clouds keep; whoever reads several others' was not asked to.
func robbing(t vicinity) []step {
	sends, ok := t.first(isSending)
	if !ok {
		return nil
	}
	var files []step
	for _, p := range t {
		kept := p.capability == code.Secret && !strings.HasPrefix(p.name, "process.env") && p.reach != artifact.AsProgram
		if kept && p.service != "" && p.service != unknownService && !slices.ContainsFunc(files, func(s step) bool { return s.service == p.service }) {
			files = append(files, p)
		}
	}
	if len(files) < 2 || !slices.ContainsFunc(files, func(p step) bool { return personal[p.service] }) {
		return nil
	}
	return append(files[:min(len(files), 3)], sends)
}

// isSending reports whether a step can take something away: a connection, or a
// program that makes one.
func isSending(p step) bool {
	return p.capability == code.Network || p.capability == code.Download && (strings.HasPrefix(p.name, "curl") || strings.HasPrefix(p.name, "wget"))
}

// dropping: what is fetched is written or decoded and executed; or, at install,
// fetched and made a program.
func dropping(t vicinity) []step {
	fetches := func(p step) bool { return p.capability == code.Download && !isStarting(p) }
	starts := func(p step) bool { return isStarting(p) && p.reach == artifact.AtInstall }
	if links := t.steps(fetches, starts); links != nil {
		return links
	}
	if links := t.steps(is(code.Download), is(code.WriteFile, code.Decode), is(code.Process, code.Evaluate)); links != nil {
		return links
	}
	// A file that is written is no program yet: bundles that cache what they ask
	// and start processes do all three.
	makes := func(p step) bool {
		return p.capability == code.WriteFile && (p.reach == artifact.AtInstall || strings.Contains(p.name, "chmod") || strings.Contains(p.name, "createWriteStream"))
	}
	return t.steps(isHost, is(code.Network), makes, is(code.Process))
}

// isStarting reports whether a step makes a program of a file, or hands what it
// is given to a shell.
func isStarting(p step) bool {
	return p.capability == code.Download && (strings.HasPrefix(p.name, "chmod") || strings.HasPrefix(p.name, "|"))
}

// loading: what a new address answers is run as code.
func loading(t vicinity) []step {
	return t.steps(isHost, is(code.Network), isText)
}

// decrypting: what a cipher gives back is run as code; or what is decoded, as a
// module that is made for it.
func decrypting(t vicinity) []step {
	decrypts := func(p step) bool { return p.capability == code.Decode && strings.Contains(p.name, "createDecipher") }
	if links := t.steps(decrypts, isText); links != nil {
		return links
	}
	return t.steps(is(code.Decode), func(p step) bool { return p.name == "module.constructor" })
}

// isText reports whether a step runs text as code. WebAssembly is none, and the
// debugger's module runs what it is told over a socket of its own.
func isText(p step) bool {
	return p.capability == code.Evaluate && !strings.HasPrefix(p.name, "WebAssembly") && !strings.HasPrefix(p.name, "inspector") && p.name != "repl"
}

// spreading: the package manager is used with a token.
func spreading(t vicinity) []step {
	return t.steps(is(code.Spread), func(p step) bool { return p.service == "npm" || p.service == "github" }, func(p step) bool { return isSending(p) || isCall(p) })
}

// isCall reports whether a step starts a program, rather than naming a shell in
// a text.
func isCall(p step) bool {
	return p.capability == code.Process && !strings.ContainsAny(p.name, " /") && !strings.HasSuffix(p.name, ".exe")
}

// hooking: a wallet's functions, and a browser's or a new address.
func hooking(t vicinity) []step {
	isWallet := func(p step) bool { return p.capability == code.Hook && walletHook(p.name) }
	isOther := func(p step) bool { return p.capability == code.Hook && !walletHook(p.name) && !moduleHook(p.name) }
	if links := t.steps(isWallet, isOther); links != nil {
		return links
	}
	replaces := func(p step) bool {
		return p.capability == code.Hook && strings.HasSuffix(p.name, replacedEnding) && !moduleHook(p.name)
	}
	if links := t.steps(replaces, is(code.Account)); links != nil {
		return links
	}
	return t.steps(func(p step) bool { return isWallet(p) || isOther(p) }, isHost, isSending)
}

// moduleHook covers what reloads modules: tools that watch files do.
func moduleHook(name string) bool {
	return strings.HasPrefix(name, "require.") || strings.HasPrefix(strings.ToLower(name), "module.")
}

func walletHook(name string) bool {
	for _, w := range []string{"ethereum", "solana", "phantom", "tronWeb", "BinanceChain"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}
