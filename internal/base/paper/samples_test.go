package paper_test

import (
	"fmt"

	"bangvang/internal/base/paper"
	"bangvang/internal/base/text"
)

// The papers every test of form is made on. Figures are invented.

func department() paper.Organisation {
	return paper.Organisation{Governing: "UBND tỉnh Lai Châu", Issuing: "Sở Giáo dục và Đào tạo"}
}

func cells(words ...string) []paper.Cell {
	out := make([]paper.Cell, len(words))
	for i, w := range words {
		out[i] = paper.Cell{Text: paper.Text(w)}
	}
	return out
}

// sittingReport follows the skeleton of a report on one half-day of an exam (domain.md section 4).
func sittingReport() *paper.Document {
	table := paper.Table{
		Columns: []paper.Column{{}, {Width: 19, Align: paper.Right}, {Width: 19, Align: paper.Right}, {Width: 15, Align: paper.Right},
			{Width: 20, Align: paper.Right}, {Width: 18, Align: paper.Right}, {Width: 18, Align: paper.Right}, {Width: 16, Align: paper.Right}},
		Head: []paper.Row{
			{Cells: []paper.Cell{{Text: paper.Text("Bài thi, môn thi"), Down: 2}, {Text: paper.Text("Đăng ký"), Down: 2}, {Text: paper.Text("Dự thi"), Down: 2},
				{Text: paper.Text("Vắng"), Down: 2}, {Text: paper.Text("Tỷ lệ"), Down: 2}, {Text: paper.Text("Thí sinh vi phạm"), Span: 3}}},
			{Cells: cells("Khiển trách", "Cảnh cáo", "Đình chỉ")},
		},
	}
	registered, present := int64(0), int64(0)
	for _, p := range []struct {
		name                string
		registered, present int64
	}{{"Ngữ văn", 3210, 3192}, {"Toán", 3214, 3190}, {"Vật lí", 1042, 1040}, {"Hóa học", 1038, 1035}, {"Sinh học", 1041, 1037}, {"Tiếng Anh", 2876, 2861}} {
		table.Rows = append(table.Rows, paper.Row{Cells: cells(p.name, text.FormatNumber(p.registered), text.FormatNumber(p.present),
			text.FormatNumber(p.registered-p.present), text.FormatPercent(p.present, p.registered), "0", "0", "1")})
		registered, present = registered+p.registered, present+p.present
	}
	table.Rows = append(table.Rows, paper.Row{Total: true, Cells: cells("Tổng cộng", text.FormatNumber(registered), text.FormatNumber(present),
		text.FormatNumber(registered-present), text.FormatPercent(present, registered), "0", "0", "6")})
	return &paper.Document{
		Organisation: department(),
		Number:       5,
		Symbol:       "BC-SGDĐT",
		Place:        "Lai Châu",
		Date:         paper.Date{Day: 7, Month: 7, Year: 2021},
		Type:         "Báo cáo",
		Abstract:     "Tình hình tổ chức buổi thi sáng ngày 07/7/2021 Kỳ thi tốt nghiệp THPT năm 2021",
		Addressees:   []string{"Văn phòng Bộ Giáo dục và Đào tạo"},
		Body: []paper.Block{
			paper.Heading{Level: 1, Title: "Tình hình chung"},
			paper.Paragraph{Text: paper.Text("Buổi thi được tổ chức tại 23 điểm thi với 142 phòng thi, 598 cán bộ, giáo viên tham gia công tác coi thi. Thời tiết thuận lợi, giao thông thông suốt, không có thí sinh đến muộn quá thời gian quy định.")},
			paper.Heading{Level: 1, Title: "Số liệu buổi thi"},
			paper.Paragraph{Text: []paper.Run{{Text: "Số liệu đến "}, {Text: "11 giờ 30 phút", Bold: true}, {Text: " ngày 07/7/2021, gồm "}, {Text: "23/23 điểm thi", Italic: true}, {Text: " đã báo cáo:"}}},
			table,
			paper.Heading{Level: 1, Title: "Cán bộ vi phạm"},
			paper.Paragraph{Text: paper.Text("Không có.")},
			paper.Heading{Level: 1, Title: "Sự cố và xử lý"},
			paper.List{Items: []paper.Item{
				{Text: paper.Text("Điểm thi số 7 mất điện lưới từ 8 giờ 10 phút đến 8 giờ 25 phút; điểm thi đã dùng máy phát điện dự phòng, không ảnh hưởng đến việc làm bài của thí sinh.")},
				{Text: paper.Text("Điểm thi số 12 có 01 thí sinh bị ốm trong giờ làm bài, được cán bộ y tế chăm sóc và tiếp tục dự thi.")},
			}},
			paper.Heading{Level: 1, Title: "Đánh giá, kiến nghị"},
			paper.Paragraph{Text: paper.Text("Buổi thi diễn ra nghiêm túc, an toàn, đúng quy chế. Sở Giáo dục và Đào tạo tỉnh Lai Châu trân trọng báo cáo.")},
		},
		Signature:  paper.Signature{Posts: []paper.Post{{paper.ForHead, "Giám đốc"}, {"", "Phó Giám đốc"}}, Name: "Nguyễn Thị Hạnh"},
		Recipients: []paper.Recipient{{Name: "Thường trực Ban Chỉ đạo thi cấp tỉnh", Role: "b/c"}, {Name: "Lãnh đạo Sở"}, {Name: "Công an tỉnh", Role: "phối hợp"}},
		Archive:    "VT, VP",
	}
}

