package feed_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"bangvang/internal/base/feed"
)

func sample() feed.Feed {
	at := time.Date(2021, 6, 5, 2, 30, 0, 0, time.UTC)
	return feed.Feed{Title: "Văn bản & hướng dẫn", Subtitle: "Của bốn cơ quan", Home: "https://thi.example.vn/van-ban", Author: "Văn phòng Sở",
		Items: []feed.Item{
			{ID: "https://thi.example.vn/van-ban/08-ct-ubnd-2021", Link: "https://thi.example.vn/van-ban/08-ct-ubnd-2021",
				Title: "08/CT-UBND <Tăng cường>", Summary: "Tóm tắt", HTML: "<p>Toàn văn “đặc biệt” & đủ ]]></p>", Category: "Chỉ thị",
				Published: at, Updated: at.Add(time.Hour), Files: []feed.File{{Link: "https://thi.example.vn/a.pdf", Type: "application/pdf", Size: 1234}}},
			{ID: "urn:x", Link: "https://thi.example.vn/b", Title: "Không nội dung", Published: at},
		}}
}

func TestAnOutsideReaderReadsAllThree(t *testing.T) {
	t.Parallel()
	f := sample()
	forms, err := f.Forms()
	if err != nil || len(forms) != 3 {
		t.Fatal(forms, err)
	}
	for _, form := range forms {
		name, body := form.Ending[1:], form.Body
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !bytes.Contains(body, []byte("https://thi.example.vn/van-ban."+name)) {
				t.Errorf("the feed does not name its own address:\n%s", body)
			}
			got, err := gofeed.NewParser().Parse(bytes.NewReader(body))
			if err != nil {
				t.Fatalf("%v in\n%s", err, body)
			}
			if got.FeedType != name || got.Title != f.Title || len(got.Items) != 2 {
				t.Fatalf("read as %s %q with %d items", got.FeedType, got.Title, len(got.Items))
			}
			i := got.Items[0]
			if i.Title != f.Items[0].Title && !strings.Contains(i.Title, "Tăng cường") {
				t.Errorf("title %q", i.Title)
			}
			if i.Content != f.Items[0].HTML || i.GUID != f.Items[0].ID || i.Link != f.Items[0].Link {
				t.Errorf("content %q guid %q link %q", i.Content, i.GUID, i.Link)
			}
			if i.PublishedParsed == nil || !i.PublishedParsed.Equal(f.Items[0].Published) {
				t.Errorf("published %v", i.PublishedParsed)
			}
			if len(i.Enclosures) != 1 || i.Enclosures[0].URL != "https://thi.example.vn/a.pdf" {
				t.Errorf("enclosures %v", i.Enclosures)
			}
		})
	}
}

func TestAnEmptyFeedIsStillAFeedAndStaysTheSame(t *testing.T) {
	t.Parallel()
	f := feed.Feed{Title: "Tin", Home: "https://x.vn/tin", Author: "Sở"}
	a, err := f.Atom("https://x.vn/tin.atom")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := gofeed.NewParser().Parse(bytes.NewReader(a)); err != nil || len(got.Items) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	b, _ := f.Atom("https://x.vn/tin.atom")
	if !bytes.Equal(a, b) {
		t.Error("the same list gave different bytes")
	}
}
