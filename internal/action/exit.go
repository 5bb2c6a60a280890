package action

// exits are the exit codes of the verdicts, for each value of fail-on.
var exits = map[FailOn]map[string]int{
	FailOnBlock: {"pass": 0, "warn": 0, "hold": 1, "block": 1, "unjudged": 3},
	FailOnWarn:  {"pass": 0, "warn": 1, "hold": 1, "block": 1, "unjudged": 3},
	FailNever:   {"pass": 0, "warn": 0, "hold": 0, "block": 0, "unjudged": 0},
}

// Exit gives the step's exit code. A verdict that it does not know could not be
// judged: 3.
func Exit(verdict string, on FailOn) int {
	code, ok := exits[on][verdict]
	if !ok {
		return 3
	}
	return code
}
