package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/lockkeeper/lockkeeper/internal/policy"
	"github.com/lockkeeper/lockkeeper/internal/report"
)

// judgeFlags are the flags of check and scan.
type judgeFlags struct {
	repo, base, head string
	policy           string
	preset, cooldown string
	format           string
	outputs          []string
	record, replay   string
	advisories       string
	content          string
	offline          bool
	now              string
	shard            string
	cacheDir         string
}

// flagSet makes a set that reports through errors, never by leaving.
func flagSet(name string) *pflag.FlagSet {
	set := pflag.NewFlagSet(name, pflag.ContinueOnError)
	set.SortFlags = false
	set.SetOutput(io.Discard)
	return set
}

// register declares the flags; scan has no base.
func (f *judgeFlags) register(set *pflag.FlagSet, withBase bool) {
	set.StringVar(&f.repo, "repo", ".", "the git repository in `DIR`")
	if withBase {
		set.StringVar(&f.base, "base", "", "the base `REV|DIR`, a git revision or a plain folder (default the merge base of HEAD and the default branch)")
	}
	set.StringVar(&f.head, "head", "", "the head `REV|DIR`, a git revision or a plain folder (default the working tree)")
	set.StringVar(&f.policy, "policy", "", "a policy `FILE` to use instead of the base's "+policy.Path)
	set.StringVar(&f.preset, "preset", "", "judge by this `PRESET` instead of the policy's: audit, recommended or strict")
	set.StringVar(&f.cooldown, "cooldown", "", "how old a release must be, as a `DURATION` (72h, 7d), instead of the policy's")
	f.registerOutput(set, "text, json, sarif, markdown or html")
	set.StringVar(&f.advisories, "advisories", "", "a local OSV database at `PATH` (zip, folder, JSON lines) instead of the network's")
	set.StringVar(&f.content, "content", "auto", "`WHEN` to read the archives themselves: auto (check does, scan doesn't), always or never")
	set.StringVar(&f.now, "now", "", "judge as of this RFC 3339 `TIME` (default the clock)")
	f.registerWorld(set)
	if !withBase {
		set.StringVar(&f.shard, "shard", "", "judge part `I/N` of the packages, 1/N to N/N, N at most 256; give each the same --now, and join them by render --merge")
	}
}

// registerOutput declares where what is found goes.
func (f *judgeFlags) registerOutput(set *pflag.FlagSet, formats string) {
	set.StringVar(&f.format, "format", "text", "the output's `FORMAT`: "+formats)
	set.StringArrayVar(&f.outputs, "output", nil, "write to `[FORMAT=]FILE`; without a format not to standard output; may be repeated")
}

// registerWorld declares how the world is asked.
func (f *judgeFlags) registerWorld(set *pflag.FlagSet) {
	set.StringVar(&f.record, "record", "", "save every answer that the network gave to `FILE`")
	set.StringVar(&f.replay, "replay", "", "answer from a recorded `FILE`, as of its time, and open no connection")
	set.BoolVar(&f.offline, "offline", false, "no network: only lockfiles and local data")
	set.StringVar(&f.cacheDir, "cache-dir", "", "the folder `DIR` where immutable registry facts are kept (default the user's cache folder)")
}

// describe tells how a command is used.
func describe(w io.Writer, set *pflag.FlagSet) error {
	c, err := commandOf(set.Name())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "lockkeeper %s\n  %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	if set.HasFlags() {
		fmt.Fprintf(w, "\n%s", set.FlagUsages())
	}
	if c.example != "" {
		fmt.Fprintf(w, "\nExample: lockkeeper %s %s\n", c.name, c.example)
	}
	return nil
}

// parseFlags reads the arguments and checks how many are left over.
func parseFlags(env Environment, set *pflag.FlagSet, args []string, operands int) error {
	err := set.Parse(args)
	if err == pflag.ErrHelp {
		return errors.Join(err, describe(env.Stdout, set))
	}
	see := "see lockkeeper " + set.Name() + " --help"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		set.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		see = meant("--", unknown.GetSpecifiedName(), names, see)
	}
	if err != nil {
		return usagef(see, "%s: %s", set.Name(), err)
	}
	if set.NArg() > operands {
		return usagef(see, "%s: unexpected argument %q", set.Name(), set.Arg(operands))
	}
	return nil
}

// validate checks what pflag can't.
func (f *judgeFlags) validate() error {
	if f.shard != "" && f.now == "" && f.replay == "" {
		return usagef("give each shard the same time, such as the start of the whole scan", "--shard: needs --now")
	}
	switch f.content {
	case "auto", "always", "never":
		return f.validateWorld()
	}
	return usagef("use auto, always or never", "--content %q: no such choice", f.content)
}

// validateWorld checks the flags of registerWorld.
func (f *judgeFlags) validateWorld() error {
	if f.record != "" && f.replay != "" {
		return usagef("record first, then replay", "--record and --replay: both given")
	}
	if f.offline && f.record != "" {
		return usagef("leave one of them away", "--offline and --record: both given, and there is nothing to record")
	}
	return nil
}

// judgedAt reads --now; the zero time means the clock's.
func (f *judgeFlags) judgedAt() (time.Time, error) {
	if f.now == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, f.now)
	if err != nil {
		return t, usagef("write it as 2026-03-31T01:30:00Z", "--now %q: not an RFC 3339 time", f.now)
	}
	return t.UTC(), nil
}

// maxShards is how many jobs a matrix may have.
//
// https://docs.github.com/actions/reference/limits
const maxShards = 256

// part reads --shard; nil means the whole.
func (f *judgeFlags) part() (*report.Shard, error) {
	if f.shard == "" {
		return nil, nil
	}
	index, of, found := strings.Cut(f.shard, "/")
	i, errIndex := strconv.Atoi(index)
	n, errOf := strconv.Atoi(of)
	if !found || errIndex != nil || errOf != nil || i < 1 || i > n || n > maxShards {
		return nil, usagef("write --shard 1/8 to --shard 8/8 for the parts of eight; there may be 256", "--shard %.40q: no such part", f.shard)
	}
	return &report.Shard{Index: i, Of: n}, nil
}

// policyBytes reads --policy; nil means the base's own.
func (f *judgeFlags) policyBytes() ([]byte, error) {
	if f.policy == "" {
		return nil, nil
	}
	data, err := os.ReadFile(f.policy)
	if err != nil {
		return nil, usagef("name a file that can be read", "--policy: %s", strings.TrimPrefix(err.Error(), "open "))
	}
	return append([]byte{}, data...), nil
}
