// Small helps on office pages; every page works without them.
// A form goes out once: its buttons rest until the answer comes, or the reader returns to it.
addEventListener("submit", e => {
  const f = e.target;
  if (f.dataset.sent) return e.preventDefault();
  if (f.method === "post" && !e.defaultPrevented) f.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(f => delete f.dataset.sent));
// What is wrong with a form is read first.
document.getElementById("loi-bieu-mau")?.focus();
