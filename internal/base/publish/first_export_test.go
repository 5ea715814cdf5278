package publish

// FirstLine is what the door reads before it knows whose a connection is, for the fuzz test.
var FirstLine = firstLine
