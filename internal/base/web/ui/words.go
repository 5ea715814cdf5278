package ui

// Words are the frame's own words in one interface language. Content is never translated.
type Words struct {
	Lang, Locale                          string
	Skip, SearchWhat, SearchGo            string
	Menu, Close, Sections, YouAreHere     string
	Responsible, Updated, Published       string
	Because, Contacts, Feeds, PrintedFrom string
	Emergency, More, Since                string
	Footer, Languages                     string
	Invented, WhatIsReal                  string
	ContentLanguage                       string
	sections                              map[string]string
}

var vietnamese = Words{
	Lang: "vi", Locale: "vi_VN",
	Skip: "Đến nội dung chính", SearchWhat: "Tìm trong trang này", SearchGo: "Tìm",
	Menu: "Danh mục", Close: "Đóng", Sections: "Các chuyên mục", YouAreHere: "Vị trí của trang",
	Responsible: "Chịu trách nhiệm nội dung", Updated: "Cập nhật", Published: "Đăng", Because: "Thay đổi",
	Contacts:  "Liên hệ",
	Emergency: "Thông báo khẩn", More: "Xem chi tiết", Since: "từ", Footer: "Về trang này", Languages: "Ngôn ngữ",
	Invented: "Trang trình diễn", WhatIsReal: "điều gì ở đây là thật?", ContentLanguage: "", PrintedFrom: "In từ", Feeds: "Theo dõi bằng trình đọc tin",
	sections: map[string]string{
		"/": "Trang đầu", "/tin": "Tin tức", "/van-ban": "Văn bản", "/lich-thi": "Lịch thi", "/diem-thi": "Điểm thi",
		"/diem-moi": "Điểm mới", "/tinh-hinh": "Tình hình thi", "/tra-cuu": "Tra cứu điểm", "/pho-diem": "Phổ điểm",
		"/hoi-dap": "Hỏi đáp", "/duong-day-nong": "Đường dây nóng", "/bao-chi": "Báo chí", "/guong-tot": "Gương tốt",
		"/on-thi": "Ôn thi", "/canh-bao": "Cảnh báo", "/ky-thi": "Các kỳ thi", "/tim": "Tìm kiếm",
	},
}

var english = Words{
	Lang: "en", Locale: "en_GB",
	Skip: "Skip to main content", SearchWhat: "Search this site", SearchGo: "Search",
	Menu: "Menu", Close: "Close", Sections: "Sections", YouAreHere: "Breadcrumb",
	Responsible: "Responsible for this page", Updated: "Updated", Published: "Published", Because: "What changed",
	Contacts:  "Contact",
	Emergency: "Emergency notice", More: "Details", Since: "since", Footer: "About this site", Languages: "Language",
	Invented: "Demonstration", WhatIsReal: "what is real here?", ContentLanguage: "The content below is in Vietnamese.", PrintedFrom: "Printed from", Feeds: "Feeds",
	sections: map[string]string{
		"/": "Home", "/tin": "News", "/van-ban": "Documents", "/lich-thi": "Timetable", "/diem-thi": "Exam sites",
		"/diem-moi": "What is new", "/tinh-hinh": "Situation", "/tra-cuu": "Results", "/pho-diem": "Score distribution",
		"/hoi-dap": "Questions", "/duong-day-nong": "Hotline", "/bao-chi": "Press", "/guong-tot": "Good deeds",
		"/on-thi": "Revision", "/canh-bao": "Alerts", "/ky-thi": "Exams", "/tim": "Search",
	},
}

// Section gives the link to a public section, labelled in the interface language ("vi" or "en").
// A path that is none of ours is labelled by itself.
func Section(lang, path string) Link {
	words := Frame{Lang: lang}.words()
	label, ok := words.sections[path]
	if !ok {
		label = path
	}
	return Link{Href: path, Label: label}
}
