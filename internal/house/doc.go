// Package house holds the rules of the house as tests: which room may import
// which, where clock, environment and network may be touched, and that the
// documents name what exists. It has no code of its own.
package house
