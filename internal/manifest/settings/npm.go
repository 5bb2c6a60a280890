package settings

// The effects that the package managers' protections share.
const (
	runsScripts = "more packages may run code of their own when they are installed"
	installsNew = "new releases are installed sooner after they were published"
	otherHost   = "packages come from another host"
	noChecks    = "nobody checks that the registry is the one that it says"
	noLock      = "nothing pins what is installed"
	otherLock   = "a file pins what is installed that nobody compares with this one"
	runsCode    = "code that it names runs in every install, even where scripts are off"
	runsBeside  = "what it names runs with every script of an install"
	altersCode  = "code of a package is replaced after its hash was checked"
	takesLocal  = "packages may be taken from there as they are, without a look at their hashes"

	keepScripts = "Allow only packages whose install scripts somebody has read, and name their versions."
	keepAge     = "Keep the waiting time; exempt one version at a time, and remove the entry when it has aged."
	keepHost    = "See that the host is yours and that every package is meant to come from there."
	keepSSL     = "Give the registry a certificate that can be checked."
	keepLock    = "Keep the lockfile, and have every install obey it."
	keepCode    = "Read that code, or compare it with the release that it says it is."
	keepPatch   = "Read the patch: nothing else looks at what it puts into the package."
	keepOutside = "Keep what package managers unpack out of the repository."
)

const npmSource = "npm's @npmcli/config/lib/definitions, 10.9.9, 11.21.2 and 12.2.0; lib/utils/resolve-allow-scripts.js"

var npmProtections = []protection{
	{
		tool: NPM, name: "ignore-scripts", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: []place{{file: npmRC, path: "ignore-scripts"}},
		effect: "scripts of all packages run when they are installed",
		remedy: "Keep scripts off, and allow those that are needed one by one (allowScripts).", source: npmSource,
	},
	{
		// Before npm 12 every script runs that isn't denied.
		tool: NPM, name: "allowScripts", kind: allow, defaults: []since{{"", everything}, {"12", ""}},
		places: []place{
			{file: npmRC, path: "dangerously-allow-all-scripts", form: switched},
			{file: npmRC, path: "allow-scripts", form: entries},
			{file: packageJSON, path: "allowScripts", form: verdicts},
		},
		idle: "ignore-scripts", follows: true, effect: runsScripts, remedy: keepScripts, source: npmSource,
	},
	{
		tool: NPM, name: "strict-allow-scripts", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: []place{{file: npmRC, path: "strict-allow-scripts"}},
		effect: "a package with a script that nobody allowed or denied no longer fails the install",
		remedy: "Decide on each script instead (npm approve-scripts, npm deny-scripts).", source: npmSource,
	},
	{
		tool: NPM, name: "allow-git", kind: ordered, order: []string{"none", "root", "all"}, defaults: []since{{"", "all"}, {"12", "none"}},
		places: []place{{file: npmRC, path: "allow-git"}},
		effect: "more dependencies may come from git, which runs what their repository configures",
		remedy: "Take the package from a registry.", source: npmSource,
	},
	{
		tool: NPM, name: "allow-remote", kind: ordered, order: []string{"none", "root", "all"}, defaults: []since{{"", "all"}, {"12", "none"}},
		places: []place{{file: npmRC, path: "allow-remote"}},
		effect: "more dependencies may come from addresses that are no registry's",
		remedy: "Take the package from a registry.", source: npmSource,
	},
	{
		tool: NPM, name: "min-release-age", kind: duration, unit: "days", defaults: []since{{"", "0"}},
		places: []place{{file: npmRC, path: "min-release-age"}},
		effect: installsNew, remedy: keepAge, source: npmSource,
	},
	{
		tool: NPM, name: "min-release-age-exclude", kind: allow,
		places: []place{{file: npmRC, path: "min-release-age-exclude", form: entries}},
		within: "min-release-age", effect: installsNew, remedy: keepAge, source: npmSource,
	},
	{
		tool: NPM, name: "registry", kind: address,
		places: []place{{file: npmRC, path: "registry"}, {file: npmRC, path: "@*:registry"}},
		effect: otherHost, remedy: keepHost, source: npmSource,
	},
	{
		tool: NPM, name: "strict-ssl", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places: []place{{file: npmRC, path: "strict-ssl"}},
		effect: noChecks, remedy: keepSSL, source: npmSource,
	},
	{
		tool: NPM, name: "package-lock", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places:   []place{{file: npmRC, path: "package-lock"}},
		lockfile: true, effect: noLock, remedy: keepLock, source: npmSource,
	},
	{
		tool: NPM, name: "globalconfig", kind: allow,
		places: []place{{file: npmRC, path: "globalconfig", form: paths}, {file: npmRC, path: "userconfig", form: paths}},
		effect: "the file that it names may set anything, the registry too, and nobody compares that",
		remedy: "Put the settings into .npmrc itself.", source: npmSource,
	},
	{
		tool: NPM, name: "script-shell", kind: allow,
		places: []place{{file: npmRC, path: "script-shell", form: command}, {file: npmRC, path: "node-options", form: command}},
		effect: runsBeside, remedy: keepCode, source: npmSource,
	},
}
