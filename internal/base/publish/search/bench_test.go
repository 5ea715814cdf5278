package search_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/publish/search"
)

// stock is what generated texts are made of: phrases of the sector in their usual frequency, and
// syllables that make the long tail.
var stock = struct{ phrases, onsets, rhymes []string }{
	phrases: strings.Split("kỳ thi tốt nghiệp|trung học phổ thông|THPT|thí sinh|điểm thi|Sở Giáo dục và Đào tạo|SGDĐT|Ban Chỉ đạo|cán bộ coi thi|"+
		"phòng thi|giám thị|đề thi|bài thi|môn thi|phúc khảo|đăng ký dự thi|số báo danh|quy chế thi|hướng dẫn|kế hoạch|thông báo|"+
		"giáo viên|học sinh|nhà trường|phụ huynh|an toàn|nghiêm túc|phòng, chống dịch|công tác chuẩn bị|cơ sở vật chất|tỉnh Lai Châu|"+
		"thành phố|huyện|xã|giáo dục thường xuyên|theo quy định|thực hiện|tổ chức|kết quả|thời gian|và|của|các|cho|được|trong|với|là|về|"+
		"năm 2021|ngày 07/7/2021|Chỉ thị số 08/CT-UBND|Thông tư số 15/2020/TT-BGDĐT|đường dây nóng|ôn tập", "|"),
	onsets: strings.Fields("b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x"),
	rhymes: strings.Fields("a à á ả ạ an án ang áng ao ạo ai ải âm ấm ân ất ây ầy ăn ằng e em én eo ê ền ết êu i ì ích inh ính o ó ong óng ô ông ối ơ ới ơn u ú ung úc ư ứ ưng ướng uyên uyết y ý"),
}

// generate gives n entries of about 600 words, the same for the same seed.
func generate(seed uint64, n int) []search.Entry {
	rng := rand.New(rand.NewPCG(seed, 2021))
	zipf := rand.NewZipf(rng, 1.1, 3, uint64(len(stock.phrases)-1))
	order := rng.Perm(len(stock.phrases))
	sentence := func(b *strings.Builder, words int) {
		for w := 0; w < words; {
			if rng.IntN(100) < 55 {
				p := stock.phrases[order[zipf.Uint64()]]
				b.WriteString(p)
				w += strings.Count(p, " ") + 1
			} else {
				b.WriteString(stock.onsets[rng.IntN(len(stock.onsets))] + stock.rhymes[rng.IntN(len(stock.rhymes))])
				w++
			}
			b.WriteByte(" .,\n"[max(0, rng.IntN(40)-36)])
		}
	}
	entries := make([]search.Entry, n)
	codes := []string{"CT-UBND", "KH-SGDĐT", "QĐ-UBND", "TB-BCĐ", "SGDĐT-KTQLCLGD"}
	for i := range entries {
		var title, text strings.Builder
		sentence(&title, 8+rng.IntN(12))
		sentence(&text, 400+rng.IntN(400))
		e := search.Entry{
			Key: fmt.Sprintf("k%06d", i), Path: fmt.Sprintf("/tin/%d", i), Kind: []string{"tin", "van-ban", "hoi-dap", "bao-chi"}[rng.IntN(4)],
			Title: title.String(), Text: text.String(), Day: fmt.Sprintf("2021-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28)),
		}
		if e.Kind == "van-ban" {
			e.Number = fmt.Sprintf("%02d/%s", 1+rng.IntN(400), codes[rng.IntN(len(codes))])
		}
		entries[i] = e
	}
	return entries
}

// mixed is the query set of the promise: short and long, rare and in every text, with and without
// accents, numbers, mistakes, and a pasted sentence.
var mixed = []string{
	"diem thi", "điểm thi", "ĐIỂM THI", "thi", "kỳ thi tốt nghiệp THPT năm 2021", "ky thi tot nghiep trung hoc pho thong", "08/ct-ubnd", "chi thi 08",
	"chỉ thị số 8", "15/2020/TT-BGDĐT", "SGDĐT", "sở giáo dục và đào tạo tỉnh lai châu", "phúc khảo bài thi", "so bao danh", "sbd", "tốt ngiệp", "diemthi",
	"đường dây nóng", "lịch thi môn ngữ văn", "quy chế coi thi nghiêm túc an toàn", "của", "khủng long", "cán bộ coi thi phòng thi số 12", "123/KH-SGDĐT",
	"hướng dẫn thực hiện công tác chuẩn bị cơ sở vật chất cho kỳ thi tốt nghiệp trung học phổ thông năm 2021 trên địa bàn tỉnh Lai Châu theo quy định",
	"thong bao ket qua", "học sinh giáo dục thường xuyên ôn tập", "nghiem tuc", "thí sinh", "dang ky du thi",
}

const benchSize = 10_000

func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[(len(d)-1)*p/100]
}

// BenchmarkSearch reports the promise of architecture §7: p95 ≤ 20 ms over 10,000 entries.
func BenchmarkSearch(b *testing.B) {
	ix := search.Build(generate(1, benchSize))
	var took []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		ix.Search(search.Query{Text: mixed[i%len(mixed)]})
		took = append(took, time.Since(start))
		i++
	}
	b.ReportMetric(float64(percentile(took, 50).Microseconds()), "p50-µs")
	b.ReportMetric(float64(percentile(took, 95).Microseconds()), "p95-µs")
	b.ReportMetric(float64(percentile(took, 100).Microseconds()), "max-µs")
}

func BenchmarkBuild(b *testing.B) {
	entries := generate(1, benchSize)
	before := heap()
	var ix *search.Index
	for b.Loop() {
		ix = search.Build(entries)
	}
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB-beside-the-texts")
	size := 0
	for i := range entries {
		size += len(entries[i].Text)
	}
	b.ReportMetric(float64(size)/(1<<20), "MiB-texts")
	runtime.KeepAlive(ix)
}

func BenchmarkReload(b *testing.B) {
	data := search.Encode(generate(1, benchSize))
	for b.Loop() {
		entries, err := search.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		search.Build(entries)
	}
	b.ReportMetric(float64(len(data))/(1<<20), "MiB-encoded")
}

// BenchmarkWith publishes one entry after another into 10,000.
func BenchmarkWith(b *testing.B) {
	ix := search.Build(generate(1, benchSize))
	changes := generate(2, 1000)
	var took []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		ix = ix.With(changes[i%len(changes):][:1], nil)
		took = append(took, time.Since(start))
		i++
	}
	b.ReportMetric(float64(percentile(took, 50).Microseconds()), "p50-µs")
	b.ReportMetric(float64(percentile(took, 99).Microseconds()), "p99-µs")
	b.ReportMetric(float64(percentile(took, 100).Microseconds()), "max-µs")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
