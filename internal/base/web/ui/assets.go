package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed style
var styleFiles embed.FS

// An Asset is a file that pages load. Hashed ones never change under their path.
type Asset struct {
	Path      string // "/tinh/cong.1a2b3c4d5e6f.css", "/favicon.ico"
	Type      string // content type
	Body      []byte
	Immutable bool // the path names the content: cache for ever
}

// Assets lists every asset of the frames, to be served by both planes: the hashed files under
// /tinh/ and /favicon.ico. The manifest is made per installation by [Manifest].
func Assets() []Asset { return slices.Clone(assets().all) }

// AssetPath gives the hashed path of the asset called name in templates, "cong.css". It panics on
// a name there is none of: a page of the program names it.
func AssetPath(name string) string {
	p, ok := assets().paths[name]
	if !ok {
		panic("ui: no asset " + name)
	}
	return p
}

// assets are made when first asked for: a command that draws nothing need not draw the icons.
var assets = sync.OnceValue(collect)

type assetSet struct {
	all   []Asset
	paths map[string]string
}

func collect() assetSet {
	s := assetSet{paths: map[string]string{}}
	common := mustRead("common.css")
	s.add("cong.css", minify(common+mustRead("public.css")))
	s.add("quan-tri.css", minify(common+mustRead("office.css")))
	s.add("dem-nguoc.js", []byte(mustRead("dem-nguoc.js")))
	s.add("hoi-dong.css", minify(mustRead("hoi-dong.css")))
	for _, name := range []string{"quan-tri.js", "soan.js", "dinh-dang.js", "nhap.js", "bang-song.js", "chon-diem.js", "dien-thoai.js"} {
		s.add(name, []byte(mustRead(name)))
	}
	s.add("bang.svg", []byte(boardSVG))
	for _, size := range []int{180, 192, 512} {
		s.add(fmt.Sprintf("bang-%d.png", size), boardPNG(size))
	}
	s.all = append(s.all, Asset{Path: "/favicon.ico", Type: "image/vnd.microsoft.icon", Body: boardICO()})
	return s
}

func (s *assetSet) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	p := fmt.Sprintf("/tinh/%s.%s%s", strings.TrimSuffix(name, ext), hex.EncodeToString(sum[:6]), ext)
	s.paths[name] = p
	s.all = append(s.all, Asset{Path: p, Type: types[ext], Body: body, Immutable: true})
}

var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
}

func mustRead(name string) string {
	b, err := styleFiles.ReadFile("style/" + name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssAround  = regexp.MustCompile(`\s*([{};,])\s*`)
)

// minify takes comments and needless space out of our own style sheets. It is not a CSS parser:
// our files keep no comment marks or runs of spaces inside quotes.
func minify(css string) []byte {
	css = cssComment.ReplaceAllString(css, "")
	css = cssSpace.ReplaceAllString(css, " ")
	css = cssAround.ReplaceAllString(css, "$1")
	return []byte(strings.TrimSpace(strings.ReplaceAll(css, ";}", "}")))
}

// Manifest makes /manifest.webmanifest for an installation: its long name and one short enough to
// stand under an icon.
func Manifest(name, short string) (Asset, error) {
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	body, err := json.Marshal(struct {
		Name       string `json:"name"`
		ShortName  string `json:"short_name"`
		Lang       string `json:"lang"`
		StartURL   string `json:"start_url"`
		ID         string `json:"id"`
		Display    string `json:"display"`
		Background string `json:"background_color"`
		Theme      string `json:"theme_color"`
		Icons      []icon `json:"icons"`
	}{name, short, "vi", "/", "/", "browser", "#faf6ec", "#faf6ec", []icon{
		{AssetPath("bang.svg"), "any", "image/svg+xml"},
		{AssetPath("bang-192.png"), "192x192", "image/png"},
		{AssetPath("bang-512.png"), "512x512", "image/png"},
	}})
	return Asset{Path: "/manifest.webmanifest", Type: "application/manifest+json", Body: body}, err
}