// letter is a công văn: urgent, to several, still without a number.
func letter() *paper.Document {
	return &paper.Document{
		Organisation: department(),
		Symbol:       "SGDĐT-VP",
		Place:        "Lai Châu",
		Date:         paper.Date{Month: 2, Year: 2021},
		Abstract:     "cung cấp địa chỉ thư điện tử và số điện thoại đường dây nóng",
		Urgency:      paper.Express,
		Circulation:  "Lưu hành nội bộ",
		Addressees:   []string{"Các đơn vị trực thuộc Sở", "Phòng Giáo dục và Đào tạo các huyện, thành phố", "Trung tâm GDNN-GDTX các huyện"},
		Bases:        []string{"Căn cứ Chỉ thị số 08/CT-UBND ngày 12 tháng 5 năm 2021 của Chủ tịch Ủy ban nhân dân tỉnh", "Theo đề nghị của Chánh Văn phòng Sở;"},
		Body: []paper.Block{
			paper.Paragraph{Text: paper.Text("Sở Giáo dục và Đào tạo thông báo địa chỉ tiếp nhận và xử lý thông tin về Kỳ thi như sau:")},
			paper.Paragraph{Level: 2, Text: []paper.Run{{Text: "Thư điện tử: "}, {Text: "vp.sogddt@laichau.gov.vn", Bold: true}, {Text: "."}}},
			paper.Paragraph{Level: 2, Text: []paper.Run{{Text: "Điện thoại: "}, {Text: "02133799569, 02133876961", Bold: true}, {Text: "."}}},
			paper.Paragraph{Text: paper.Text("Đề nghị các đơn vị niêm yết thông tin trên tại bảng tin và báo cáo kết quả về Sở trước 17 giờ cùng ngày")},
		},
		Signature: paper.Signature{Posts: []paper.Post{{paper.ByOrder, "Giám đốc"}, {paper.ForHead, "Chánh Văn phòng"}, {"", "Phó Chánh Văn phòng"}}, Name: "Trần Văn Đức"},
		Archive:   "VT, VP",
	}
}

