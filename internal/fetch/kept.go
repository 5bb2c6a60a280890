package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// maxKept bounds what is read of one thing that was made of answers, in bytes.
const maxKept = 64 << 20

// Kept gives what [Door.Keep] was given under a name, in this run or an earlier
// one; false if it is not there. While answers are recorded or replayed nothing
// is: what was made of them is made again, so that a bundle is whole.
func (d *Door) Kept(name string) ([]byte, bool) {
	if d.bundle != nil || d.recorder != nil {
		return nil, false
	}
	found := d.cache.find(madeKey(name))
	if found == nil {
		return nil, false
	}
	defer found.close()
	data, err := io.ReadAll(io.LimitReader(found, maxKept+1))
	if err != nil || len(data) > maxKept {
		return nil, false
	}
	d.cache.used(madeKey(name))
	return data, true
}

// Keep keeps what was made of immutable answers, beside the answers themselves
// and under the same limit. The name must say all that it was made of.
func (d *Door) Keep(name string, data []byte) {
	if d.bundle != nil || d.recorder != nil || len(data) > maxKept {
		return
	}
	draft := d.cache.draft(kept{Key: madeKey(name)})
	if draft == nil {
		return
	}
	draft.write(data)
	draft.commit()
}

func madeKey(name string) string {
	sum := sha256.Sum256([]byte("lockkeeper.made/v1\x00" + name))
	return hex.EncodeToString(sum[:])
}
