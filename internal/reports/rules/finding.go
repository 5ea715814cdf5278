package rules

// A Finding is one thing that is wrong with a report.
type Finding struct {
	Rule    string // "V-02"
	Level   string // "E" refuses; "W" needs a typed reason
	Field   string // where, "lines.0.present"
	Key     string // names the finding in Report.Reasons
	Message string // Vietnamese
}
