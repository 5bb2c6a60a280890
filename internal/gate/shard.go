package gate

import (
	"hash/fnv"

	"github.com/lockkeeper/lockkeeper/internal/change"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// divide gives the changes of a shard, and those of the others. All changes of
// one package fall into one shard, and which that is depends on its ecosystem
// and name alone.
func divide(all []change.Change, shard *report.Shard) (mine, others []change.Change) {
	if shard == nil {
		return all, nil
	}
	for _, c := range all {
		h := fnv.New64a()
		_, _ = h.Write([]byte(c.Ecosystem + "\x00" + c.Name)) // a hash takes everything
		if h.Sum64()%uint64(shard.Of) == uint64(shard.Index-1) {
			mine = append(mine, c)
		} else {
			others = append(others, c)
		}
	}
	return mine, others
}
