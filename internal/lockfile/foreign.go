package lockfile

import (
	"path"
	"strings"
)

// foreign are the names of lockfiles that pin what is not judged, each with who
// writes it. A change to one is said, so that nobody takes silence for a verdict.
//
// Names that other files bear as well, such as requirements.txt and Julia's
// Manifest.toml, are left out.
var foreign = map[string]string{
	".terraform.lock.hcl":         "Terraform",
	"Cargo.lock":                  "Cargo",
	"Cartfile.resolved":           "Carthage",
	"Chart.lock":                  "Helm",
	"Gemfile.lock":                "Bundler",
	"MODULE.bazel.lock":           "Bazel",
	"Package.resolved":            "Swift",
	"Pipfile.lock":                "Pipenv",
	"Podfile.lock":                "CocoaPods",
	"buildscript-gradle.lockfile": "Gradle",
	"cabal.project.freeze":        "Cabal",
	"composer.lock":               "Composer",
	"conan.lock":                  "Conan",
	"conda-lock.yml":              "conda",
	"flake.lock":                  "Nix",
	"gems.locked":                 "Bundler",
	"go.sum":                      "Go",
	"gradle.lockfile":             "Gradle",
	"mix.lock":                    "Mix",
	"packages.lock.json":          "NuGet",
	"paket.lock":                  "Paket",
	"pdm.lock":                    "PDM",
	"pixi.lock":                   "Pixi",
	"poetry.lock":                 "Poetry",
	"pubspec.lock":                "Dart",
	"pylock.toml":                 "Python",
	"rebar.lock":                  "Rebar",
	"renv.lock":                   "renv",
	"shard.lock":                  "Shards",
	"stack.yaml.lock":             "Stack",
	"uv.lock":                     "uv",
}

// Foreign says of a lockfile by its name why what it pins is not judged; nil for
// every other file.
func Foreign(file string) *Unread {
	name := path.Base(file)
	// https://packaging.python.org/en/latest/specifications/pylock-toml/#file-name
	if strings.HasPrefix(name, "pylock.") && strings.HasSuffix(name, ".toml") {
		name = "pylock.toml"
	}
	writer, ok := foreign[name]
	if !ok {
		return nil
	}
	return &Unread{
		Path:   file,
		Reason: "what " + writer + " pins is not judged",
		Hint:   "review it by other means; leave it out with lockfiles.ignore in the policy",
	}
}