// communicationPlan has the structure of the seed plan: I, II, III, below them 1, a) and dashes, and its Nơi nhận
// (domain.md 1.4).
func communicationPlan() *paper.Document {
	p := func(s string) paper.Paragraph { return paper.Paragraph{Text: paper.Text(s)} }
	list := func(items ...string) paper.List {
		var l paper.List
		for _, it := range items {
			l.Items = append(l.Items, paper.Item{Text: paper.Text(it)})
		}
		return l
	}
	return &paper.Document{
		Organisation: department(),
		Symbol:       "KH-SGDĐT",
		Place:        "Lai Châu",
		Date:         paper.Date{Month: 6, Year: 2021},
		Type:         "KẾ HOẠCH",
		Abstract:     "Truyền thông về Kỳ thi tốt nghiệp THPT năm 2021",
		Body: []paper.Block{
			p("Thực hiện Chỉ thị số 08/CT-UBND ngày 12/5/2021 của Chủ tịch Ủy ban nhân dân tỉnh Lai Châu về việc tổ chức Kỳ thi tốt nghiệp trung học phổ thông năm 2021, Sở Giáo dục và Đào tạo xây dựng Kế hoạch truyền thông về Kỳ thi như sau:"),
			paper.Heading{Level: 1, Title: "Mục đích, yêu cầu"},
			paper.Heading{Level: 2, Title: "Mục đích"},
			p("Giúp cán bộ quản lý, giáo viên, nhân viên, học sinh, phụ huynh học sinh và nhân dân trên địa bàn tỉnh nhận thức đầy đủ, đúng đắn về mục đích, ý nghĩa và các thông tin liên quan đến Kỳ thi; những quy định, quy chế thi; tạo sự đồng thuận của toàn xã hội đối với việc tổ chức Kỳ thi."),
			p("Thông tin đầy đủ, kịp thời, chính xác tình hình chuẩn bị, tổ chức và kết quả Kỳ thi đến các cơ quan quản lý, cơ quan báo chí và nhân dân."),
			paper.Heading{Level: 2, Title: "Yêu cầu"},
			p("Công tác truyền thông được thực hiện thường xuyên, liên tục trước, trong và sau kỳ thi, bảo đảm Kỳ thi diễn ra nghiêm túc, an toàn, chất lượng và hiệu quả."),
			p("Đẩy mạnh thông tin nội bộ; phối hợp với các cơ quan báo chí, truyền thông trung ương và địa phương để cung cấp thông tin đúng quy định."),
			paper.Heading{Level: 1, Title: "Nội dung"},
			paper.Heading{Level: 2, Title: "Xây dựng chuyên mục “Thông tin về Kỳ thi tốt nghiệp THPT năm 2021” trên Trang thông tin điện tử của ngành Giáo dục và Đào tạo"},
			list("Cập nhật đầy đủ, kịp thời các văn bản chỉ đạo, hướng dẫn về tổ chức Kỳ thi của Bộ Giáo dục và Đào tạo, của Ủy ban nhân dân tỉnh, Ban Chỉ đạo thi cấp tỉnh và của Sở Giáo dục và Đào tạo.",
				"Phản ánh các hoạt động của Ban Chỉ đạo; công tác chuẩn bị của các địa phương, các cơ sở giáo dục và các điểm thi.",
				"Chia sẻ thông tin, kinh nghiệm trong ôn thi và kỹ năng làm bài thi cho học sinh lớp 12 và thí sinh tự do.",
				"Cập nhật kịp thời, chính xác thông tin về tình hình tổ chức các buổi thi, môn thi và kết quả thi."),
			p("Thời gian thực hiện: Tháng 6, 7, 8 năm 2021."),
			paper.Heading{Level: 2, Title: "Tuyên truyền trên các phương tiện truyền thông"},
			list("Phối hợp với các cơ quan truyền thông các cấp trên địa bàn tỉnh xây dựng chuyên mục, phóng sự, phỏng vấn, bài viết về Kỳ thi, nhất là các điểm mới trong Kỳ thi.",
				"Phổ biến đến thí sinh, phụ huynh học sinh trên toàn tỉnh những thông tin cần thiết; giải đáp những băn khoăn, thắc mắc của thí sinh và phụ huynh."),
			p("Thời gian thực hiện: Tháng 6, 7, 8 năm 2021."),
			paper.Heading{Level: 2, Title: "Thông cáo báo chí"},
			list("Cung cấp đầy đủ thông tin trước, trong và sau Kỳ thi cho các cơ quan báo chí theo đúng quy định.",
				"Căn cứ tình hình dịch bệnh, có thể tổ chức Họp báo hoặc gửi Thông cáo báo chí đến các cơ quan truyền thông."),
			p("Thời gian thực hiện: Tháng 6, 7 năm 2021."),
			paper.Heading{Level: 2, Title: "Kết nối với Văn phòng Bộ Giáo dục và Đào tạo"},
			list("Thường xuyên kết nối với Văn phòng Bộ trong Kỳ thi; báo cáo cung cấp thông tin tình hình chuẩn bị và diễn biến từng buổi thi."),
			paper.Heading{Level: 1, Title: "Tổ chức thực hiện"},
			paper.Heading{Level: 2, Title: "Các phòng thuộc Sở"},
			paper.Heading{Level: 3, Title: "Văn phòng Sở"},
			list("Làm đầu mối trong công tác truyền thông; xây dựng kế hoạch truyền thông; phối hợp với các phòng chuyên môn, nghiệp vụ tham mưu xử lý các tình huống.",
				"Phối hợp với Sở Thông tin và Truyền thông, Đài Phát thanh - Truyền hình tỉnh, Báo Lai Châu và các cơ quan báo chí trung ương, địa phương tuyên truyền về tình hình chuẩn bị các điều kiện, tổ chức thi và kết quả Kỳ thi.",
				"Giữ mối liên hệ thường xuyên, kết nối thông tin hai chiều và báo cáo kịp thời tình hình và kết quả việc tổ chức thi cho Bộ Giáo dục và Đào tạo."),
			paper.Heading{Level: 3, Title: "Phòng Khảo thí và Quản lý chất lượng giáo dục"},
			list("Tham mưu hệ thống các văn bản về tổ chức kỳ thi và tập huấn nghiệp vụ thi.",
				"Phối hợp với Phòng Chính trị - Tư tưởng đăng tải các văn bản và những thông tin cần thiết về Kỳ thi trên chuyên mục của Trang thông tin điện tử ngành tại địa chỉ laichau.edu.vn."),
			paper.Heading{Level: 3, Title: "Thanh tra Sở"},
			list("Phối hợp với Phòng Khảo thí và Quản lý chất lượng giáo dục thông báo địa chỉ thư điện tử và số điện thoại đường dây nóng tiếp nhận và xử lý thông tin Kỳ thi cho các điểm thi qua hệ thống văn bản.",
				"Nắm bắt kịp thời thông tin từ cơ sở để báo cáo Thường trực Ban Chỉ đạo thi cấp tỉnh."),
			paper.Heading{Level: 2, Title: "Các đơn vị trực thuộc Sở, trung tâm GDNN-GDTX các huyện, các điểm thi"},
			list("Phổ biến, tuyên truyền nội dung, quy chế thi đến toàn thể cán bộ quản lý, giáo viên, nhân viên, học sinh, phụ huynh học sinh và nhân dân địa phương.",
				"Tổ chức tập huấn, quán triệt kế hoạch, quy chế thi cho cán bộ, giáo viên và học sinh, đảm bảo yêu cầu, chất lượng; phòng tránh gian lận trong thi cử.",
				"Phối hợp với Ban Chỉ đạo thi cấp huyện, thành phố có biện pháp hỗ trợ học sinh trong thời gian thi, nhất là học sinh có hoàn cảnh khó khăn, học sinh ở xa điểm thi.",
				"Phối hợp với các cơ quan báo, đài trong công tác tuyên truyền; tạo điều kiện để phóng viên tác nghiệp tại đơn vị, điểm thi theo quy định.",
				"Thông tin, báo cáo kịp thời Sở Giáo dục và Đào tạo tình hình chuẩn bị và tổ chức, những khó khăn, vướng mắc, những vấn đề phát sinh.",
				"Các điểm thi chủ động báo cáo những thông tin và kết quả tổ chức mỗi buổi thi cho Hội đồng thi theo quy định.",
				"Thông tin về Sở Giáo dục và Đào tạo các gương người tốt, việc tốt trong Kỳ thi (địa chỉ gửi bài viết: vp.sogddt@laichau.gov.vn)."),
			p("Trên đây là Kế hoạch truyền thông về Kỳ thi tốt nghiệp trung học phổ thông năm 2021. Trong quá trình thực hiện, nếu có vướng mắc liên hệ Sở Giáo dục và Đào tạo, điện thoại 02133799569, 02133876961."),
		},
		Signature: paper.Signature{Posts: []paper.Post{{"", "Giám đốc"}}, Name: "Đinh Trung Tuấn"},
		Recipients: []paper.Recipient{{"Tỉnh ủy", "báo cáo"}, {"UBND tỉnh, Ban Chỉ đạo thi", "báo cáo"}, {"Văn phòng Bộ GDĐT", "báo cáo"}, {"Lãnh đạo Sở GDĐT", "chỉ đạo"},
			{"Ban Tuyên giáo Tỉnh ủy", "báo cáo"}, {"Sở Thông tin và Truyền thông", "phối hợp"}, {"Các cơ quan truyền thông tại địa phương", "phối hợp"},
			{"Các phòng CM/NV Sở", "thực hiện"}, {"Các đơn vị trực thuộc Sở", "thực hiện"}, {"Trung tâm GDTX-GDNN các huyện", "thực hiện"}, {"Website Ngành", ""}},
		Archive: "VT, VP",
	}
}

