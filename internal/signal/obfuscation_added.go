package signal

import (
	"fmt"
	"slices"

	"github.com/lockkeeper/lockkeeper/internal/artifact"
	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var obfuscationAdded = Signal{
	ID:     "obfuscation-added",
	Family: Content,
	Title:  "Obfuscation added",
	Meaning: "Code is newly obfuscated: hexadecimal names, tables of encoded strings, or such that are turned, decoders, encoded names of hosts, modules or commands, decoded text that runs, code behind a wide blank, " +
		"or a packed line in a file that was readable. Of a package that is new here only the first and decoded text that runs count.",
	Why: "Most payloads of the npm takeovers since 2024 were obfuscated, beside a package's readable or merely minified code; none of 1,089 real updates added any. " +
		"A release that is minified as a whole has none of these marks.",
	Remedy:  "Read the place in the archive. Code that nobody may read is no reason to trust it: stay on the version before until the project explains.",
	Points:  30,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkObfuscationAdded,
}

// obfuscations are the traits that count, and those of them that count where
// there is nothing to compare with. Random-looking strings and computed names
// are in every other bundle: tables of grammars, pictures, polyfills.
var (
	obfuscations = map[string]string{
		code.HexNames:    "hexadecimal names",
		code.StringTable: "tables of encoded strings",
		code.Rotation:    "tables that are turned",
		code.Decoder:     "decoders of text",
		code.EncodedText: "encoded names of hosts, modules or commands",
		code.DecodedEval: "decoded text that runs",
		code.Packed:      "packed code amid readable lines",
		code.FarRight:    "code behind a wide blank",
	}
	obfuscationsAtFirst = map[string]string{
		code.HexNames:    obfuscations[code.HexNames],
		code.DecodedEval: obfuscations[code.DecodedEval],
	}
)

func checkObfuscationAdded(d *evidence.Dossier, context Context) []Finding {
	delta := deltaOf(d)
	kinds := obfuscations
	if delta.First {
		kinds = obfuscationsAtFirst
	}
	edited := map[string]bool{}
	for _, c := range delta.Changes {
		edited[c.Path] = c.Kind == artifact.Changed
	}
	// A new file with a packed line was minified below a long banner.
	found := slices.DeleteFunc(traits(delta, kinds), func(n artifact.News) bool { return n.What == code.Packed && !edited[n.Path] })
	if len(found) == 0 || vouched(d, context) {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s: %s.", beyond(d, enumerate(traitWords(found, kinds))), inFiles(found)),
		Facts:   append(spots(found), Fact{"traits", list(distinct(found, what), len(found))}),
	}}
}
