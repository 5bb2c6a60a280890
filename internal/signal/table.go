package signal

import "slices"

// table lists every signal in the order of the documentation. A row stands in
// the file of its signal, beside the code that its numbers are about.
var table = []Signal{
	knownMalware,
	knownVulnerability,
	unlistedVersion,
	securityPlaceholder,

	relocked,
	integrityMismatch,
	integrityMissing,
	sourceMismatch,
	offRegistrySource,
	registryMoved,
	manifestMismatch,
	ambiguousLockfile,
	attestationMismatch,
	signatureInvalid,

	installScriptGained,
	installScriptChanged,
	installScriptNew,
	youngRelease,
	youngDependency,
	dependencyAdded,
	publisherChanged,
	maintainerAdded,
	provenanceLost,
	provenanceSourceChanged,
	dormantRevival,
	oldLineRevived,
	releaseBurst,
	sourceLinkLost,
	lookalikeName,
	deprecated,
	abandoned,

	behaviourChain,
	obfuscationAdded,
	hiddenText,
	newHost,
	runtimeDownload,
	newBinary,
	largeFileAdded,
	agentFileAdded,
	manifestConfusion,
	archiveFault,
	newCapability,
	unreadableCode,

	policyChanged,
	guardrailLoosened,
	lockfileRemoved,
	lockfileUnread,
}

// Table gives every signal in the order of the documentation. The slice is the
// caller's own.
func Table() []Signal { return slices.Clone(table) }

// Lookup gives the signal of that id.
func Lookup(id string) (Signal, bool) {
	i := slices.IndexFunc(table, func(s Signal) bool { return s.ID == id })
	if i < 0 {
		return Signal{}, false
	}
	return table[i], true
}
