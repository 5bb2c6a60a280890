package lockfile

import (
	"fmt"
	"strings"
)

// packageEntry makes the entry of a key as pnpm reads it: up to version 6 the
// fields go before the key, and since then only the version does
// (lockfile.utils, nameVerFromPkgSnapshot).
func (r *pnpmReader) packageEntry(e *Entry, line int, key string, k *pnpmKey, f *pnpmFields) {
	*e = Entry{
		Line: line, Key: key, Name: k.name, Version: k.version,
		Dev: f.has(pnpmDev), Optional: f.has(pnpmOptional), InstallScript: No,
		Deprecated:   f.text[pnpmDeprecated],
		Dependencies: f.edges,
	}
	if name := f.text[pnpmName]; name != "" && k.grammar != bareGrammar {
		e.Name = name
	}
	if e.Name == "" {
		r.doubts.add(line, key, false, "the entry has no name")
		e.Name = key
	}
	if version := f.text[pnpmVersion]; version != "" {
		e.Version = version
	}
	if f.has(pnpmRequiresBuild) || f.has(pnpmPrepare) {
		e.InstallScript = Yes
	}
	r.locate(e, k, f)
	if fault := pnpmFault(e, k, f.text[pnpmType]); fault != "" {
		r.doubts.add(line, key, true, "the key %.80q %s", key, fault)
	}
}

// second notes what another reader makes of the entry at a place: one that
// takes the first of two members with one name, and one that believes the key.
func (r *pnpmReader) second(d *pnpmDocument, at int, k *pnpmKey, f *pnpmFields) {
	e := &d.entries[at]
	if f.others != nil {
		first := f.earliest()
		var other Entry
		if r.packageEntry(&other, e.Line, e.Key, k, &first); !sameReading(other, *e) {
			d.others = push(d.others, pnpmOther{other, at})
		}
	}
	name := f.text[pnpmName]
	isOther := name != "" && k.name != "" && name != k.name
	isOtherVersion := k.version != "" && k.version != e.Version
	if !isOther && !isOtherVersion {
		return
	}
	other := *e
	if isOther {
		if other.Name = k.name; k.grammar == bareGrammar {
			other.Name = name
		}
		r.doubts.add(e.Line, e.Key, true, "the key names %.80q, and the entry %.80q", k.name, name)
	}
	if isOtherVersion {
		other.Version = k.version
		r.doubts.add(e.Line, e.Key, true, "the key names version %.80q, and the entry %.80q", k.version, e.Version)
	}
	d.others = push(d.others, pnpmOther{other, at})
}

// pnpmFault says where the resolution of an entry leads elsewhere than its key,
// as the rest of a sentence; "" if nowhere. pnpm makes both of one address. The
// archive of another one may be elsewhere: pnpm writes where it was redirected
// to (tarball-resolver).
func pnpmFault(e *Entry, k *pnpmKey, kind string) string {
	switch {
	case k.registry && (e.Source == Git || e.Source == File || kind != "" && kind != "variations"):
		return fmt.Sprintf("names a version of a registry, and the resolution %.80q is none", e.Resolved)
	case k.registry:
		return misnamed(e)
	case k.address == "":
		return ""
	case e.Source == File && strings.HasPrefix(k.address, "file:"):
		if !samePath(k.address[len("file:"):], strings.TrimPrefix(e.Resolved, "file:")) {
			return fmt.Sprintf("names another path than the resolution: %.80q", e.Resolved)
		}
	case e.Source == Git && pinsCommit(k.address):
		if gitIdentity(k.address) != gitIdentity(e.Resolved) {
			return fmt.Sprintf("names another repository or commit than the resolution: %.80q", e.Resolved)
		}
	case pinsCommit(k.address), kind == "git", e.Source == File, strings.HasPrefix(k.address, "file:"):
		return fmt.Sprintf("names another source than the resolution: %.80q", e.Resolved)
	case e.Resolved == "" && e.Source == Registry:
		return "holds an address, and the resolution has none: pnpm asks the registry"
	}
	return ""
}

// samePath compares the path in a key with that of the resolution. The peers
// follow it before version 7, and pnpm 12 cuts it at its first parenthesis.
func samePath(key, path string) bool {
	after, ok := strings.CutPrefix(key, path)
	if ok && (after == "" || after[0] == '(' || after[0] == '_') {
		return true
	}
	return strings.HasPrefix(path, key+"(")
}

// pinsCommit reports whether the address of a key is that of a git repository.
func pinsCommit(address string) bool {
	identity := gitIdentity(address)
	return identity.commit != "" || strings.HasPrefix(address, "git+")
}

// gitSource is what a git address pins.
type gitSource struct{ repository, commit, folder string }

// gitIdentity reads a git address in the notations of pnpm's keys and
// resolutions: "git+https://…#<commit>", the archive of a forge, both with or
// without a folder behind "path:", and, before version 7,
// "host+8080/owner/name/<commit>", or an archive's address, since 5.2 behind an @.
func gitIdentity(address string) gitSource {
	if !strings.Contains(address, "://") && !strings.Contains(address, "#") {
		return oldGitIdentity(pnpmBase(address))
	}
	if _, commit := forgeArchive(address); commit == "" && !strings.Contains(address, "#") {
		return gitSource{}
	}
	_, folder, _ := strings.Cut(address, "path:")
	return gitSource{GitRepository(address), GitCommit(address), folder}
}

// oldGitIdentity is gitIdentity for the keys before version 7. The peers of 5.x
// are still at their end.
func oldGitIdentity(key string) gitSource {
	end := strings.LastIndexByte(key, '/') + 1
	commit, _, _ := strings.Cut(key[end:], "_")
	archive, isArchive := strings.CutPrefix(key[:end], "@")
	if repository, commit := forgeArchive("https://" + archive + commit); commit != "" {
		return gitSource{repository, commit, ""}
	}
	if isArchive || end == 0 || len(commit) != 40 || strings.Trim(commit, "0123456789abcdef") != "" {
		return gitSource{}
	}
	host, path, _ := strings.Cut(key[:end-1], "/")
	return gitSource{GitRepository("https://" + strings.Replace(host, "+", ":", 1) + "/" + path), commit, ""}
}

// decoded undoes how a scope is written in addresses.
var decoded = strings.NewReplacer("%2f", "/", "%2F", "/", "%40", "@")

// misnamed says where a registry's archive is named for another package, as the
// rest of a sentence. What a full address serves is judged by a signal of its
// own, too; one that is relative to the registry's is judged here only.
func misnamed(e *Entry) string {
	if e.Source != Registry || e.Resolved == "" {
		return ""
	}
	address := "/" + decoded.Replace(e.Resolved)
	isRelative := schemeOf(e.Resolved) == ""
	before, file, ok := strings.Cut(address, "/-/")
	switch {
	case ok && lastName(before) != e.Name,
		!ok && isRelative && !strings.Contains(address, "/"+e.Name+"/"+e.Version): // as of GitHub's registry
		return fmt.Sprintf("names %.80q, and the archive is another package's: %.80q", e.Name, e.Resolved)
	case ok && isRelative && !strings.Contains(file, e.Version):
		return fmt.Sprintf("names version %.80q, and the archive is another one's: %.80q", e.Version, e.Resolved)
	}
	return ""
}

// lastName gives the package name at the end of a path.
func lastName(path string) string {
	own := strings.LastIndexByte(path, '/') + 1
	if scope := strings.LastIndexByte(path[:max(0, own-1)], '/') + 1; own > 0 && path[scope] == '@' {
		return path[scope:]
	}
	return path[own:]
}
