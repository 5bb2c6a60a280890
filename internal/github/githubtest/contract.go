// Package githubtest is GitHub's API for tests.
//
// [Checked] holds a fake, and what is asked of it, against GitHub's own
// description of its API, so that a fake can't teach a shape or a name that
// GitHub doesn't know. [Server] is a GitHub that answers from a real repository
// on disk and keeps what is written to it.
package githubtest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Undescribed is the header of an answer that is not as described on purpose:
// broken, hostile, or to an address that only a redirect leads to.
const Undescribed = "X-Undescribed"

// maxBody is how many characters a comment or an issue may have, which the
// description doesn't say.
//
// https://docs.github.com/rest/issues/comments (the answer is 422: Body is too long)
const maxBody = 65_536

//go:embed testdata/openapi.json
var description []byte

var described = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData(description)
})

// Checked complains of each request to h that GitHub's description doesn't
// allow, by its path, names and values of the query, or body, and of each
// answer of success that GitHub wouldn't give. prefix is what precedes the
// described paths, as on GitHub Enterprise Server; complain is a test's Errorf.
func Checked(complain func(format string, args ...any), prefix string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the asker went away
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		if r.Context().Err() != nil {
			return // nobody waits for it any more
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		for _, wrong := range compare(prefix, r, body, answer) {
			complain("%s %s: %s", r.Method, r.URL.RequestURI(), wrong)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// compare says what of an exchange is not as described.
func compare(prefix string, r *http.Request, body []byte, answer *httptest.ResponseRecorder) []string {
	spec, err := described()
	if err != nil {
		return []string{err.Error()}
	}
	undescribed := answer.Header().Get(Undescribed) != ""
	route, values := find(spec, strings.TrimPrefix(r.URL.EscapedPath(), prefix), r.Method)
	switch {
	case route == nil && undescribed:
		return nil
	case route == nil:
		return []string{"GitHub has no such operation, or testdata/trim leaves it out"}
	}
	wrong := unknownNames(route.Operation, r.URL.Query())
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true, SkipSettingDefaults: true,
	}
	options.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return fmt.Sprintf("%s: %s", strings.Join(err.JSONPointer(), "/"), err.Reason)
	})
	asked := &openapi3filter.RequestValidationInput{Request: r, PathParams: values, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(context.Background(), asked); err != nil {
		wrong = append(wrong, err.Error())
	}
	if len([]rune(string(body))) > maxBody && strings.Contains(route.Path, "/issues") {
		wrong = append(wrong, fmt.Sprintf("a body of more than %d characters", maxBody))
	}
	if undescribed || answer.Code >= http.StatusMultipleChoices || strings.Contains(r.Header.Get("Accept"), "raw") {
		return wrong
	}
	given := &openapi3filter.ResponseValidationInput{RequestValidationInput: asked, Status: answer.Code, Header: answer.Header().Clone(), Options: options}
	if answer.Body.Len() > 0 {
		given.Header.Set("Content-Type", "application/json")
	}
	given.SetBodyBytes(answer.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), given); err != nil {
		wrong = append(wrong, "the answer: "+err.Error())
	}
	return wrong
}

// find gives the operation of a path and the values of its parameters, a fixed
// name before a parameter. A git reference may have slashes.
func find(spec *openapi3.T, path, method string) (*routers.Route, map[string]string) {
	var best *routers.Route
	var values map[string]string
	for _, template := range spec.Paths.InMatchingOrder() {
		item := spec.Paths.Value(template)
		found, ok := match(template, path)
		if operation := item.GetOperation(method); ok && operation != nil && (best == nil || len(found) < len(values)) {
			best = &routers.Route{Spec: spec, Path: template, PathItem: item, Method: method, Operation: operation}
			values = found
		}
	}
	return best, values
}

func match(template, path string) (map[string]string, bool) {
	values := make(map[string]string)
	names := strings.Split(template, "/")
	parts := strings.SplitN(path, "/", len(names))
	if len(parts) != len(names) {
		return nil, false
	}
	for i, name := range names {
		value, err := url.PathUnescape(parts[i])
		switch {
		case err != nil:
			return nil, false
		case strings.HasPrefix(name, "{") && parts[i] != "" && (name == "{ref}" || !strings.Contains(parts[i], "/")):
			values[strings.Trim(name, "{}")] = value
		case name != parts[i]:
			return nil, false
		}
	}
	return values, true
}

// unknownNames are those of a query that the operation doesn't take: GitHub
// would pass over them, and answer another question.
func unknownNames(operation *openapi3.Operation, query url.Values) []string {
	var unknown []string
	for name := range query {
		if operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			unknown = append(unknown, fmt.Sprintf("the query's %q is not known", name))
		}
	}
	slices.Sort(unknown)
	return unknown
}
