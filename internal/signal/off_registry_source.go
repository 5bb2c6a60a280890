package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

var offRegistrySource = Signal{
	ID:     "off-registry-source",
	Family: Tampering,
	Title:  "Code from outside the registry",
	Meaning: "A dependency arrives from a git repository, from an archive's address, or from a registry host that is neither configured, " +
		"nor public, nor used by the base. An update within the same repository or host is quiet. " +
		"So does a folder of the repository in the place of a package, which no manifest asks for.",
	Why: "Outside a registry nothing keeps a history of what was served, and a git dependency may run its prepare script at install. " +
		"0.05 % of entries in real updates come from there. That a manifest asks for one can be meant; that another package brings one hardly ever is: " +
		"so came the payload of 42 @tanstack packages in May 2026.",
	Remedy: "Read the code at that commit or address. Prefer a released version; pin a full commit where there is none, or configure the registry if it is yours.",
	Points: 40,
	Scale:  "40; 60 when another package brings it",
	Check:  checkOffRegistrySource,

	Repository: checkLocalized,
}

const broughtPoints = 60

func checkOffRegistrySource(d *evidence.Dossier, _ Context) []Finding {
	known := make(map[string]bool)
	for _, p := range d.Change.Base {
		known[sourceKey(p.Entry)] = true
	}
	var found []Finding
	for _, p := range d.Change.Head {
		key := sourceKey(p.Entry)
		if known[key] || !isOffRegistry(d, p.Entry) {
			continue
		}
		known[key] = true
		f := arrivalFromOutside(d, p.Entry)
		if f.Further = len(found) > 0; f.Further {
			f.Points = 0
		}
		if found = append(found, at(p, f)); len(found) == maxPlaces {
			break
		}
	}
	return found
}

// maxLocalized bounds the findings about folders; the rest are counted.
const maxLocalized = 10

// checkLocalized tells of packages whose place a folder of the repository takes.
// It may be meant, where a package moves into the repository; then its manifests
// change too, and a person sees both.
func checkLocalized(r *evidence.Repository, _ Context) []Finding {
	var found []Finding
	for i, l := range r.Localized {
		if i == maxLocalized {
			found = append(found, Finding{Further: true, Message: fmt.Sprintf("So do folders in the place of %s more.", count(len(r.Localized)-i, "package"))})
			break
		}
		asker := "The repository"
		if l.By != "" {
			asker = clip(l.By)
		}
		f := Finding{
			Further: i > 0,
			Message: fmt.Sprintf("%s asks for %s %s, and a folder of the repository answers, where a package did in the base.", asker, clip(l.Name), clip(l.Spec)),
			Remedy:  "Have the manifest ask for the folder, if it is meant; else write the lockfile anew.",
			Facts:   []Fact{{"package", clip(l.Name)}, {"asked", clip(l.Spec)}, {"folder", clip(l.Target)}},
			Path:    l.Lockfile, Line: l.Line,
		}
		found = append(found, f)
	}
	return found
}

func isOffRegistry(d *evidence.Dossier, e *lockfile.Entry) bool {
	switch e.Source {
	case lockfile.Git, lockfile.URL:
		return !e.Bundled
	case lockfile.Registry:
		return usesRegistry(e) && !isKnown(d, e.Resolved)
	}
	return false
}

func arrivalFromOutside(d *evidence.Dossier, e *lockfile.Entry) Finding {
	f := Finding{
		Message: fmt.Sprintf("%s comes from %s", label(d), describe(e)),
		Facts:   []Fact{{"source", describe(e)}, {"address", clip(e.Resolved)}},
	}
	switch {
	case e.Source == lockfile.Registry && isPlain(e.Resolved):
		f.Message += ", over a connection that is not encrypted"
	case e.Source == lockfile.Registry:
		f.Message += ", which is not configured, not public, and new to the repository"
	case isPlain(e.Resolved):
		f.Message += ", over a connection that is not encrypted, and not from a registry"
	default:
		f.Message += ", not from a registry"
	}
	f.Message += "."
	if e.Source == lockfile.Git {
		f.Facts = append(f.Facts, Fact{"commit", clip(lockfile.GitCommit(e.Resolved))})
	}
	if via := broughtBy(d.Change); via != nil {
		f.Points = broughtPoints
		f.Message += fmt.Sprintf(" It is brought by %s, not asked for by the repository.", via[len(via)-2])
		f.Facts = append(f.Facts, Fact{"via", clip(via.String())})
	}
	return f
}

// broughtBy gives the chain through which another package brings this one in;
// nil if a manifest of the repository asks for it, or nothing is known.
func broughtBy(c change.Change) change.Path {
	if c.Direct {
		return nil
	}
	for _, via := range c.Via {
		if len(via) > 1 {
			return via
		}
	}
	return nil
}
