package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/lockkeeper/lockkeeper/internal/lockfile"
)

// InventorySchema is the name and version of the inventory's document.
const InventorySchema = "lockkeeper.inventory/v1"

var inventoryFormats = []struct {
	name   string
	render func(io.Writer, []*lockfile.Inventory, Options) error
}{
	{"text", InventoryText},
	{"json", InventoryJSON},
	{"cyclonedx", CycloneDX},
}

// InventoryFormats lists the formats of an inventory.
func InventoryFormats() []string {
	var names []string
	for _, f := range inventoryFormats {
		names = append(names, f.name)
	}
	return names
}

// RenderInventory writes what lockfiles pin in a format of [InventoryFormats].
// Lockfiles and entries keep their order.
func RenderInventory(w io.Writer, format string, inventories []*lockfile.Inventory, o Options) error {
	for _, f := range inventoryFormats {
		if f.name == format {
			return f.render(w, inventories, o)
		}
	}
	return fmt.Errorf("inventory: rendering: no format %q, only %s", format, strings.Join(InventoryFormats(), ", "))
}

// listed is one lockfile of the document.
type listed struct {
	Path     string  `json:"path"`
	Format   string  `json:"format"`
	Packages int     `json:"packages"`
	Findings []doubt `json:"findings"`
}

// doubt is a place that two readers could read two ways.
type doubt struct {
	Signal   string   `json:"signal"`
	Message  string   `json:"message"`
	Key      string   `json:"key,omitzero"`
	Location Location `json:"location"`
}

// pinned is one entry of the document.
type pinned struct {
	Lockfile      string   `json:"lockfile"`
	Line          int      `json:"line"`
	Key           string   `json:"key"`
	Ecosystem     string   `json:"ecosystem"`
	Name          string   `json:"name"`
	Version       string   `json:"version"`
	Alias         string   `json:"alias"`
	Source        string   `json:"source"`
	Resolved      string   `json:"resolved"`
	Integrity     []string `json:"integrity"`
	Checksum      string   `json:"checksum,omitzero"` // of yarn's own archive
	Direct        bool     `json:"direct"`
	Dev           bool     `json:"dev"`
	Optional      bool     `json:"optional"`
	Bundled       bool     `json:"bundled"`
	InstallScript *bool    `json:"install_script"` // null where the format doesn't say
	Dependencies  []wanted `json:"dependencies"`
}

// wanted is an edge, and the entry that answers it.
type wanted struct {
	Name string `json:"name"`
	Spec string `json:"spec"`
	Key  string `json:"key"`
}

// InventoryJSON writes lockkeeper.inventory/v1, a line for each entry. It is
// written as it goes: memory does not grow with the entries.
func InventoryJSON(w io.Writer, inventories []*lockfile.Inventory, _ Options) error {
	out := jsonList{w: bufio.NewWriter(w)}
	out.raw("{\n\"schema\": \"" + InventorySchema + "\",\n\"lockfiles\": [")
	for _, inv := range inventories {
		out.element(list(inv))
	}
	out.raw("\n],\n\"packages\": [")
	out.more = false
	for _, inv := range inventories {
		for i := range inv.Entries {
			out.element(pin(inv, &inv.Entries[i]))
		}
	}
	out.raw("\n]\n}\n")
	if out.err != nil {
		return fmt.Errorf("inventory: writing: %w", out.err)
	}
	return out.w.Flush()
}

func list(inv *lockfile.Inventory) listed {
	l := listed{Path: inv.Path, Format: inv.Format, Packages: len(inv.Entries)}
	for _, d := range inv.Doubts {
		l.Findings = append(l.Findings, doubt{
			Signal: "ambiguous-lockfile", Message: d.Message, Key: d.Key,
			Location: Location{Path: inv.Path, Line: d.Line},
		})
	}
	return l
}

func pin(inv *lockfile.Inventory, e *lockfile.Entry) pinned {
	p := pinned{
		Lockfile: inv.Path, Line: e.Line, Key: e.Key,
		Ecosystem: inv.EcosystemOf(e), Name: e.Name, Version: e.Version, Alias: e.Alias,
		Source: string(e.Source), Resolved: e.Resolved, Integrity: e.Integrity, Checksum: e.Checksum,
		Direct: e.Direct, Dev: e.Dev, Optional: e.Optional, Bundled: e.Bundled,
		Dependencies: make([]wanted, len(e.Dependencies)),
	}
	if e.InstallScript != lockfile.Unknown {
		p.InstallScript = new(e.InstallScript == lockfile.Yes)
	}
	for i, d := range e.Dependencies {
		p.Dependencies[i] = wanted{Name: d.Name, Spec: d.Spec, Key: d.Key}
	}
	return p
}

// jsonList writes the elements of a list one by one, each on its line.
type jsonList struct {
	w    *bufio.Writer
	more bool // elements were written
	buf  []byte
	err  error
}

func (l *jsonList) raw(s string) {
	if l.err == nil {
		_, l.err = l.w.WriteString(s)
	}
}

func (l *jsonList) element(v any) {
	if l.err != nil {
		return
	}
	var data []byte
	if data, l.err = marshal(v); l.err != nil {
		return
	}
	if l.more {
		l.raw(",")
	}
	l.more = true
	l.raw("\n")
	l.buf = escapeJSON(l.buf[:0], data)
	if l.err == nil {
		_, l.err = l.w.Write(l.buf)
	}
}
