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
	PublicTUF    = "https://tuf-repo-cdn.sigstore.dev/" // Sigstore's root of trust
)

// Sites are the pages on which a person reads about the packages of an
// ecosystem's public registry. Nothing here is ever asked by the program.
var Sites = map[string]Site{
	"npm": {
		Package: "https://www.npmjs.com/package/", Version: "/v/", History: "?activeTab=versions",
		// Renovate has linked it from its pull requests since 2019 (18.7.1).
		Diff: "https://renovatebot.com/diffs/npm/",
	},
	// A person gets pages where a program gets documents.
	"jsr": {Package: "https://jsr.io/", Version: "@", History: "/versions"},
}

// Site is where a registry, or somebody for it, shows its packages to people.
type Site struct {
	Package string // before the name
	Version string // between the name and a version
	History string // after the name, for the list of its versions
	Diff    string // before name/from/to; "" if nobody shows what differs
}

// Forges are the public hosts of repositories whose pages are linked, by host.
var Forges = map[string]Forge{
	"github.com":   {Commit: "/commit/", Compare: "/compare/", Shorthand: "github:"},
	"gitlab.com":   {Commit: "/-/commit/", Compare: "/-/compare/", Shorthand: "gitlab:", Groups: true},
	"codeberg.org": {Commit: "/commit/", Compare: "/compare/"},
}

// Forge says how the pages of a forge's projects are addressed.
type Forge struct {
	Commit  string // between the project and a commit
	Compare string // between the project and "from...to"
	// Shorthand is what npm's manifests write for the host; "" for nothing.
	Shorthand string
	Groups    bool // projects lie in groups of groups, and pages behind a "-"
}
