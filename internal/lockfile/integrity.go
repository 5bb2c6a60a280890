package lockfile

import "strings"

// hashes splits Subresource Integrity metadata into its hashes. Options
// ("?…") are left out: no reader gives them a meaning, and with them two equal
// hashes would look different. odd says what is doubtful about it, and is "" in
// nearly every case.
func hashes(integrity string, into *slab[string]) (list []string, odd string) {
	if integrity == "" {
		return nil, ""
	}
	// White space beyond ASCII separates hashes for ssri, too.
	if isGraphic(integrity) && strings.IndexByte(integrity, '?') < 0 {
		return into.keep(integrity), oddHash(integrity)
	}
	var strong map[string]string
	for token := range strings.FieldsSeq(integrity) {
		hash, _, _ := strings.Cut(token, "?")
		list = append(list, hash)
		if odd == "" {
			odd = oddHash(hash)
		}
		algorithm, _, _ := strings.Cut(hash, "-")
		if earlier, ok := strong[algorithm]; ok && earlier != hash {
			odd = "accepts two archives, with a " + algorithm + " hash for each"
		}
		if strong == nil {
			strong = map[string]string{}
		}
		strong[algorithm] = hash
	}
	if list == nil {
		odd = "is blank"
	}
	return list, odd
}

// oddHash says why a hash verifies nothing: ssri and the other package managers
// pass over algorithms that they don't know, and the archive then passes too.
func oddHash(hash string) string {
	algorithm, digest, _ := strings.Cut(hash, "-")
	switch algorithm {
	case "sha512", "sha1", "sha256", "sha384", "sha224", "md5":
		if digest != "" {
			return ""
		}
	}
	return "is no hash that a package manager verifies"
}
