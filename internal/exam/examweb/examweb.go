// Package examweb shows package exam: the public pages on timetable, sites and what is new, and the
// office pages in which they are kept.
//
// Public pages are drawn when a fact changes, or when the clock makes them say something else
// ([Public.Source]); office handlers read the request, call one verb of [exam.Service] and draw a
// page. What is allowed and what is right is decided there.
//
// Start reading at public.go for what the public sees and at office.go for the office.
package examweb

import "embed"

//go:embed pages/*.html
var files embed.FS
