package rules

// Compile and ReadTable let the tests try texts that the program does not ship.
var (
	Compile   = func(source string) error { _, err := compile(source, "report", "basis", "table"); return err }
	ReadTable = readTable
)
