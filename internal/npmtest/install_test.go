package npmtest

import "testing"

func TestUnreachable(t *testing.T) {
	for output, want := range map[string]string{
		"npm error code ENOTFOUND\nnpm error x": "ENOTFOUND",
		"npm ERR! code EAI_AGAIN":               "EAI_AGAIN",
		"npm error code E503":                   "E503",
		"npm error code E404":                   "", // of a version that is gone: the lockfile must change
		"npm error code EINTEGRITY":             "",
		"npm error code EUSAGE":                 "",
		"npm error code EXDEV":                  "",
		"something else":                        "",
	} {
		if got := unreachable(output); got != want {
			t.Errorf("%q: %q, want %q", output, got, want)
		}
	}
}
