package advisory

import (
	"context"
	"fmt"
	"slices"
)

// maxRecords bounds what is kept of a local database. OSV's whole has half a
// million records, most of them of ecosystems that are passed over.
const maxRecords = 1_000_000

// local is a database in memory, of which only what a match needs is kept.
type local struct {
	path   string
	total  int // records of known ecosystems
	count  int // those that are not withdrawn
	byName map[subject][]*record
	byHash map[string][]*record
	knows  map[string]bool // ecosystems
}

type subject struct{ ecosystem, name string }

// Open loads a local OSV database, once and whole. path is a folder of JSON
// files or a zip archive of them, one record in each, as OSV publishes them; a
// file of JSON Lines, one record a line, plain or compressed with zstd; or a
// single record's JSON file. A record that can't be read is an error that names
// it: a database with a hole would pass for one that knows of nothing there.
func Open(ctx context.Context, path string) (Database, error) {
	db := &local{
		path:   path,
		byName: make(map[subject][]*record),
		byHash: make(map[string][]*record),
		knows:  make(map[string]bool),
	}
	if err := readRecords(ctx, path, db.add); err != nil {
		return nil, fmt.Errorf("advisories: %s: %w", path, err)
	}
	if db.count == 0 {
		return nil, fmt.Errorf("advisories: %s: holds no record of a known ecosystem", path)
	}
	return db, nil
}

func (db *local) add(text []byte) error {
	r, err := parse(text)
	if r == nil || err != nil {
		return err
	}
	if !r.withdrawn {
		db.count++
	}
	if db.total++; db.total > maxRecords {
		return fmt.Errorf("has more than %d records", maxRecords)
	}
	for _, a := range r.affected {
		db.knows[a.ecosystem] = db.knows[a.ecosystem] || !r.withdrawn
		push(db.byName, subject{a.ecosystem, a.name}, r)
		for _, hash := range a.hashes {
			push(db.byHash, hash, r)
		}
	}
	return nil
}

// push lists a record once under a key, also where it names the key again.
func push[K comparable](index map[K][]*record, key K, r *record) {
	list := index[key]
	if len(list) == 0 || list[len(list)-1] != r {
		index[key] = append(list, r)
	}
}

// Find implements [Database]. Besides the records on a package it finds those
// that list a query's hash under whatever name: copies and renamed packages.
func (db *local) Find(ctx context.Context, queries []Query) ([][]Advisory, error) {
	all := make([][]Advisory, len(queries))
	for i, q := range queries {
		if !db.knows[q.Ecosystem] {
			return nil, fmt.Errorf("advisories: %s: holds no record of the ecosystem %q", db.path, q.Ecosystem)
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("advisories: %w", err)
		}
		all[i] = matching(q, db.candidates(q))
	}
	return all, nil
}

func (db *local) candidates(q Query) []*record {
	list := slices.Clone(db.byName[subject{q.Ecosystem, q.Name}])
	for _, hash := range q.Integrity {
		for _, r := range db.byHash[hash] {
			if !slices.Contains(list, r) {
				list = append(list, r)
			}
		}
	}
	return list
}

// matching gives what each of the records says of what a query asks for.
func matching(q Query, candidates []*record) []Advisory {
	var found []Advisory
	for _, r := range candidates {
		if a, ok := r.advisory(q); ok {
			found = append(found, a)
		}
	}
	return found
}
