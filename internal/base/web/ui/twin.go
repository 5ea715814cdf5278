package ui

import "strings"

// A Drawn is one public page, ready to be published under its path.
type Drawn struct {
	Path string
	Body []byte
}

// Sites is what all pages of the installation have in common, once for each interface language.
type Sites struct{ Vietnamese, English Site }

// Twins draws a public page in both interface languages: in Vietnamese under its canonical path,
// and with an English frame under /en before it. Each names the other (hreflang). The content is
// the same; only the frame speaks English.
func (v *View[T]) Twins(sites Sites, frame Frame, data T) ([]Drawn, error) {
	path := frame.Canonical
	frame.Alternates = []Alternate{{"vi", path}, {"en", InLanguage("en", path)}, {"x-default", path}}
	var drawn []Drawn
	for _, lang := range []string{"vi", "en"} {
		f := frame
		f.Lang, f.Canonical, f.Site = lang, InLanguage(lang, path), sites.Vietnamese
		other := Link{Href: InLanguage("en", path), Label: "English", Lang: "en"}
		if lang == "en" {
			f.Site, f.Section = sites.English, InLanguage("en", frame.Section)
			other = Link{Href: path, Label: "Tiếng Việt", Lang: "vi"}
		}
		f.Site.Languages = []Link{other}
		body, err := v.Public(f, data)
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, Drawn{f.Canonical, body})
	}
	return drawn, nil
}

// InLanguage gives the path of a public page in an interface language: /en stands before the
// English twin's path.
func InLanguage(lang, path string) string {
	if lang != "en" || path == "" {
		return path
	}
	return strings.TrimSuffix("/en"+path, "/")
}
