package publish

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/blob"
)

// unchanged tells whether the reader's copy is still good (RFC 9110 §13.2.2): If-None-Match when
// there is one, else If-Modified-Since. modified is in ms UTC, 0 for unknown.
func unchanged(r Request, etag, lastModified string, modified int64) bool {
	if r.IfNoneMatch != "" {
		return matches(r.IfNoneMatch, etag)
	}
	if r.IfModifiedSince == "" || modified == 0 {
		return false
	}
	if r.IfModifiedSince == lastModified { // what browsers send back, letter by letter
		return true
	}
	since, err := http.ParseTime(r.IfModifiedSince)
	return err == nil && !time.UnixMilli(modified).Truncate(time.Second).After(since)
}

// matches compares a list of ETags with one, weakly as If-None-Match asks for.
func matches(list, etag string) bool {
	for candidate := range strings.SplitSeq(list, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}

// file answers with an attachment or the part of it that was asked for: PDF readers and resumed
// downloads ask for parts.
func (p *Plane) file(pg *page, f *form, headers [][2]string, r Request) Response {
	ref := blob.Ref{Hash: pg.Hash, Size: pg.File}
	if p.site.files == nil {
		return p.later(r, "Tệp này tạm thời chưa tải được. Hãy thử lại sau ít phút.")
	}
	all := Response{Status: http.StatusOK, Headers: headers, File: &Content{Ref: ref, Length: ref.Size, open: p.site.files.Open}}
	if r.Range == "" || r.IfRange != "" && r.IfRange != f.etag && r.IfRange != f.lastModified {
		return all
	}
	from, length, ok, satisfiable := parseRange(r.Range, ref.Size)
	switch {
	case !ok:
		return all // several ranges, another unit, or unreadable: all of it is a right answer
	case !satisfiable:
		return p.tiny(r, http.StatusRequestedRangeNotSatisfiable, "Tệp không có phần được yêu cầu.",
			[2]string{"Content-Range", fmt.Sprintf("bytes */%d", ref.Size)})
	}
	headers = append(headers, [2]string{"Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+length-1, ref.Size)})
	return Response{Status: http.StatusPartialContent, Headers: headers, File: &Content{Ref: ref, Offset: from, Length: length, open: p.site.files.Open}}
}

// parseRange reads one range of bytes: "bytes=0-99", "bytes=100-", "bytes=-100".
func parseRange(header string, size int64) (from, length int64, ok, satisfiable bool) {
	spec, found := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	if !found || !dash || strings.Contains(spec, ",") {
		return 0, 0, false, false
	}
	if first == "" { // the last so many bytes
		n, err := digits(last)
		if err != nil {
			return 0, 0, false, false
		}
		n = min(n, size)
		return size - n, n, true, n > 0
	}
	from, err := digits(first)
	if err != nil {
		return 0, 0, false, false
	}
	to := size - 1
	if last != "" {
		if to, err = digits(last); err != nil || to < from {
			return 0, 0, false, false
		}
		to = min(to, size-1)
	}
	return from, to - from + 1, true, from < size
}

// digits reads a number without a sign.
func digits(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	return int64(n), err
}
