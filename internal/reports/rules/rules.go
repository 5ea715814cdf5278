package rules

// A Level says what a broken rule means.
type Level string

// The levels of domain.md 3.6.
const (
	Error   Level = "E" // the report is refused
	Warning Level = "W" // a reason must be typed
)

// A Finding is one rule that a report breaks.
type Finding struct {
	Rule  string `json:"rule"` // "V-02"; "F-08" for the form itself: codes, times, lengths, what must be there
	Level Level  `json:"level"`
	// Field is where the message stands: "lines.<key>.absent", "lines.<key>.why.<reason>",
	// "incidents.0.at", "staff.0.count", a field of the report by its JSON name, "before" for what was
	// said of earlier sittings, "" for the report as a whole.
	Field string `json:"field"`
	// Key is under which name Report.Reasons answers a warning, "V-07:lines.<key>.rooms"; "" for an
	// error. It is the same in both parts of a sitting's report, so a reason may be carried over.
	Key     string `json:"key,omitempty"`
	Message string `json:"message"` // Vietnamese: what is wrong and what to do
}

// Check gives everything that the report breaks, in the order of the table; never nil.
//
// How the rules that look beyond one line are read for one site: V-06 counts who is barred once per
// combined paper, not per component. V-12 compares all present with the first sitting's, and lets more
// registered explain as many more present. V-13 asks for the unknown absences of the sitting just
// before. V-14 compares with that sitting too, in all counts and reasons. V-12 to V-14 are asked once:
// not in part 2 when there was a part 1.
//
// Source: domain.md 3.5, 3.6; V-01 to V-15, V-20 to V-22.
func Check(r Report, b Basis) []Finding { return judge(shipped.Rules, world(r, b)) }

// A Verdict is what Check found, sorted by what it asks for.
type Verdict struct {
	Errors   []Finding // refused
	Open     []Finding // warnings without a reason
	Answered []Finding // warnings with one; who accepts the report reads them
}

// OK tells whether the report may be sent.
func (v Verdict) OK() bool { return len(v.Errors)+len(v.Open) == 0 }

// Judge checks the report and holds its typed reasons against the warnings: one of at least five
// characters that are no blanks answers.
func Judge(r Report, b Basis) (v Verdict) {
	for _, f := range Check(r, b) {
		switch {
		case f.Level == Error:
			v.Errors = append(v.Errors, f)
		case letters(r.Reasons[f.Key]) >= shipped.Reason:
			v.Answered = append(v.Answered, f)
		default:
			v.Open = append(v.Open, f)
		}
	}
	return v
}

// Running gives by line key the running check that stands under a line while it is typed:
// "238 + 3 = 241 ✓". A line whose three counts are not all there has none.
func Running(r Report, b Basis) map[string]string {
	lines := map[string]string{}
	for _, f := range judge([]*rule{shipped.Running}, world(r, b)) {
		lines[f.Field] = f.Message
	}
	return lines
}
