package paper_test

import (
	"io"
	"testing"

	"bangvang/internal/base/paper"
)

func BenchmarkReportPDF(b *testing.B) {
	d := sittingReport()
	for b.Loop() {
		if err := paper.WritePDF(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReportDOCX(b *testing.B) {
	d := sittingReport()
	for b.Loop() {
		if err := paper.WriteDOCX(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendixOf200RowsPDF(b *testing.B) {
	d := withAppendices()
	for b.Loop() {
		if err := paper.WritePDF(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
