package artifact

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Schema names the encoding of profiles and what goes into them. It changes
// with whatever makes another profile of the same bytes, so that one which an
// earlier version kept is not taken for today's.
const Schema = "lockkeeper.profile/v5"

const (
	maxEncoded = 16 << 20 // bytes
	maxValues  = 300_000  // objects and nulls, which take more memory than text
)

// Key names the profile of an archive with one of the strongest hashes of a
// list, as read with the default limits. The error is [ErrUnverified].
func Key(integrity []string) (string, error) {
	v, err := newVerifier(integrity)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(Schema + " " + strings.Join(v.sorted(), " ")))
	return hex.EncodeToString(sum[:]), nil
}

// kept is what is written.
type kept struct {
	Schema  string   `json:"schema"`
	Profile *Profile `json:"profile"`
}

// shingles are written as the base64 of their bytes, which is half as long.
var (
	encodeShingles = json.MarshalFunc(func(list []uint64) ([]byte, error) {
		raw := make([]byte, 0, 8*len(list))
		for _, x := range list {
			raw = binary.BigEndian.AppendUint64(raw, x)
		}
		return []byte(`"` + base64.StdEncoding.EncodeToString(raw) + `"`), nil
	})
	decodeShingles = json.UnmarshalFunc(func(text []byte, list *[]uint64) error {
		raw, err := base64.StdEncoding.DecodeString(strings.Trim(string(text), `"`))
		if err != nil || len(raw)%8 != 0 {
			return errors.New("shingles are not written so")
		}
		*list = make([]uint64, 0, len(raw)/8)
		for ; len(raw) > 0; raw = raw[8:] {
			*list = append(*list, binary.BigEndian.Uint64(raw))
		}
		return nil
	})
)

// Encode writes a profile for Decode: the same profile, the same bytes. One
// that is too large to be kept is [*Exceeded].
func Encode(p *Profile) ([]byte, error) {
	data, err := json.Marshal(kept{Schema, p}, json.Deterministic(true), json.OmitZeroStructFields(true), json.WithMarshalers(encodeShingles))
	if err != nil {
		return nil, fmt.Errorf("profile: writing: %w", err)
	}
	if len(data) > maxEncoded {
		return nil, &Exceeded{"bytes of a profile", maxEncoded}
	}
	return data, nil
}

// Decode reads what Encode wrote of an archive with that hash. Whoever may
// write to a cache may write anything: what Read can't have made is an error,
// and the archive is to be read again.
func Decode(data []byte, integrity []string) (*Profile, error) {
	v, err := newVerifier(integrity)
	if err != nil {
		return nil, err
	}
	if err := screen(data); err != nil {
		return nil, fmt.Errorf("profile: reading: %w", err)
	}
	var k kept
	if err := json.Unmarshal(data, &k, json.RejectUnknownMembers(true), json.WithUnmarshalers(decodeShingles)); err != nil {
		return nil, fmt.Errorf("profile: reading: %w", err)
	}
	switch {
	case k.Schema != Schema:
		return nil, fmt.Errorf("profile: reading: it is %.40q, not %s", k.Schema, Schema)
	case k.Profile == nil || !slices.Contains(v.want, k.Profile.Integrity):
		return nil, errors.New("profile: reading: it is another archive's")
	}
	if err := k.Profile.check(); err != nil {
		return nil, fmt.Errorf("profile: reading: %w", err)
	}
	return k.Profile, nil
}

// screen holds a document to its caps before memory is taken for it: an empty
// object of two bytes may become a file's record of two hundred.
func screen(data []byte) error {
	if len(data) > maxEncoded {
		return fmt.Errorf("%d bytes are more than the %d that are read", len(data), maxEncoded)
	}
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	for values := 0; ; {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind := token.Kind(); kind == '{' || kind == 'n' {
			if values++; values > maxValues {
				return fmt.Errorf("it has more than %d values", maxValues)
			}
		}
	}
}
