// Package documents is the registry of directive and guidance documents (văn bản chỉ đạo, hướng
// dẫn) that the plan's section is built around: incoming ones of the Ministry, the province and the
// Steering Committee, and those of our own Department.
//
// Numbers and symbols are read into parts (number.go) and found again in running text
// (citation.go).
//
// Source: R-II.1-c, R-III.1.b-1; domain.md 4.3–4.5, 6.2; F-40…F-55.
package documents

// A DocID is a document's identifier, which never changes.
type DocID string
