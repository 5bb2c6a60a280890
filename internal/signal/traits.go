package signal

import (
	"github.com/lockkeeper/lockkeeper/internal/artifact"
)

// traits gives the new traits of the kinds that a table has words for.
func traits(delta *artifact.Delta, kinds map[string]string) []artifact.News {
	var found []artifact.News
	for _, n := range running(delta, artifact.NewTrait) {
		if kinds[n.What] != "" {
			found = append(found, n)
		}
	}
	return found
}

// traitWords gives the words for traits, each once.
func traitWords(found []artifact.News, kinds map[string]string) []string {
	return distinct(found, func(n artifact.News) string { return kinds[n.What] })
}
