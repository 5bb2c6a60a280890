package signal

import (
	"testing"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

// installing makes a profile that runs commands at install, by path and text.
func installing(commands ...string) *artifact.Profile {
	p := &artifact.Profile{}
	for i := 0; i+1 < len(commands); i += 2 {
		p.Commands = append(p.Commands, artifact.Command{Path: commands[i], Text: commands[i+1], Code: code.Read("x.sh", []byte(commands[i+1]))})
	}
	return p
}

// swapping puts two archives into a dossier.
func swapping(old, latest *artifact.Profile) func(*evidence.Dossier) {
	return func(d *evidence.Dossier) {
		d.Content = &evidence.Content{Profile: latest, Delta: artifact.Diff(old, latest)}
	}
}

// What an install runs is in the archive, whatever the registry lists.
func TestInstallScriptsOfTheArchive(t *testing.T) {
	const post = "package.json#postinstall"
	gyp := &artifact.Profile{Files: []artifact.File{{Path: "binding.gyp", Reach: artifact.AtInstall, Hash: "1"}}}
	runCases(t, "install-script-gained", []testCase{
		{name: "a script that the registry does not list", edit: swapping(installing(), installing(post, "node x")),
			want: []string{"55: The archive of left-pad 1.3.1 runs code at install, and that of 1.3.0 did not, though the registry lists nothing: package.json#postinstall: node x."}},
		{name: "a binding.gyp that the registry does not list", edit: swapping(installing(), gyp),
			want: []string{"55: The archive of left-pad 1.3.1 runs code at install, and that of 1.3.0 did not, though the registry lists nothing: binding.gyp: built at install."}},
		{name: "of a package that it brings along", edit: swapping(installing(), installing("node_modules/x/package.json#install", "node y")),
			want: []string{"55: The archive of left-pad 1.3.1 runs code at install, and that of 1.3.0 did not, though the registry lists nothing: node_modules/x/package.json#install: node y."}},
		{name: "another script", edit: swapping(installing(post, "node x"), installing(post, "node y"))},
		{name: "after a binding.gyp", edit: swapping(gyp, installing(post, "node y"))},
		{name: "the registry says that the version before ran code", edit: func(d *evidence.Dossier) {
			scripts(d.Baseline, "postinstall", "node x")
			swapping(installing(), installing(post, "node x"))(d)
		}},
		{name: "a new package", start: addition, edit: swapping(nil, installing(post, "node x"))},
	})

	file := func(path, hash string, reach artifact.Reach) *artifact.Profile {
		return &artifact.Profile{Files: []artifact.File{{Path: path, Hash: hash, Reach: reach}}}
	}
	const changed = "10: left-pad 1.3.1 runs at install what 1.3.0 did not: setup.js."
	runCases(t, "install-script-changed", []testCase{
		{name: "a file that an install runs", edit: swapping(file("setup.js", "1", artifact.AtInstall), file("setup.js", "2", artifact.AtInstall)), want: []string{changed}},
		{name: "a file that an install runs now", edit: swapping(file("old.js", "1", artifact.AtImport), file("setup.js", "2", artifact.AtInstall)), want: []string{changed}},
		{name: "a file that an import runs", edit: swapping(file("setup.js", "1", artifact.AtImport), file("setup.js", "2", artifact.AtImport))},
		{name: "the manifest, which every release changes", edit: swapping(file("package.json", "1", artifact.AtInstall), file("package.json", "2", artifact.AtInstall))},
		{name: "the same file elsewhere", edit: swapping(file("old.js", "1", artifact.AtInstall), file("setup.js", "1", artifact.AtInstall))},
		{name: "a new package", start: addition, edit: swapping(nil, file("setup.js", "2", artifact.AtInstall))},
	})
}
