package settings

const (
	pnpmSource    = "pnpm's config reader, 9.15.9, 10.34.9 and 11.28.11; the changelog of 12.21.0; its documentation, settings.md"
	keepTrust     = "Find out why the package's newer release is trusted less; exclude one version at a time."
	noTrust       = "releases may be installed whose publication is less trusted than that of earlier ones"
	pnpmNoMoreRCs = 11 // pnpm 11 reads addresses, credentials and the network's settings from .npmrc, and nothing from package.json
)

// pnpmSetting gives the places of a setting: pnpm-workspace.yaml, and before
// pnpm 11 the .npmrc, which counts less.
func pnpmSetting(kebab, camel string, f form) []place {
	return []place{
		{file: npmRC, path: kebab, form: f, until: pnpmNoMoreRCs},
		{file: pnpmWorkspace, path: camel, form: f},
	}
}

var pnpmProtections = []protection{
	{
		tool: PNPM, name: "ignoreScripts", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: pnpmSetting("ignore-scripts", "ignoreScripts", one),
		effect: "scripts run when packages are installed",
		remedy: "Keep scripts off, and allow those that are needed one by one (allowBuilds).", source: pnpmSource,
	},
	{
		// Before pnpm 10 every script runs unless there is a list.
		tool: PNPM, name: "allowBuilds", kind: allow, defaults: []since{{"", everything}, {"10", ""}},
		places: []place{
			{file: npmRC, path: "dangerously-allow-all-builds", form: switched, until: pnpmNoMoreRCs},
			{file: packageJSON, path: "pnpm neverBuiltDependencies", form: denials, until: pnpmNoMoreRCs, opens: true},
			{file: packageJSON, path: "pnpm ignoredBuiltDependencies", form: denials, until: pnpmNoMoreRCs},
			{file: packageJSON, path: "pnpm onlyBuiltDependencies", form: entries, until: pnpmNoMoreRCs, only: true},
			{file: packageJSON, path: "pnpm onlyBuiltDependenciesFile", form: entries, until: pnpmNoMoreRCs, only: true},
			{file: packageJSON, path: "pnpm allowBuilds", form: verdicts, until: pnpmNoMoreRCs, only: true},
			{file: pnpmWorkspace, path: "neverBuiltDependencies", form: denials, until: pnpmNoMoreRCs, opens: true},
			{file: pnpmWorkspace, path: "ignoredBuiltDependencies", form: denials, until: pnpmNoMoreRCs},
			{file: pnpmWorkspace, path: "onlyBuiltDependencies", form: entries, until: pnpmNoMoreRCs, only: true},
			{file: pnpmWorkspace, path: "onlyBuiltDependenciesFile", form: entries, until: pnpmNoMoreRCs, only: true},
			{file: pnpmWorkspace, path: "allowBuilds", form: verdicts, only: true},
			{file: pnpmWorkspace, path: "permissions * build", form: verdicts, only: true},
			{file: pnpmWorkspace, path: "dangerouslyAllowAllBuilds", form: switched},
		},
		idle: "ignoreScripts", follows: true, effect: runsScripts, remedy: keepScripts, source: pnpmSource,
	},
	{
		tool: PNPM, name: "strictDepBuilds", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}, {"11", "true"}},
		places: pnpmSetting("strict-dep-builds", "strictDepBuilds", one),
		effect: "a package with a script that nobody allowed or denied no longer fails the install",
		remedy: "Decide on each script instead (pnpm approve-builds).", source: pnpmSource,
	},
	{
		tool: PNPM, name: "minimumReleaseAge", kind: duration, unit: "minutes", defaults: []since{{"", "0"}, {"11", "1440"}},
		places: pnpmSetting("minimum-release-age", "minimumReleaseAge", one),
		effect: installsNew, remedy: keepAge, source: pnpmSource,
	},
	{
		tool: PNPM, name: "minimumReleaseAgeExclude", kind: allow,
		places: pnpmSetting("minimum-release-age-exclude", "minimumReleaseAgeExclude", entries),
		within: "minimumReleaseAge", effect: installsNew, remedy: keepAge, source: pnpmSource,
	},
	{
		tool: PNPM, name: "minimumReleaseAgeStrict", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: pnpmSetting("minimum-release-age-strict", "minimumReleaseAgeStrict", one),
		within: "minimumReleaseAge", effect: "a release that is too new no longer fails the install", remedy: keepAge, source: pnpmSource,
	},
	{
		tool: PNPM, name: "minimumReleaseAgeIgnoreMissingTime", kind: ordered, order: strictFalse, defaults: []since{{"", "true"}},
		places: pnpmSetting("minimum-release-age-ignore-missing-time", "minimumReleaseAgeIgnoreMissingTime", one),
		within: "minimumReleaseAge", effect: "releases of unknown age are installed", remedy: keepAge, source: pnpmSource,
	},
	{
		tool: PNPM, name: "trustPolicy", kind: ordered, order: []string{"no-downgrade", "off"}, defaults: []since{{"", "off"}},
		places: pnpmSetting("trust-policy", "trustPolicy", one),
		effect: noTrust, remedy: keepTrust, source: pnpmSource,
	},
	{
		tool: PNPM, name: "trustPolicyExclude", kind: allow,
		places: pnpmSetting("trust-policy-exclude", "trustPolicyExclude", entries),
		within: "trustPolicy", effect: noTrust, remedy: keepTrust, source: pnpmSource,
	},
	{
		tool: PNPM, name: "trustPolicyIgnoreAfter", kind: duration, unit: "minutes", zeroNever: true, defaults: []since{{"", "0"}},
		places: pnpmSetting("trust-policy-ignore-after", "trustPolicyIgnoreAfter", one),
		within: "trustPolicy", effect: noTrust, remedy: keepTrust, source: pnpmSource,
	},
	{
		tool: PNPM, name: "trustLockfile", kind: ordered, order: strictFalse, defaults: []since{{"", "false"}},
		places: []place{{file: pnpmWorkspace, path: "trustLockfile"}},
		effect: "a lockfile's entries are installed without a look at their age and trust",
		remedy: "Let pnpm verify the lockfile.", source: pnpmSource,
	},
	{
		tool: PNPM, name: "blockExoticSubdeps", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}, {"11", "true"}},
		places: pnpmSetting("block-exotic-subdeps", "blockExoticSubdeps", one),
		effect: "dependencies of dependencies may come from git and from any address",
		remedy: "Ask the package's authors for a release that needs none, or override the dependency.", source: pnpmSource,
	},
	{
		tool: PNPM, name: "verifyStoreIntegrity", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places: pnpmSetting("verify-store-integrity", "verifyStoreIntegrity", one),
		effect: "files of the store are linked without a look at their hashes",
		remedy: "Keep the check on.", source: pnpmSource,
	},
	{
		tool: PNPM, name: "configDependencies", kind: allow, follows: true,
		places: []place{
			{file: packageJSON, path: "pnpm configDependencies", form: names, until: pnpmNoMoreRCs},
			{file: pnpmWorkspace, path: "configDependencies", form: names},
		},
		effect: "a package may change pnpm's settings and run its hooks in every install",
		remedy: "See that the package is yours, and that its version is pinned with a hash.", source: pnpmSource,
	},
	{
		tool: PNPM, name: "registries", kind: address,
		places: []place{
			{file: npmRC, path: "registry"},
			{file: npmRC, path: "@*:registry"},
			{file: pnpmWorkspace, path: "registry"},
			{file: pnpmWorkspace, path: "registries *"},
			{file: pnpmWorkspace, path: "registries * scopes", form: routes},
		},
		effect: otherHost, remedy: keepHost, source: pnpmSource,
	},
	{
		tool: PNPM, name: "strictSsl", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places: []place{{file: npmRC, path: "strict-ssl"}, {file: pnpmWorkspace, path: "strictSsl"}},
		effect: noChecks, remedy: keepSSL, source: pnpmSource,
	},
	{
		tool: PNPM, name: "frozenLockfile", kind: ordered, order: []string{"true", "on in CI", "false"}, defaults: []since{{"", "on in CI"}},
		places: pnpmSetting("frozen-lockfile", "frozenLockfile", one),
		effect: "an install changes a lockfile that does not fit the manifests", remedy: keepLock, source: pnpmSource,
	},
	{
		tool: PNPM, name: "lockfile", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places: append([]place{{file: npmRC, path: "package-lock", until: pnpmNoMoreRCs}},
			pnpmSetting("lockfile", "lockfile", one)...),
		lockfile: true, effect: noLock, remedy: keepLock, source: pnpmSource,
	},
	{
		// The store itself is no such place: pnpm compares its files with their hashes.
		tool: PNPM, name: "virtualStoreDir", kind: allow, defaults: []since{{"", "node_modules/.pnpm"}},
		places: pnpmSetting("virtual-store-dir", "virtualStoreDir", paths),
		effect: takesLocal, remedy: keepOutside, source: pnpmSource,
	},
	{
		tool: PNPM, name: "modulesDir", kind: allow, defaults: []since{{"", "node_modules"}},
		places: pnpmSetting("modules-dir", "modulesDir", paths),
		effect: takesLocal, remedy: keepOutside, source: pnpmSource,
	},
	{
		tool: PNPM, name: "lockfileDir", kind: allow, defaults: []since{{"", "."}},
		places:   pnpmSetting("lockfile-dir", "lockfileDir", paths),
		lockfile: true, effect: otherLock, remedy: keepLock, source: pnpmSource,
	},
	{
		tool: PNPM, name: "pnpmfile", kind: allow, defaults: []since{{"", ".pnpmfile.cjs"}},
		places: append(pnpmSetting("pnpmfile", "pnpmfile", paths), pnpmSetting("global-pnpmfile", "globalPnpmfile", paths)...),
		effect: runsCode, remedy: keepCode, source: pnpmSource,
	},
	{
		tool: PNPM, name: "patchedDependencies", kind: allow,
		places: []place{
			{file: packageJSON, path: "pnpm patchedDependencies", form: paths, until: pnpmNoMoreRCs},
			{file: pnpmWorkspace, path: "patchedDependencies", form: paths},
		},
		effect: altersCode, remedy: keepPatch, source: pnpmSource,
	},
	{
		tool: PNPM, name: "scriptShell", kind: allow,
		places: pnpmSetting("script-shell", "scriptShell", command),
		effect: runsBeside, remedy: keepCode, source: pnpmSource,
	},
}
