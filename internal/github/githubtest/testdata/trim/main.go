// Command trim makes openapi.json from GitHub's own description of its API, as
// npm's @octokit/openapi has it (MIT):
//
//	npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//	go run ./internal/github/githubtest/testdata/trim package/generated/api.*.com.json > internal/github/githubtest/testdata/openapi.json
//
// It keeps the operations below with their parameters, bodies and answers of
// success. It leaves out prose, examples and defaults, and changes this: an
// object may have no property but those that are described; an answer may lack
// any of them, since a fake gives what is read; and an answer that is one of
// several shapes may fit more than one, since it may lack what tells them apart.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

const repository = "/repos/{owner}/{repo}"

// kept are the methods of each path that Lockkeeper uses.
var kept = map[string][]string{
	"/advisories":                {"get"},
	"/user":                      {"get"},
	repository + "/actions/runs": {"get"},
	repository + "/actions/runs/{run_id}/jobs":              {"get"},
	repository + "/actions/runs/{run_id}/rerun-failed-jobs": {"post"},
	repository + "/check-runs/{check_run_id}/annotations":   {"get"},
	repository + "/collaborators/{username}/permission":     {"get"},
	repository + "/commits/{commit_sha}/pulls":              {"get"},
	repository + "/compare/{basehead}":                      {"get"},
	repository + "/git/blobs/{file_sha}":                    {"get"},
	repository + "/git/commits/{commit_sha}":                {"get"},
	repository + "/git/ref/{ref}":                           {"get"},
	repository + "/git/trees/{tree_sha}":                    {"get"},
	repository + "/issues":                                  {"get", "post"},
	repository + "/issues/comments/{comment_id}":            {"patch"},
	repository + "/issues/{issue_number}":                   {"patch"},
	repository + "/issues/{issue_number}/comments":          {"get", "post"},
	repository + "/pulls":                                   {"get"},
	repository + "/pulls/{pull_number}":                     {"get"},
	repository + "/code-scanning/sarifs":                    {"post"},
}

// idle are members that decide nothing.
var idle = []string{
	"default", "deprecated", "description", "discriminator", "example", "examples", "externalDocs", "headers", "links", "summary", "tags", "title",
}

type object = map[string]any

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "trim:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: trim DESCRIPTION.json")
	}
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	var whole object
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	t := trimmer{from: whole["components"].(object), components: object{}}
	paths := object{}
	for path, methods := range kept {
		described, ok := whole["paths"].(object)[path].(object)
		if !ok {
			return fmt.Errorf("%s: not described", path)
		}
		item := object{}
		for _, method := range methods {
			operation := described[method].(object)
			item[method] = object{
				"operationId": operation["operationId"],
				"parameters":  t.copy(operation["parameters"], true),
				"responses":   t.successes(operation["responses"].(object)),
			}
			if body, ok := operation["requestBody"]; ok {
				item[method].(object)["requestBody"] = t.copy(body, true)
			}
		}
		paths[path] = item
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(object{
		"openapi": whole["openapi"],
		"info": object{
			"title": "GitHub's REST API, as far as Lockkeeper uses it", "version": whole["info"].(object)["version"],
			"description": "Trimmed by testdata/trim from npm's @octokit/openapi. Copyright (c) 2020 Octokit contributors, MIT License.",
			"license":     whole["info"].(object)["license"],
		},
		"paths": paths, "components": t.components,
	})
}

type trimmer struct{ from, components object }

func (t trimmer) successes(responses object) object {
	found := object{}
	for status, response := range responses {
		if status[0] == '2' {
			found[status] = t.copy(response, false)
			found[status].(object)["description"] = ""
		}
	}
	return found
}

// copy trims a value, and brings along the components that it names.
func (t trimmer) copy(v any, asked bool) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = t.copy(v[i], asked)
		}
		return all
	case object:
		return t.object(v, asked)
	}
	return v
}

func (t trimmer) object(v object, asked bool) object {
	if ref, ok := v["$ref"].(string); ok {
		t.component(ref, asked)
		return object{"$ref": ref}
	}
	trimmed := object{}
	for key, value := range v {
		switch {
		case slices.Contains(idle, key), strings.HasPrefix(key, "x-"):
		case key == "properties": // whose names are no members
			properties := object{}
			for name, schema := range value.(object) {
				properties[name] = t.copy(schema, asked)
			}
			trimmed[key] = properties
		case key == "required" && !asked:
		case key == "oneOf" && !asked:
			trimmed["anyOf"] = t.copy(value, asked)
		default:
			trimmed[key] = t.copy(value, asked)
		}
	}
	if _, described := v["properties"]; described && v["additionalProperties"] == nil && v["allOf"] == nil && v["anyOf"] == nil && v["oneOf"] == nil {
		trimmed["additionalProperties"] = false
	}
	return trimmed
}

func (t trimmer) component(ref string, asked bool) {
	parts := strings.Split(strings.TrimPrefix(ref, "#/components/"), "/")
	kind, name := parts[0], parts[1]
	if t.components[kind] == nil {
		t.components[kind] = object{}
	}
	known := t.components[kind].(object)
	if _, ok := known[name]; ok {
		return
	}
	known[name] = object{} // it may name itself
	known[name] = t.copy(t.from[kind].(object)[name], asked)
}
