package signal

import (
	"slices"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/code"
)

// services are whose secrets a name or a place holds, by a piece of its text in
// lower case.
var services = []struct{ piece, service string }{
	{"npm", "npm"}, {"node_auth", "npm"}, {"_authtoken", "npm"}, {"yarnrc", "npm"},
	{"github", "github"}, {"gh_token", "github"}, {"gh auth", "github"}, {"config/gh", "github"}, {"runner.worker", "github"}, {"actions_", "github"}, {"git-credentials", "git"}, {"gitconfig", "git"}, {".netrc", "git"},
	{"gitlab", "gitlab"}, {"aws", "aws"}, {"169.254.", "cloud"}, {"meta-data", "cloud"}, {"metadata.google", "cloud"},
	{"google", "google"}, {"gcloud", "google"}, {"application_default", "google"}, {"azure", "azure"}, {"vault", "vault"}, {"kube", "kube"}, {"serviceaccount", "kube"},
	{"docker", "docker"}, {"ssh", "ssh"}, {"id_rsa", "ssh"}, {"id_ed25519", "ssh"}, {"id_ecdsa", "ssh"}, {"authorized_keys", "ssh"},
	{"pypi", "pypi"}, {"twine", "pypi"}, {"slack", "slack"}, {"history", "history"}, {"keychain", "keychain"}, {"security find", "keychain"}, {"shadow", "system"},
	{"wallet", "wallet"}, {"solana", "wallet"}, {"ethereum", "wallet"}, {"local extension", "wallet"}, {"login data", "browser"}, {"chrome", "browser"}, {"brave", "browser"}, {"leveldb", "browser"}, {"--", "agent"}, {"environ", "env"}, {"cookie", ""},
	{"mnemonic", "wallet"}, {"seed_phrase", "wallet"}, {"trufflehog", "trufflehog"},
}

// serviceOf says whose secret a use reads: "env" for the whole environment,
// unknownService where the name says no more, and "" for what is no secret.
func serviceOf(capability code.Capability, name string) string {
	lower := strings.ToLower(name)
	switch {
	case capability == code.Environment && strings.HasSuffix(name, wholeEnvironment):
		return "env"
	case capability != code.Secret:
		return ""
	}
	for _, s := range services {
		if strings.Contains(lower, s.piece) {
			return s.service
		}
	}
	return unknownService
}

// personal are services whose secrets belong to a person at a machine, where
// libraries for servers have no business.
var personal = map[string]bool{
	"npm": true, "git": true, "ssh": true, "pypi": true, "history": true, "keychain": true, "system": true, "wallet": true, "browser": true, "agent": true,
}

// unknownService is that of a secret whose name says no more.
const unknownService = "?"

// wholeEnvironment ends the name of a use that writes out all variables, as
// package code names it.
const wholeEnvironment = "(all)"

// homes are the names of the domains at which a service takes its secrets, where
// they are not its own.
var homes = map[string][]string{
	"npm": {"npmjs"}, "aws": {"amazonaws", "amazon"}, "google": {"googleapis", "google"}, "azure": {"azure", "windows", "microsoftonline", "microsoft"},
	"kube": {"kubernetes"}, "vault": {"hashicorp"}, "env": {},
}

// isHome reports whether a host is the service's whose secret the step reads: by
// the name below the top-level domain, so that "github.evil.invalid" is not. A
// variable of a service that is not known has its first word.
func (p step) isHome(host string) bool {
	labels := strings.Split(host, ".")
	label := labels[max(0, len(labels)-2)]
	if p.service == unknownService {
		variable, ok := strings.CutPrefix(strings.ToLower(p.name), "process.env.")
		word, _, _ := strings.Cut(variable, "_")
		return ok && word == label
	}
	names, ok := homes[p.service]
	if !ok {
		names = []string{p.service}
	}
	return slices.Contains(names, label)
}
