package code

import "bytes"

// isAccount reports whether a string is an account of a chain on which money is
// sent: 0x and forty hexadecimal digits (https://eips.ethereum.org/EIPS/eip-55),
// bc1 and 39 or 59 characters (https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki).
// Those of few different digits stand for none or for all.
func isAccount(value []byte) bool {
	switch {
	case len(value) == 42 && value[0] == '0' && value[1] == 'x':
		return alphabetOf(value[2:])&notHex == 0 && different(value[2:]) > 3
	case (len(value) == 42 || len(value) == 62) && bytes.HasPrefix(value, []byte("bc1")):
		return alphabetOf(value)&notBase64 == 0
	}
	return false
}

func different(b []byte) (count int) {
	var seen [256]bool
	for _, c := range b {
		if !seen[c] {
			seen[c] = true
			count++
		}
	}
	return count
}

// accountPattern keeps a pattern that finds accounts.
func (c *collector) accountPattern(p []byte, offset int) {
	hexadecimal := bytes.Contains(p, []byte("0x[")) && bytes.Contains(p, []byte("{40}"))
	if hexadecimal || bytes.Contains(p, []byte("bc1")) {
		c.accounts = appendFew(c.accounts, script{string(clipBytes(p, maxNamed)), c.place(offset)})
	}
}

// beside records strings that tell something only in a file that has another
// capability: an account beside a hook, a picture's name beside an evaluation.
// Elsewhere they are what wallets, contracts and pages are made of.
func (c *collector) beside(other, capability Capability, prefix string, list []script) {
	if c.uses[other] == 0 {
		return
	}
	for _, s := range list {
		c.use(capability, prefix+s.name, s.offset, func() uint64 { return textContext([]byte(s.name)) })
	}
}
