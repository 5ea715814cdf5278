package paper

import (
	"bytes"
	"fmt"
	"strings"
)

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace  = `http://schemas.openxmlformats.org/wordprocessingml/2006/main`
	relSpace   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	namespaces = `xmlns:w="` + wordSpace + `" xmlns:r="` + relSpace + `"`
	typePrefix = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
	wordFace   = "Times New Roman"
)

var styleByID = func() map[string]*style {
	m := make(map[string]*style, len(styles))
	for _, s := range styles {
		m[s.id] = s
	}
	return m
}()

// A packagePart is one file of the package.
type packagePart struct {
	name string
	data []byte
}

// parts are the files of the package around the body: ECMA-376, part 1.
func (x *docx) parts(d *Document) []packagePart {
	var types, rels strings.Builder
	override := func(name, kind string) {
		fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%s"/>`, name, kind)
	}
	relate := func(id, kind, target string) {
		fmt.Fprintf(&rels, `<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, relSpace, kind, target)
	}
	var body bytes.Buffer
	body.WriteString(xmlHead + `<w:document ` + namespaces + `><w:body>`)
	body.Write(x.b.Bytes())
	body.WriteString(`</w:body></w:document>`)

	inside := []packagePart{
		{"word/document.xml", body.Bytes()},
		{"word/styles.xml", stylesPart()},
		{"word/settings.xml", []byte(settingsPart)},
		{"word/fontTable.xml", []byte(fontPart)},
	}
	for i, kind := range []string{"document.main", "styles", "settings", "fontTable"} {
		override(inside[i].name, typePrefix+kind+"+xml")
		if i > 0 {
			relate(fmt.Sprintf("rId%d", i), kind, strings.TrimPrefix(inside[i].name, "word/"))
		}
	}
	for i, h := range x.headers {
		name := fmt.Sprintf("header%d.xml", i+1)
		inside = append(inside, packagePart{"word/" + name, h})
		override("word/"+name, typePrefix+"header+xml")
		relate(fmt.Sprintf("rIdH%d", i+1), "header", name)
	}
	override("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	override("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml")

	const relsHead = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	all := []packagePart{
		{"[Content_Types].xml", []byte(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` + types.String() + `</Types>`)},
		{"_rels/.rels", []byte(relsHead +
			`<Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
			`<Relationship Id="rId3" Type="` + relSpace + `/extended-properties" Target="docProps/app.xml"/></Relationships>`)},
	}
	all = append(all, inside...)
	return append(all,
		packagePart{"word/_rels/document.xml.rels", []byte(relsHead + rels.String() + `</Relationships>`)},
		packagePart{"docProps/core.xml", []byte(xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
			`<dc:title>` + escaped(d.Title()) + `</dc:title><dc:creator>` + escaped(clean(d.Organisation.Issuing)) + `</dc:creator><dc:language>vi-VN</dc:language></cp:coreProperties>`)},
		packagePart{"docProps/app.xml", []byte(xmlHead + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Company>` +
			escaped(clean(d.Organisation.Issuing)) + `</Company></Properties>`)},
	)
}

// stylesPart writes the styles of the form, by the names a clerk sees in Word.
func stylesPart() []byte {
	var b bytes.Buffer
	f := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	f(xmlHead+`<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="%[2]s" w:eastAsia="%[2]s" w:hAnsi="%[2]s" w:cs="%[2]s"/>`+
		`<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>`+
		`<w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>`, namespaces, wordFace)
	f(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>`)
	f(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>`+
		`<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>%s</w:tblPr></w:style>`, margins(5.4))
	f(`<w:style w:type="table" w:customStyle="1" w:styleId="BangSoLieu"><w:name w:val="Bảng số liệu"/><w:basedOn w:val="TableNormal"/><w:qFormat/>`+
		`<w:tblPr><w:tblBorders>%s</w:tblBorders>%s</w:tblPr></w:style>`,
		strings.ReplaceAll(borders("000000", "top", "left", "bottom", "right", "insideH", "insideV"), `w:sz="6"`, `w:sz="4"`), margins(cellSide))
	for _, s := range styles {
		f(`<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, s.id, s.name)
		if s.keepNext {
			f(`<w:keepNext/>`)
		}
		above, below := s.before, 0.
		if s == styleTableHead || s == styleTableCell {
			above, below = cellAbove, cellAbove
		}
		line := ""
		switch {
		case s == styleRule || s == styleGap:
			line = fmt.Sprintf(` w:line="%d" w:lineRule="exact"`, dxa(s.lineHeight()))
		case s.line != 0:
			line = fmt.Sprintf(` w:line="%.0f" w:lineRule="auto"`, 240*s.line)
		}
		f(`<w:spacing w:before="%d" w:after="%d"%s/>`, dxa(above), dxa(below), line)
		f(`<w:ind %s/><w:jc w:val="%s"/>`, indents(s.left, s.right, s.first), justification[s.align])
		if s.outline > 0 {
			f(`<w:outlineLvl w:val="%d"/>`, s.outline-1)
		}
		f(`</w:pPr><w:rPr>`)
		if s.bold {
			f(`<w:b/><w:bCs/>`)
		}
		if s.italic {
			f(`<w:i/><w:iCs/>`)
		}
		if s.red {
			f(`<w:color w:val="%s"/>`, redHex)
		}
		f(`<w:sz w:val="%[1]d"/><w:szCs w:val="%[1]d"/></w:rPr></w:style>`, int(s.size*2))
	}
	f(`</w:styles>`)
	return b.Bytes()
}

const settingsPart = xmlHead + `<w:settings ` + namespaces + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>`

const fontPart = xmlHead + `<w:fonts ` + namespaces + `><w:font w:name="` + wordFace + `"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="A3"/>` +
	`<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`
