package lockfile

import (
	"strconv"
	"strings"
)

// pnpmVersions are the versions of the format that pnpm has written.
var pnpmVersions = map[string]bool{
	"5": true, "5.0": true, "5.1": true, "5.2": true, "5.3": true, "5.4": true,
	"6.0": true, "6.1": true, "7.0": true, "9.0": true,
}

// inlineSuffix ends the version of a file that was written with the setting
// use-inline-specifiers-lockfile-format, which version 6 made the only way.
const inlineSuffix = "-inlineSpecifiers"

// judge sets how the keys of a document are made, and notes what is doubtful
// about its version.
func (r *pnpmReader) judge(d *pnpmDocument) error {
	plain := strings.TrimSuffix(d.version, inlineSuffix)
	major, minor, isVersion := comver(plain)
	switch {
	case !isVersion:
		d.grammar = guessGrammar(d)
		if d.sections["lockfileVersion"] == 0 {
			r.doubts.add(d.line, "", true, "there is no lockfileVersion, and pnpm passes over such a file")
		} else {
			r.doubts.add(d.versionLine, "", true, "lockfileVersion is %.80q, which pnpm never writes", d.version)
		}
		d.version = "0"
		return nil
	case major < 6:
		d.grammar = slashGrammar
	case major == 6:
		d.grammar = atGrammar
	default:
		d.grammar = bareGrammar
	}
	switch {
	case major > 9 && d.sections["packages"] == 0 && d.sections["importers"] == 0:
		return &Unread{
			Path: r.path, Line: d.versionLine,
			Reason: "lockfileVersion " + d.version + " is not known, and there are neither packages nor importers",
			Hint:   hintPNPMUpdate,
		}
	case major > 9 || major == 9 && minor > 0:
		r.doubts.add(d.versionLine, "", false, "lockfileVersion %s is newer than the versions that are known", d.version)
	case !pnpmVersions[plain]:
		r.doubts.add(d.versionLine, "", false, "lockfileVersion is %s, which pnpm never writes", d.version)
	case major > 5 && d.number: // pnpm 8 takes 6.0 for another version than '6.0'
		r.doubts.add(d.versionLine, "", false, "lockfileVersion %s has no quotes, with which pnpm writes it", d.version)
	}
	return nil
}

// comver reads a version of one or two numbers.
func comver(text string) (major, minor int, ok bool) {
	first, second, dotted := strings.Cut(text, ".")
	if !dotted {
		second = "0"
	}
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor, len(text) < 9 && isDigits(first) && isDigits(second)
}

// guessGrammar goes by the keys of a document that doesn't say its version.
func guessGrammar(d *pnpmDocument) pnpmGrammar {
	for _, g := range d.grammars {
		if g != anyGrammar {
			return g
		}
	}
	return bareGrammar
}

// forms looks for parts of a document that are not of its version's form: the
// pnpm of that version doesn't read them, and others do.
func (r *pnpmReader) forms(d *pnpmDocument) {
	for i, g := range d.grammars {
		if g != d.grammar && (g != anyGrammar || d.grammar == bareGrammar) {
			r.doubts.add(d.entries[i].Line, d.entries[i].Key, true,
				"the key %.80q has not the form of lockfileVersion %s", d.entries[i].Key, d.version)
		}
	}
	bare := d.grammar == bareGrammar
	if !bare && len(d.snapshots) > 0 {
		r.doubts.add(d.sections["snapshots"], "", true, "there are snapshots, which lockfileVersion %s hasn't", d.version)
	}
	if d.own.seen != 0 && (bare || d.sections["importers"] > 0) {
		r.doubts.add(d.own.line, "", true, "dependencies stand at the top of the document, where pnpm doesn't read them")
	}
	inline := bare || d.grammar == atGrammar || strings.HasSuffix(d.version, inlineSuffix)
	if inline && d.plain > 0 {
		r.doubts.add(d.plain, "", false, "a direct dependency has no specifier beside it, unlike those of lockfileVersion %s", d.version)
	}
	if !inline && d.inline > 0 {
		r.doubts.add(d.inline, "", false, "a direct dependency has its specifier beside it, unlike those of lockfileVersion %s", d.version)
	}
}
