package publish

import "strings"

const cspHeader = "Content-Security-Policy"

// securityHeaders go with every public answer. The policy lets a page load what our own pages
// need from our own address, and nothing else: no inline script or style, no frame, no other host.
// A page replaces one of them by naming it in Page.Headers.
var securityHeaders = [][2]string{
	{cspHeader, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
}

// strictTransport is sent on TLS only: on a plain connection it means nothing.
var strictTransport = [2]string{"Strict-Transport-Security", "max-age=31536000"}

// wantsCSP: every type a browser may render as a document of ours, but not PDF, whose built-in
// viewers some browsers build as a page that the policy would then forbid to draw.
func wantsCSP(contentType string) bool { return !strings.HasPrefix(contentType, "application/pdf") }
