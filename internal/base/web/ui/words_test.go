package ui

import (
	"reflect"
	"testing"
)

// TestBothLanguagesSayEverything stands inside the package because the words are not exported.
func TestBothLanguagesSayEverything(t *testing.T) {
	t.Parallel()
	vi, en := reflect.ValueOf(vietnamese), reflect.ValueOf(english)
	for i := range vi.NumField() {
		name := vi.Type().Field(i).Name
		if name == "sections" || name == "ContentLanguage" { // Vietnamese needs no such note
			continue
		}
		if vi.Field(i).String() == "" || en.Field(i).String() == "" {
			t.Errorf("%s is missing in one language", name)
		}
	}
	for path := range vietnamese.sections {
		if english.sections[path] == "" {
			t.Errorf("section %s has no English name", path)
		}
	}
	if len(english.sections) != len(vietnamese.sections) {
		t.Error("English names a section that Vietnamese does not")
	}
}
