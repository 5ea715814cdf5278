package publish

// FirstLine is what the door reads before it knows whose a connection is, for the fuzz test.
var FirstLine = firstLine

// A Head is what the public plane reads of a request's header.
type Head struct {
	Method, Target, AcceptEncoding, IfNoneMatch, Range string
	Size                                               int
	Body                                               bool
}

// ParseHead reads one for the fuzz test.
func ParseHead(data []byte) (Head, bool, bool) {
	h, complete, ok := parseHead(data)
	return Head{h.method, h.target, h.acceptEncoding, h.ifNoneMatch, h.byteRange, h.size, h.body}, complete, ok
}
