package signal

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
)

// The ends of the names of uses, as package code gives them.
const (
	replacedEnding  = " (replaced)"    // a function that another one takes the place of
	requestedEnding = " (request)"     // a call that is handed a part of a request
	copiedEnding    = " (credentials)" // a call that copies a file of credentials
)

// planting: a file that something obeys by itself is written, at install or by a
// package that is no program: those set up what they are asked to.
func planting(t vicinity) []step {
	planted := func(p step) bool {
		return unasked(p) && (p.capability == code.Persist || p.capability == code.Spread && strings.HasPrefix(p.name, "."))
	}
	writes := func(p step) bool {
		return unasked(p) && p.capability == code.WriteFile && (strings.Contains(p.name, "write") || strings.Contains(p.name, "Write") || strings.Contains(p.name, "append") || strings.Contains(p.name, "copy"))
	}
	for _, p := range t {
		if !planted(p) {
			continue
		}
		here := func(w step) bool {
			return writes(w) && w.path == p.path && max(w.offset-p.offset, p.offset-w.offset) <= chainReach
		}
		if w, ok := t.first(here); ok {
			return []step{p, w}
		}
	}
	return nil
}

// unasked reports whether nobody asks for a step: it runs at install, or in a
// package that is no program.
func unasked(p step) bool {
	return p.reach == artifact.AtInstall || !p.tool && p.reach != artifact.AsProgram
}

// copying: a file that holds credentials, or says where a package manager takes
// packages from, gets a copy that nobody asked for.
func copying(t vicinity) []step {
	return t.steps(func(p step) bool { return unasked(p) && strings.HasSuffix(p.name, copiedEnding) })
}

// shells are what a program is called that runs what it is told.
var shells = []string{"/bin/sh", "/bin/bash", "cmd.exe", "powershell", "bash -c", "sh -c"}

// shelling: a connection that carries anything, to a new address, beside a shell.
func shelling(t vicinity) []step {
	raw := func(p step) bool {
		return p.capability == code.Network && (slices.Contains([]string{"net", "tls", "ws", "websocket", "WebSocket"}, p.name) || strings.HasPrefix(p.name, "net.") || strings.HasPrefix(p.name, "tls.") || strings.HasPrefix(p.name, "ws."))
	}
	shell := func(p step) bool { return p.capability == code.Process && slices.Contains(shells, p.name) }
	return t.steps(isHost, raw, shell, isCall)
}

// machineFacts are uses that tell one machine and its user from others.
var machineFacts = []string{"os.hostname", "os.userInfo", "os.networkInterfaces", "whoami", "hostname", "printenv", "uname", "ifconfig", "socket.gethostname", "getpass.getuser", "os.getlogin", "platform.node"}

// telling: who and where the machine is goes to a new address; at install one
// fact is enough, since nothing there needs it.
func telling(t vicinity) []step {
	sends, ok := t.first(isSending)
	if !ok {
		return nil
	}
	host, ok := t.first(isHost)
	if !ok {
		return nil
	}
	var facts []step
	for _, p := range t {
		if p.capability == code.Environment && slices.Contains(machineFacts, p.name) && !slices.ContainsFunc(facts, func(f step) bool { return f.name == p.name }) {
			facts = append(facts, p)
		}
	}
	if len(facts) >= 2 || len(facts) == 1 && facts[0].reach == artifact.AtInstall && sends.reach == artifact.AtInstall {
		return append(facts[:min(len(facts), 2)], host, sends)
	}
	return nil
}

// backdoor: a request's header, query or cookie is run, as code or by a shell.
func backdoor(t vicinity) []step {
	return t.steps(func(p step) bool { return strings.HasSuffix(p.name, requestedEnding) })
}

func destroying(t vicinity) []step { return t.steps(is(code.Destroy)) }

// unpacking: a file that is no code is named, read, and run as code.
func unpacking(t vicinity) []step {
	isAsset := func(p step) bool { return p.capability == code.ReadFile && strings.HasPrefix(p.name, "file ") }
	reads := func(p step) bool {
		return p.capability == code.ReadFile && strings.Contains(p.name, "ead") && !isAsset(p)
	}
	return t.steps(isAsset, reads, isText)
}
