package privacy

import (
	"fmt"
	"strings"

	"bangvang/internal/base/text"
)

// How many make a list, in running text, where nothing but their form tells what they are.
const (
	manyIDs        = 2  // unless the text calls it by name: then one is enough
	manyBirthDates = 3  // names followed by a birth date
	manyCandidates = 5  // when the text speaks of candidate numbers
	manyNumbers    = 10 // when it does not
	manyPhones     = 8  // a hotline and the officers of a department are public
	manyEmails     = 5
)

// near is how far before a number its label, or before a birth date its name, may stand, in bytes.
const near = 90

var idLabels = []string{"cccd", "can cuoc", "cmnd", "cmtnd", "chung minh", "dinh danh"}

// A textScan is one pass over a document's text.
type textScan struct {
	year                                          int
	ids, labelled, old, births, sbd, phone, mails tally
}

// scanText looks for values by their form alone.
func scanText(year int, pages []string, found map[Kind]*tally) {
	s := textScan{year: year}
	speaksOfCandidates := false
	for i, page := range pages {
		where := "trong văn bản"
		if len(pages) > 1 {
			where = fmt.Sprintf("trang %d", i+1)
		}
		s.page(page, where)
		if folded := text.Fold(page); strings.Contains(folded, "bao danh") || strings.Contains(folded, "sobaodanh") || strings.Contains(folded, "sbd") {
			speaksOfCandidates = true
		}
	}
	if len(s.labelled.seen) > 0 {
		s.ids.report(found, CitizenID, 1)
	}
	s.ids.report(found, CitizenID, manyIDs)
	s.old.report(found, IdentityNo, 1)
	s.births.report(found, BirthDates, manyBirthDates)
	if speaksOfCandidates {
		s.sbd.report(found, Candidates, manyCandidates)
	} else if sameCouncil(s.sbd.values()) {
		s.sbd.report(found, Candidates, manyNumbers)
	}
	s.phone.report(found, Phones, manyPhones)
	s.mails.report(found, Emails, manyEmails)
}

func (s *textScan) page(page, where string) {
	phoneEnd := 0
	digitRuns(page, func(start, end int) {
		if d := dayAt(page, start, end); d != "" {
			s.birth(page, d, start, where)
		}
		if start < phoneEnd {
			return
		}
		if n, stop := mobileAt(page, start); n != "" {
			s.phone.add(n, where, mask(n))
			phoneEnd = stop
			return
		}
		if alone(page, start, end) {
			s.number(page, start, end, where)
		}
	})
	addresses(page, func(a string) {
		if private(a) {
			s.mails.add(strings.ToLower(a), where, maskAddress(a))
		}
	})
}

func (s *textScan) number(page string, start, end int, where string) {
	switch n := page[start:end]; {
	case citizenID(n, s.year):
		s.ids.add(n, where, mask(n))
		if called(page, start, idLabels) {
			s.labelled.add(n, where, mask(n))
		}
	case len(n) == 9 && called(page, start, idLabels):
		s.old.add(n, where, mask(n))
	case candidate(n) && !compactDay(n):
		s.sbd.add(n, where, mask(n))
	}
}

// birth counts a birth date with a name before it. "ngày 24/12/2010" is a date of signing, "sinh
// ngày" a birth.
func (s *textScan) birth(page, d string, at int, where string) {
	if !born(d, s.year) {
		return
	}
	before := strings.ToValidUTF8(page[max(0, at-near):at], "")
	folded := strings.TrimSpace(text.Fold(before))
	if strings.HasSuffix(folded, "ngay") && !strings.HasSuffix(folded, "sinh ngay") {
		return
	}
	if name := nameBefore(before); name != "" {
		s.births.add(name+d, where, initials(name))
	}
}

// called tells whether one of the folded labels stands shortly before a place in the text.
func called(page string, at int, labels []string) bool {
	before := text.Fold(strings.ToValidUTF8(page[max(0, at-near):at], ""))
	for _, l := range labels {
		if strings.Contains(before, l) {
			return true
		}
	}
	return false
}

// sameCouncil tells whether nearly all numbers begin alike, as a council's candidates do.
func sameCouncil(numbers []string) bool {
	count := map[string]int{}
	most := 0
	for _, n := range numbers {
		count[n[:2]]++
		most = max(most, count[n[:2]])
	}
	return most*5 >= len(numbers)*4
}
