package manifest

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
)

// environment gives a few variables.
func environment(name string) string {
	return map[string]string{"TOKEN": "s3cret", "HOST": "npm.example.com", "EMPTY": ""}[name]
}

func parseNPMRC(t *testing.T, text string, env func(string) string) *Settings {
	t.Helper()
	s, err := ParseNPMRC([]byte(text), env)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a line says, by the rules of npm's ini and its env-replace.
func TestParseNPMRC(t *testing.T) {
	for _, c := range []struct {
		line string
		want []Setting
	}{
		{"registry=https://npm.example.com/", []Setting{{Key: "registry", Value: "https://npm.example.com/"}}},
		{"  registry =  https://npm.example.com/  ", []Setting{{Key: "registry", Value: "https://npm.example.com/"}}},
		{"ignore-scripts", []Setting{{Key: "ignore-scripts", Value: "true"}}},
		{"strict-ssl=false", []Setting{{Key: "strict-ssl", Value: "false"}}},
		{"empty=", []Setting{{Key: "empty"}}},
		{"a=b=c", []Setting{{Key: "a", Value: "b=c"}}},
		{"; comment", nil},
		{"# comment", nil},
		{"   # comment", nil},
		{"=nothing", nil},
		{"a=1 ; comment", []Setting{{Key: "a", Value: "1"}}},
		{"a=1#comment", []Setting{{Key: "a", Value: "1"}}},
		{`a=1\;2\#3\\4\5`, []Setting{{Key: "a", Value: `1;2#3\4\5`}}},
		{`a="quoted ; \"text\""`, []Setting{{Key: "a", Value: `quoted ; "text"`}}},
		{`a='single ; text'`, []Setting{{Key: "a", Value: `single ; text`}}},
		{`"quoted-key"=1`, []Setting{{Key: "quoted-key", Value: "1"}}},
		{`a="broken`, []Setting{{Key: "a", Value: `"broken`}}},
		{"ca[]=one", []Setting{{Key: "ca", Value: "one", List: true}}},
		{"a=1\rb=2\r", []Setting{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}},
		{"[odd] x=1", []Setting{{Key: "[odd] x", Value: "1"}}},

		{"//${HOST}/:_authToken=${TOKEN}", []Setting{{Key: "//npm.example.com/:_authToken", Value: "s3cret"}}},
		{"a=${UNKNOWN}", []Setting{{Key: "a", Value: "${UNKNOWN}"}}},
		{"a=x${UNKNOWN?}y", []Setting{{Key: "a", Value: "xy"}}},
		{"a=${TOKEN?}", []Setting{{Key: "a", Value: "s3cret"}}},
		{`a="\\${TOKEN}"`, []Setting{{Key: "a", Value: "${TOKEN}"}}},
		{`a="\\\\${TOKEN}"`, []Setting{{Key: "a", Value: `\s3cret`}}},
		{"a=$TOKEN %TOKEN% ${}", []Setting{{Key: "a", Value: "$TOKEN %TOKEN% ${}"}}},
		{"a=${TOKEN}${HOST}", []Setting{{Key: "a", Value: "s3cretnpm.example.com"}}},
	} {
		for i := range c.want {
			c.want[i].Line = 1
		}
		if got := parseNPMRC(t, c.line, environment); !reflect.DeepEqual(got.List, c.want) {
			t.Errorf("%q: %+v, want %+v", c.line, got.List, c.want)
		}
	}
}

func TestNPMRCLines(t *testing.T) {
	s := parseNPMRC(t, "\ufeff# first\r\n\r\nregistry=one\r\n[section]\r\nregistry=two\n\nregistry=three\n", nil)
	want := []Setting{
		{Key: "registry", Value: "one", Line: 3},
		{Key: "registry", Value: "two", Line: 5, Section: "section"},
		{Key: "registry", Value: "three", Line: 7, Section: "section"},
	}
	if !reflect.DeepEqual(s.List, want) {
		t.Errorf("%+v, want %+v", s.List, want)
	}
	if got := s.Registry(""); got != "one" {
		t.Errorf("the registry is %q; one in a section has no effect", got)
	}
}

// The head's file is evidence: without an environment nothing is put in.
func TestNothingIsExpandedWithoutAnEnvironment(t *testing.T) {
	s := parseNPMRC(t, "//npm.example.com/:_authToken=${TOKEN}\nregistry=https://evil.invalid/${TOKEN?}\n", nil)
	if got := s.Registry(""); got != "https://evil.invalid/${TOKEN?}" {
		t.Errorf("registry %q", got)
	}
	if got := s.Authorization("https://npm.example.com/a"); got != "" {
		t.Errorf("a variable's name is no token: %q", got)
	}
}

func TestRegistry(t *testing.T) {
	s := parseNPMRC(t, strings.Join([]string{
		"registry=https://first.example.com/",
		"@acme:registry=https://npm.acme.example/",
		"@empty:registry=",
		"registry=https://npm.example.com/",
		"@zeta:registry=https://npm.zeta.example/",
	}, "\n"), nil)
	for name, want := range map[string]string{
		"": "https://npm.example.com/", "left": "https://npm.example.com/",
		"@acme": "https://npm.acme.example/", "@acme/x": "https://npm.acme.example/",
		"@acmes/x": "https://npm.example.com/", "acme": "https://npm.example.com/", "@empty/x": "https://npm.example.com/",
	} {
		if got := s.Registry(name); got != want {
			t.Errorf("Registry(%q) = %q, want %q", name, got, want)
		}
	}
	if got, want := s.Scopes(), []string{"@acme", "@empty", "@zeta"}; !reflect.DeepEqual(got, want) {
		t.Errorf("Scopes() = %q, want %q", got, want)
	}
	if set, ok := s.Get("registry"); !ok || set.Line != 4 {
		t.Errorf("Get(registry) = %+v, %v", set, ok)
	}
	if none := (&Settings{}); none.Registry("@a/b") != "" || none.Scopes() != nil || none.Authorization("https://npm.example.com") != "" {
		t.Error("empty settings set something")
	}
}

func TestAuthorization(t *testing.T) {
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	s := parseNPMRC(t, strings.Join([]string{
		"_authToken=unscoped",
		"//npm.example.com/:_authToken=root",
		"//npm.example.com/team/:_authToken=team",
		"//npm.example.com/team/deep:_auth=" + base64.StdEncoding.EncodeToString([]byte("deep:pass")),
		"//port.example.com:8443/:_authToken=port",
		"//user.example.com/:username=me",
		"//user.example.com/:_password=" + base64.StdEncoding.EncodeToString([]byte("päss")),
		"//half.example.com/:username=me",
		"//bad.example.com/:username=me",
		"//bad.example.com/:_password=???",
		"//bare.example.com:_authToken=bare",
		"//unset.example.com/:_authToken=${UNSET}",
		"//empty.example.com/:_authToken=",
	}, "\n"), environment)
	for _, c := range []struct{ address, want string }{
		{"https://npm.example.com", "Bearer root"},
		{"https://npm.example.com/", "Bearer root"},
		{"https://npm.example.com/@s%2fa?x=1", "Bearer root"},
		{"https://NPM.example.com:443/a", "Bearer root"},
		{"http://npm.example.com:80/a", "Bearer root"},
		{"https://npm.example.com/team", "Bearer root"},
		{"https://npm.example.com/team/", "Bearer team"},
		{"https://npm.example.com/team/a/-/a-1.0.0.tgz", "Bearer team"},
		{"https://npm.example.com/teams/a", "Bearer root"},
		{"https://npm.example.com/team/deep", basic("deep:pass")},
		{"https://npm.example.com/team/deep/a", basic("deep:pass")},
		{"https://port.example.com:8443/a", "Bearer port"},
		{"https://user.example.com/a", basic("me:päss")},
		{"https://bare.example.com/a", "Bearer bare"},

		{"https://port.example.com/a", ""},
		{"https://npm.example.com:8443/a", ""},
		{"https://half.example.com/a", ""},
		{"https://bad.example.com/a", ""},
		{"https://unset.example.com/a", ""},
		{"https://empty.example.com/a", ""},
		{"https://evil.invalid/a", ""},
		{"https://evil.invalid//npm.example.com/", ""},
		{"https://npm.example.com.evil.invalid/", ""},
		{"https://npm.example.com@evil.invalid/", ""},
		{"https://sub.npm.example.com/", ""},
		{"ftp://npm.example.com/", ""},
		{"npm.example.com", ""},
		{"//npm.example.com/", ""},
		{"https:///", ""},
		{"%", ""},
	} {
		if got := s.Authorization(c.address); got != c.want {
			t.Errorf("Authorization(%q) = %q, want %q", c.address, got, c.want)
		}
	}
}

func TestParseNPMRCErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{strings.Repeat("x", maxSettings+1), ".npmrc: reading: 1048577 bytes are more than the 1048576 that are read"},
		{"registry=\xff", ".npmrc: reading: not in UTF-8"},
	} {
		if _, err := ParseNPMRC([]byte(c.text), nil); err == nil || err.Error() != c.want {
			t.Errorf("%.20q: %v, want %s", c.text, err, c.want)
		}
	}
}

func FuzzParseNPMRC(f *testing.F) {
	f.Add("registry=https://npm.example.com/\n@a:registry=${HOST}\n[x]\n//h/:_authToken=\"\\${TOKEN}\"\nca[]=1 ; x", "https://npm.example.com/a")
	f.Fuzz(func(t *testing.T, text, address string) {
		asked := false
		s, err := ParseNPMRC([]byte(text), func(string) string { asked = true; return "v" })
		if err != nil {
			return
		}
		last := 0
		for _, set := range s.List {
			if set.Line < last {
				t.Fatal("the settings are not in order")
			}
			last = set.Line
		}
		if asked && !strings.Contains(text, "${") {
			t.Fatal("a variable that the file doesn't name was asked for")
		}
		_ = s.Authorization(address)
	})
}
