package settings

const bunSource = "bun's documentation: runtime/bunfig, pm/npmrc and pm/lifecycle, of 1.3"

var bunProtections = []protection{
	{
		tool: Bun, name: "install.ignoreScripts", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: []place{{file: npmRC, path: "ignore-scripts"}, {file: bunfig, path: "install ignoreScripts"}},
		effect: "scripts of trusted packages run when they are installed", remedy: "Keep scripts off.", source: bunSource,
	},
	{
		// Without a list bun trusts the packages of its own.
		tool: Bun, name: "trustedDependencies", kind: allow,
		places: []place{{file: packageJSON, path: "trustedDependencies", form: entries}},
		idle:   "install.ignoreScripts", effect: runsScripts, remedy: keepScripts, source: bunSource,
	},
	{
		tool: Bun, name: "install.minimumReleaseAge", kind: duration, unit: "seconds", defaults: []since{{"", "0"}},
		places: []place{{file: bunfig, path: "install minimumReleaseAge"}},
		effect: installsNew, remedy: keepAge, source: bunSource,
	},
	{
		tool: Bun, name: "install.minimumReleaseAgeExcludes", kind: allow,
		places: []place{{file: bunfig, path: "install minimumReleaseAgeExcludes", form: entries}},
		within: "install.minimumReleaseAge", effect: installsNew, remedy: keepAge, source: bunSource,
	},
	{
		tool: Bun, name: "install.registry", kind: address,
		places: []place{
			{file: npmRC, path: "registry"},
			{file: npmRC, path: "@*:registry"},
			{file: bunfig, path: "install registry"},
			{file: bunfig, path: "install registry url"},
			{file: bunfig, path: "install scopes *"},
			{file: bunfig, path: "install scopes * url"},
		},
		effect: otherHost, remedy: keepHost, source: bunSource,
	},
	{
		tool: Bun, name: "install.security.scanner", kind: demand,
		places: []place{{file: bunfig, path: "install security scanner", form: entries}},
		effect: "packages are no longer scanned before they are installed", remedy: "Keep a scanner, or say in the pull request what replaces it.", source: bunSource,
	},
	{
		tool: Bun, name: "install.frozenLockfile", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: []place{{file: bunfig, path: "install frozenLockfile"}},
		effect: "an install changes a lockfile that does not fit the manifests", remedy: keepLock, source: bunSource,
	},
	{
		tool: Bun, name: "install.lockfile.save", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places:   []place{{file: bunfig, path: "install lockfile save"}},
		lockfile: true, effect: noLock, remedy: keepLock, source: bunSource,
	},
	{
		tool: Bun, name: "install.cache.dir", kind: allow,
		places: []place{{file: bunfig, path: "install cache dir", form: paths}},
		effect: takesLocal, remedy: keepOutside, source: bunSource,
	},
	{
		tool: Bun, name: "patchedDependencies", kind: allow,
		places: []place{{file: packageJSON, path: "patchedDependencies", form: paths}},
		effect: altersCode, remedy: keepPatch, source: bunSource,
	},
}
