package signal

import (
	"fmt"

	"github.com/lockkeeper/lockkeeper/internal/code"
	"github.com/lockkeeper/lockkeeper/internal/evidence"
)

var hiddenText = Signal{
	ID:      "hidden-text",
	Family:  Content,
	Title:   "Hidden text in code",
	Meaning: "Code has characters that an editor does not show, or shows elsewhere than they stand, and no file of the earlier version had them: characters that turn the direction of text, without a width, or of private use.",
	Why: "Text that a reviewer can't see has one purpose. The worms that hid their code in variation selectors and private-use characters in 2025 passed every review by eye. " +
		"Emoji, flags and text in other scripts use such characters too: only those outside of strings, unclosed, or eight in a row count, and none of 1,089 real updates had them.",
	Remedy:  "Look at the file's bytes, not at what an editor shows. Do not merge before you know what the characters are for.",
	Points:  30,
	Weighed: true,
	Needs:   []evidence.Check{evidence.Inside},
	Check:   checkHiddenText,
}

var hiddenKinds = map[string]string{
	code.Bidirectional: "characters that turn the direction of text",
	code.ZeroWidth:     "characters without a width",
	code.PrivateUse:    "characters of private use",
}

func checkHiddenText(d *evidence.Dossier, c Context) []Finding {
	found := traits(deltaOf(d), hiddenKinds)
	if len(found) == 0 || vouched(d, c) {
		return nil
	}
	return []Finding{{
		Message: fmt.Sprintf("%s: %s.", beyond(d, enumerate(traitWords(found, hiddenKinds))), inFiles(found)),
		Facts:   spots(found),
	}}
}
