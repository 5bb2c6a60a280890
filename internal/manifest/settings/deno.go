package settings

import "slices"

const denoSource = "Deno's documentation: configuration, approve-scripts; its schema of the configuration file, and release notes of 2.6 and 2.9"

// denoSetting gives the places of a setting, in either file.
func denoSetting(path string, f form) []place {
	return []place{{file: denoJSON, path: path, form: f}, {file: denoJSONC, path: path, form: f}}
}

var denoProtections = []protection{
	{
		tool: Deno, name: "allowScripts", kind: allow,
		places:  slices.Concat(denoSetting("allowScripts", entries), denoSetting("allowScripts allow", entries), denoSetting("allowScripts deny", denials)),
		follows: true, effect: runsScripts, remedy: keepScripts, source: denoSource,
	},
	{
		tool: Deno, name: "minimumDependencyAge", kind: duration, unit: "minutes", defaults: []since{{"", "0"}, {"2.9", "1440"}},
		places: slices.Concat(denoSetting("minimumDependencyAge", one), denoSetting("minimumDependencyAge age", one)),
		effect: installsNew, remedy: keepAge, source: denoSource,
	},
	{
		tool: Deno, name: "minimumDependencyAge.exclude", kind: allow,
		places: denoSetting("minimumDependencyAge exclude", entries),
		within: "minimumDependencyAge", effect: installsNew, remedy: keepAge, source: denoSource,
	},
	{
		tool: Deno, name: "registry", kind: address,
		places: []place{{file: npmRC, path: "registry"}, {file: npmRC, path: "@*:registry"}},
		effect: otherHost, remedy: keepHost, source: denoSource,
	},
	{
		tool: Deno, name: "lock.frozen", kind: ordered, order: strictTrue, defaults: []since{{"", "false"}},
		places: denoSetting("lock frozen", one),
		effect: "an install changes a lockfile that does not fit the manifests", remedy: keepLock, source: denoSource,
	},
	{
		// A path or an object keeps a lockfile as true does.
		tool: Deno, name: "lock", kind: ordered, order: strictTrue, defaults: []since{{"", "true"}},
		places:   denoSetting("lock", kept),
		lockfile: true, effect: noLock, remedy: keepLock, source: denoSource,
	},
	{
		tool: Deno, name: "lock.path", kind: allow, defaults: []since{{"", "deno.lock"}},
		places:   denoSetting("lock", paths),
		lockfile: true, effect: otherLock, remedy: keepLock, source: denoSource,
	},
}
