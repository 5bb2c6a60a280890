package registry

import "testing"

func TestAddressesConfigured(t *testing.T) {
	a := Addresses{
		URL:    "https://npm.example.com/team",
		Scopes: map[string]string{"@acme": "https://npm.acme.example/"},
		Public: []string{"https://public.example/"},
	}
	tests := []struct {
		name, address string
		want          bool
	}{
		{"wren", "https://npm.example.com/team/wren/-/wren-1.0.0.tgz", true},
		{"wren", "https://NPM.example.com/team/wren.tgz", true},
		{"@acme/wren", "https://npm.acme.example/@acme/wren.tgz", true},
		{"@acme/wren", "https://npm.example.com/team/@acme/wren.tgz", false},
		{"wren", "http://npm.example.com/team/wren.tgz", false},
		{"wren", "https://npm.example.com/teams/wren.tgz", false},
		{"wren", "https://npm.example.com/team/../other/wren.tgz", false},
		{"wren", "https://npm.example.com/team/%2e%2e/other/wren.tgz", false},
		{"wren", "https://npm.example.com.evil.example/team/wren.tgz", false},
		{"wren", "https://npm.example.com@evil.example/team/wren.tgz", false},
		{"wren", "https://user@npm.example.com/team/wren.tgz", false},
		{"wren", `https://npm.example.com\@evil.example/team/wren.tgz`, false},
		{"wren", "https://npm.example.com:8443/team/wren.tgz", false},
		{"wren", "git+https://npm.example.com/team/wren.git", false},
		{"wren", "file:wren.tgz", false},
		{"wren", "", false},
	}
	for _, tt := range tests {
		if got := a.Configured(tt.name, tt.address); got != tt.want {
			t.Errorf("Configured(%q, %q) = %v", tt.name, tt.address, got)
		}
	}
	if !a.IsPublic("https://public.example/wren.tgz") || a.IsPublic("https://npm.example.com/team/wren.tgz") {
		t.Error("the public registry is not told from another")
	}
	if (Addresses{}).Configured("wren", "") || (Addresses{}).IsPublic("https:///") {
		t.Error("no address is configured, and yet one is")
	}
}