// withAppendices has a list of 200 rows lying on its side, and a short second appendix.
func withAppendices() *paper.Document {
	d := sittingReport()
	d.Number, d.Date = 123, paper.Date{Day: 9, Month: 1, Year: 2026}
	list := paper.Table{
		Columns: []paper.Column{{Width: 12, Align: paper.Center}, {Width: 80}, {}, {Width: 25, Align: paper.Right}, {Width: 25, Align: paper.Right}, {Width: 25, Align: paper.Right}},
		Head:    []paper.Row{{Cells: cells("TT", "Điểm thi", "Địa chỉ", "Đăng ký", "Dự thi", "Vắng")}},
	}
	for i := range 200 {
		name := fmt.Sprintf("Trường trung học phổ thông số %d", i+1)
		if i%17 == 0 {
			name += " và cơ sở tại trung tâm giáo dục nghề nghiệp - giáo dục thường xuyên của huyện"
		}
		list.Rows = append(list.Rows, paper.Row{Cells: cells(fmt.Sprint(i+1), name, fmt.Sprintf("Xã số %d, tỉnh Lai Châu", i%40+1), fmt.Sprint(200+i), fmt.Sprint(198+i), "2")})
	}
	list.Rows = append(list.Rows, paper.Row{Total: true, Cells: []paper.Cell{{Text: paper.Text("Tổng cộng"), Span: 3, Align: paper.Center},
		{Text: paper.Text("59.900")}, {Text: paper.Text("59.500")}, {Text: paper.Text("400")}}})
	d.Appendices = []paper.Appendix{
		{Title: "Danh sách điểm thi và số liệu của từng điểm thi", Landscape: true, Body: []paper.Block{list}},
		{Title: "Những việc đã làm", Body: []paper.Block{paper.List{Items: []paper.Item{{Text: paper.Text("Việc thứ nhất:"), Items: []paper.Item{{Text: paper.Text("phần đầu;")}, {Text: paper.Text("phần sau.")}}}}}}},
	}
	return d
}
