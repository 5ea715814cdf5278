//go:build !soak

package reports_test

// Of the proofs that grow: make soak does them large.
const (
	propertySites = 300
	loadSites     = 250
)
