//go:build soak

package reports_test

const (
	propertySites = 10_000
	loadSites     = 2_500
)
