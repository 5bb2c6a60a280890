package settings

const (
	yarnSource  = "yarn's own definitions, 3.8.7 to 4.18.1 (@yarnpkg/cli-dist), and yarn 1.22.22"
	classicOnly = 2 // yarn 2 and later read neither .yarnrc nor .npmrc
)

var yarnProtections = []protection{
	{
		// Until yarn 4.14 scripts run unless they are switched off.
		tool: Yarn, name: "enableScripts", kind: allow, defaults: []since{{"", everything}, {"4.14", ""}},
		places: []place{
			{file: npmRC, path: "ignore-scripts", form: forbidden, until: classicOnly, only: true},
			{file: yarnClassicRC, path: "ignore-scripts", form: forbidden, until: classicOnly, only: true},
			{file: yarnRC, path: "enableScripts", form: switched, only: true},
			{file: packageJSON, path: "dependenciesMeta * built", form: verdicts},
		},
		follows: true, effect: runsScripts,
		remedy: "Keep enableScripts off, and allow packages one by one (dependenciesMeta, built).", source: yarnSource,
	},
	{
		tool: Yarn, name: "enableHardenedMode", kind: ordered, order: []string{"true", "on for pull requests", "false"},
		defaults: []since{{"", "false"}, {"4", "on for pull requests"}},
		places:   []place{{file: yarnRC, path: "enableHardenedMode"}},
		effect:   "yarn takes the lockfile's word for what the registry says",
		remedy:   "Keep hardened mode on in the job that sees pull requests first.", source: yarnSource,
	},
	{
		tool: Yarn, name: "checksumBehavior", kind: ordered, order: []string{"throw", "reset", "update", "ignore"}, defaults: []since{{"", "throw"}},
		places: []place{{file: yarnRC, path: "checksumBehavior"}},
		effect: "an archive whose checksum is wrong no longer fails the install",
		remedy: "Leave it at throw; update a checksum by hand once its change is understood.", source: yarnSource,
	},
	{
		tool: Yarn, name: "npmMinimalAgeGate", kind: duration, unit: "minutes", defaults: []since{{"", "0"}, {"4.15", "1d"}},
		places: []place{{file: yarnRC, path: "npmMinimalAgeGate"}, {file: yarnRC, path: "npmScopes * npmMinimalAgeGate"}},
		effect: installsNew, remedy: keepAge, source: yarnSource,
	},
	{
		tool: Yarn, name: "npmPreapprovedPackages", kind: allow,
		places: []place{{file: yarnRC, path: "npmPreapprovedPackages", form: entries}},
		within: "npmMinimalAgeGate", effect: installsNew, remedy: keepAge, source: yarnSource,
	},
	{
		tool: Yarn, name: "approvedGitRepositories", kind: allow, defaults: []since{{"", everything}, {"4.14", ""}},
		places: []place{{file: yarnRC, path: "approvedGitRepositories", form: entries, only: true}},
		effect: "code may be fetched from more git repositories",
		remedy: "Approve single repositories, not whole hosts.", source: yarnSource,
	},
	{
		tool: Yarn, name: "npmRegistryServer", kind: address,
		places: []place{
			{file: npmRC, path: "registry", until: classicOnly},
			{file: npmRC, path: "@*:registry", until: classicOnly},
			{file: yarnClassicRC, path: "registry", until: classicOnly},
			{file: yarnClassicRC, path: "@*:registry", until: classicOnly},
			{file: yarnRC, path: "npmRegistryServer"},
			{file: yarnRC, path: "npmScopes * npmRegistryServer"},
		},
		effect: otherHost, remedy: keepHost, source: yarnSource,
	},
	{
		tool: Yarn, name: "unsafeHttpWhitelist", kind: allow, defaults: []since{{"", everything}, {"2", ""}},
		places: []place{{file: yarnRC, path: "unsafeHttpWhitelist", form: entries, only: true}},
		effect: "packages may be fetched from more hosts without encryption",
		remedy: "Give the registry a certificate.", source: yarnSource,
	},
	{
		tool: Yarn, name: "enableStrictSsl", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places: []place{
			{file: npmRC, path: "strict-ssl", until: classicOnly},
			{file: yarnClassicRC, path: "strict-ssl", until: classicOnly},
			{file: yarnRC, path: "enableStrictSsl"},
		},
		effect: noChecks, remedy: keepSSL, source: yarnSource,
	},
	{
		tool: Yarn, name: "enableImmutableInstalls", kind: ordered, order: []string{"true", "on in CI", "false"},
		defaults: []since{{"", "false"}, {"3", "on in CI"}},
		places:   []place{{file: yarnRC, path: "enableImmutableInstalls"}},
		effect:   "an install changes a lockfile that does not fit the manifests", remedy: keepLock, source: yarnSource,
	},
	{
		tool: Yarn, name: "immutablePatterns", kind: demand,
		places: []place{{file: yarnRC, path: "immutablePatterns", form: entries}},
		effect: "an install may change these files", remedy: "Keep the files that an install must not change listed.", source: yarnSource,
	},
	{
		tool: Yarn, name: "--no-lockfile", kind: ordered, order: strictFalse, defaults: []since{{"", "false"}},
		places: []place{
			{file: yarnClassicRC, path: "--no-lockfile", until: classicOnly},
			{file: yarnClassicRC, path: "--install.no-lockfile", until: classicOnly},
		},
		lockfile: true, effect: noLock, remedy: keepLock, source: yarnSource,
	},
	{
		tool: Yarn, name: "lockfileFilename", kind: allow, defaults: []since{{"", "yarn.lock"}},
		places:   []place{{file: yarnRC, path: "lockfileFilename", form: paths, until: 4}},
		lockfile: true, effect: otherLock, remedy: keepLock, source: yarnSource,
	},
	{
		tool: Yarn, name: "--cwd", kind: allow, defaults: []since{{"", "."}},
		places: []place{
			{file: yarnClassicRC, path: "--cwd", form: paths, until: classicOnly},
			{file: yarnClassicRC, path: "--install.cwd", form: paths, until: classicOnly},
		},
		lockfile: true, effect: otherLock, remedy: keepLock, source: yarnSource,
	},
	{
		tool: Yarn, name: "--modules-folder", kind: allow, defaults: []since{{"", "node_modules"}},
		places: []place{
			{file: yarnClassicRC, path: "--modules-folder", form: paths, until: classicOnly},
			{file: yarnClassicRC, path: "--install.modules-folder", form: paths, until: classicOnly},
		},
		effect: takesLocal, remedy: keepOutside, source: yarnSource,
	},
	{
		tool: Yarn, name: "yarnPath", kind: allow,
		places: []place{{file: yarnClassicRC, path: "yarn-path", form: paths}, {file: yarnRC, path: "yarnPath", form: paths}},
		effect: "the file that it names runs in place of yarn itself", remedy: keepCode, source: yarnSource,
	},
	{
		tool: Yarn, name: "plugins", kind: allow,
		places: []place{{file: yarnRC, path: "plugins", form: paths}},
		effect: runsCode, remedy: keepCode, source: yarnSource,
	},
	{
		tool: Yarn, name: "enableConstraintsChecks", kind: ordered, order: strictFalse, defaults: []since{{"", "false"}},
		places: []place{{file: yarnRC, path: "enableConstraintsChecks"}},
		effect: "yarn.config.cjs runs in every install, even where scripts are off", remedy: keepCode, source: yarnSource,
	},
	{
		tool: Yarn, name: "script-shell", kind: allow,
		places: []place{
			{file: npmRC, path: "script-shell", form: command, until: classicOnly},
			{file: yarnClassicRC, path: "script-shell", form: command, until: classicOnly},
		},
		effect: runsBeside, remedy: keepCode, source: yarnSource,
	},
}
