package report

import "io"

// Failure writes for a step's summary why there is no report, and what to do
// about it: a person who looks there must not find nothing.
func Failure(w io.Writer, cause, hint string) error {
	v := rulingOf("unjudged")
	said := "## " + v.sign + " " + prose(string(v.word)) + ": nothing could be judged\n\n" + prose(cause) + "\n"
	if hint != "" {
		said += "\n**Next:** " + prose(hint) + "\n"
	}
	_, err := io.WriteString(w, string(said))
	return err
}
