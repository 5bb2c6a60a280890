package lockfile

// npmTree finds the entry that answers a request the way Node does: in the
// node_modules of the asking folder, then of each folder above it. Names and
// folders are numbered, so that one question costs one look-up by name however
// long the keys are.
type npmTree struct {
	entries []Entry
	names   map[string]int32
	spots   []npmSpot        // by name
	several map[uint64]int32 // folder and name to entry, for names with more than one spot
	folders map[string]int32 // path to number, of those that hold entries; "" is 0
	parents []int32          // folder to the one above it that has a number, or -1
	own     map[string]int32 // folders outside node_modules to their entry
	asks    []int32          // entry to the folder in which its requests are looked for first
}

// npmSpot is where a name is installed first.
type npmSpot struct {
	folder, entry int32
	several       bool
}

func newNPMTree(entries []Entry) *npmTree {
	return &npmTree{
		entries: entries,
		names:   make(map[string]int32, len(entries)),
		spots:   make([]npmSpot, 0, len(entries)),
		several: make(map[uint64]int32, len(entries)/3),
		folders: map[string]int32{"": 0},
		own:     map[string]int32{},
		asks:    make([]int32, len(entries)),
	}
}

// index numbers all entries. twice is told of each entry whose key an earlier
// one has; the later one answers, as with JSON.parse.
func (t *npmTree) index(twice func(earlier, later *Entry)) {
	for i := range t.entries {
		if earlier := t.add(int32(i)); earlier >= 0 {
			twice(&t.entries[earlier], &t.entries[i])
		}
	}
	t.parents = make([]int32, len(t.folders))
	for folder, number := range t.folders {
		t.parents[number] = t.above(folder)
		if entry := t.entry(folder); entry >= 0 {
			t.asks[entry] = number // a package with packages of its own
		}
	}
	for folder, entry := range t.own {
		t.asks[entry] = t.at(folder)
	}
}

// add indexes one entry and gives the one that had its key, or -1.
func (t *npmTree) add(i int32) int32 {
	in := placeOf(t.entries[i].Key)
	if in.name == "" {
		earlier, ok := t.own[in.within]
		t.own[in.within] = i
		if !ok {
			return -1
		}
		return earlier
	}
	folder := t.number(in.within)
	t.asks[i] = folder
	name, ok := t.names[in.name]
	if !ok {
		t.names[in.name] = int32(len(t.spots))
		t.spots = append(t.spots, npmSpot{folder: folder, entry: i})
		return -1
	}
	spot := &t.spots[name]
	if !spot.several {
		spot.several = true
		t.several[spotKey(spot.folder, name)] = spot.entry
	}
	earlier, ok := t.several[spotKey(folder, name)]
	t.several[spotKey(folder, name)] = i
	if !ok {
		return -1
	}
	return earlier
}

// number gives the number of a folder that holds entries.
func (t *npmTree) number(folder string) int32 {
	if folder == "" {
		return 0
	}
	number, ok := t.folders[folder]
	if !ok {
		number = int32(len(t.folders))
		t.folders[folder] = number
	}
	return number
}

func spotKey(folder, name int32) uint64 { return uint64(folder)<<32 | uint64(name) }

// above gives the number of the nearest folder above one that has a number.
func (t *npmTree) above(folder string) int32 {
	if len(folder) > maxKey { // the target of a link, which no entry can have
		return -1
	}
	for range maxFolders {
		var ok bool
		if folder, ok = above(folder); !ok {
			return -1
		}
		if number, ok := t.folders[folder]; ok {
			return number
		}
	}
	return -1
}

// at gives the number of the folder in which a package's requests are looked
// for first, or -1.
func (t *npmTree) at(folder string) int32 {
	if number, ok := t.folders[folder]; ok {
		return number
	}
	return t.above(folder)
}

// find gives the entry that answers to a name asked for in a folder, or -1.
func (t *npmTree) find(folder int32, name string) int32 {
	number, ok := t.names[name]
	if !ok {
		return -1
	}
	for ; folder >= 0; folder = t.parents[folder] {
		if entry := t.installed(folder, number); entry >= 0 {
			return entry
		}
	}
	return -1
}

// installed gives the entry of a name in one folder, by their numbers, or -1.
func (t *npmTree) installed(folder, name int32) int32 {
	if spot := t.spots[name]; !spot.several {
		if spot.folder == folder {
			return spot.entry
		}
		return -1
	}
	if entry, ok := t.several[spotKey(folder, name)]; ok {
		return entry
	}
	return -1
}

// entry gives the entry of a key, or -1.
func (t *npmTree) entry(key string) int32 {
	in := placeOf(key)
	if in.name == "" {
		if entry, ok := t.own[in.within]; ok {
			return entry
		}
		return -1
	}
	folder, known := t.folders[in.within]
	name, named := t.names[in.name]
	if !known || !named {
		return -1
	}
	return t.installed(folder, name)
}

// askingFolder gives the number of the folder in which the requests of an
// entry are looked for first, or -1.
func (t *npmTree) askingFolder(e *Entry) int32 {
	if e.Source == Link {
		return t.at(linkTarget(e.Resolved))
	}
	return t.at(e.Key)
}

// answer sets the keys of requests that are made in a folder, and tells seen,
// if it is given, of each entry that answers.
func (t *npmTree) answer(folder int32, requests []Dependency, seen func(entry int32)) {
	for i := range requests {
		found := t.find(folder, requests[i].Name)
		if found < 0 {
			continue
		}
		requests[i].Key = t.entries[found].Key
		if seen != nil {
			seen(found)
		}
	}
}
