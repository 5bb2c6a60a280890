package advisory

import (
	"math"
	"strings"
)

// rate gives the rating of a CVSS vector of version 3 or 4; Unrated for any
// other text.
//
// The base score of version 3 is computed as its specification says
// (https://www.first.org/cvss/v3-1/specification-document, section 7.1).
// Version 4 looks its scores up in a table of 270 rows. Here its vector is read
// as the version 3 vector that says the same: impact on later systems is a
// changed scope, an attack requirement is a high complexity, and any
// interaction is required interaction. That is an approximation, and only used
// for records that have no rating in words.
func rate(vector string) Severity {
	kind, rest, _ := strings.Cut(vector, "/")
	m, ok := metrics(rest)
	switch kind {
	case "CVSS:3.0", "CVSS:3.1":
	case "CVSS:4.0":
		m = version3(m)
	default:
		return Unrated
	}
	score, complete := baseScore(m)
	switch {
	case !ok || !complete:
		return Unrated
	case score >= 9:
		return Critical
	case score >= 7:
		return High
	case score >= 4:
		return Medium
	}
	return Low
}

// metrics gives the values of a vector; false if one comes twice.
func metrics(vector string) (map[string]string, bool) {
	m := make(map[string]string)
	for field := range strings.SplitSeq(vector, "/") {
		name, value, _ := strings.Cut(field, ":")
		if _, twice := m[name]; twice {
			return nil, false
		}
		m[name] = value
	}
	return m, true
}

// version3 rewrites the base metrics of a version 4 vector.
func version3(m map[string]string) map[string]string {
	v3 := map[string]string{
		"AV": m["AV"], "AC": m["AC"], "PR": m["PR"], "UI": m["UI"], "S": "U",
		"C": m["VC"], "I": m["VI"], "A": m["VA"],
	}
	if m["AT"] == "P" {
		v3["AC"] = "H"
	}
	if m["UI"] == "P" || m["UI"] == "A" {
		v3["UI"] = "R"
	}
	for _, later := range []struct{ metric, onto string }{{"SC", "C"}, {"SI", "I"}, {"SA", "A"}} {
		if level := m[later.metric]; level == "L" || level == "H" {
			v3["S"] = "C"
			if v3[later.onto] == "N" || level == "H" {
				v3[later.onto] = level
			}
		}
	}
	return v3
}

// The numbers of section 7.4. Privileges weigh more where the scope changes.
var (
	weights = map[string]map[string]float64{
		"AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
		"AC": {"L": 0.77, "H": 0.44},
		"PR": {"N": 0.85, "L": 0.62, "H": 0.27},
		"UI": {"N": 0.85, "R": 0.62},
		"C":  {"H": 0.56, "L": 0.22, "N": 0},
		"I":  {"H": 0.56, "L": 0.22, "N": 0},
		"A":  {"H": 0.56, "L": 0.22, "N": 0},
	}
	changedPrivileges = map[string]float64{"N": 0.85, "L": 0.68, "H": 0.5}
)

// baseScore gives a score from 0 to 10; false if a base metric is missing.
func baseScore(m map[string]string) (score float64, ok bool) {
	w := make(map[string]float64, len(weights))
	for metric, levels := range weights {
		if w[metric], ok = levels[m[metric]]; !ok {
			return 0, false
		}
	}
	changed := m["S"] == "C"
	if !changed && m["S"] != "U" {
		return 0, false
	}
	if changed {
		w["PR"] = changedPrivileges[m["PR"]]
	}

	base := 1 - (1-w["C"])*(1-w["I"])*(1-w["A"])
	impact := 6.42 * base
	if changed {
		impact = 7.52*(base-0.029) - 3.25*math.Pow(base-0.02, 15)
	}
	if impact <= 0 {
		return 0, true
	}
	sum := impact + 8.22*w["AV"]*w["AC"]*w["PR"]*w["UI"]
	if changed {
		sum *= 1.08
	}
	return roundUp(min(sum, 10)), true
}

// roundUp gives the smallest tenth that is not below x, as appendix A says,
// without the errors of binary fractions.
func roundUp(x float64) float64 {
	n := math.Round(x * 100_000)
	return math.Ceil(n/10_000) / 10
}
