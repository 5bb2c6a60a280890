package registry

// Public holds the public registry of each ecosystem: where it is asked, and
// every address that lockfiles write for it. It is this project's one table of
// public addresses; they are read and never changed.
var Public = map[string]Addresses{
	"npm": {
		URL: "https://registry.npmjs.org/",
		// Yarn's host is an alias of npm's own and serves the same bytes.
		Public: []string{"https://registry.npmjs.org/", "https://registry.yarnpkg.com/"},
	},
	"jsr": {
		URL:    "https://jsr.io/",
		Public: []string{"https://jsr.io/"},
	},
}

// PublicJSR is where npm's clients find the packages of JSR, in its scope @jsr.
const PublicJSR = "https://npm.jsr.io/"

// The public services that are no registry.
const (
	PublicOSV    = "https://api.osv.dev/"
	PublicGitHub = "https://api.github.com/"
)
