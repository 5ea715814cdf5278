// The surface on which a reading copy is written. What is pasted goes to the server and comes back
// clean; what is sent is cleaned there once more. Without script the form is a field of plain text.
const editor = document.querySelector("[data-soan]"), field = document.getElementById(editor.dataset.soan);
const surface = editor.querySelector("[contenteditable]");
const told = editor.querySelector("[data-bao]"), say = text => { editor.querySelector("[role=status]").textContent = text; };
const run = (command, value) => document.execCommand(command, false, value);
const changed = () => surface.dispatchEvent(new Event("input"));
let waiting = 0;

// A cleaned text as nodes, without anchors, which would stand on the page twice, and stops of Tab.
const nodes = html => {
  const t = document.createElement("template");
  t.innerHTML = html;
  t.content.querySelectorAll("[id],[tabindex]").forEach(e => { e.removeAttribute("id"); e.removeAttribute("tabindex"); });
  return t;
};
const fill = html => surface.replaceChildren(nodes(html || "<p><br></p>").content);
const clean = async (body, type) => {
  waiting++;
  say("Đang làm sạch…");
  try {
    const r = await fetch(editor.dataset.lamSach, { method: "POST", body, headers: { "Content-Type": type } });
    if (r.ok) return say(""), await r.json();
    const page = new DOMParser().parseFromString(await r.text(), "text/html");
    say(page.querySelector("main p")?.textContent ?? "Máy chủ chưa nhận được. Hãy thử lại.");
  } catch {
    say("Chưa nối được với máy chủ nên chưa dán. Nội dung vẫn trong bộ nhớ tạm: hãy dán lại khi có mạng.");
  } finally {
    waiting--;
  }
};
const tell = (notes, before) => {
  told.hidden = !notes?.length && !before;
  told.querySelector("ul").replaceChildren(...(notes ?? []).map(n => Object.assign(document.createElement("li"), { textContent: n })));
  const undo = told.querySelector("button");
  undo.hidden = !before;
  undo.onclick = () => { surface.replaceChildren(...before); changed(); tell(); };
};
// A long text goes in directly: insertHTML, which Ctrl+Z takes back, needs minutes for megabytes.
const long = 2e4;
const put = (t, at) => {
  const before = [...surface.cloneNode(true).childNodes], block = [...surface.children].find(b => b.contains(at.endContainer));
  at.deleteContents();
  if (!surface.textContent.trim()) surface.replaceChildren(t.content);
  else if (block) block.after(t.content);
  else surface.append(t.content);
  changed();
  return before;
};

surface.addEventListener("paste", async e => {
  const html = e.clipboardData.getData("text/html"), text = e.clipboardData.getData("text/plain");
  if (!html && text && !/[\r\n]/.test(text)) return e.preventDefault(), run("insertText", text);
  e.preventDefault();
  if (!html && !text) return say("Trong bộ nhớ tạm không có chữ. Nếu là hình, hãy thêm thành tệp của văn bản.");
  const at = getSelection().getRangeAt(0).cloneRange(), doc = await clean(html || text, html ? "text/html" : "text/plain");
  if (!doc) return;
  const t = nodes(doc.html), only = t.content.children.length === 1 && t.content.querySelector(":scope > p");
  say("Đã dán.");
  if (t.innerHTML.length > long) return tell(doc.notes, put(t, at));
  surface.focus();
  getSelection().setBaseAndExtent(at.startContainer, at.startOffset, at.endContainer, at.endOffset); // it has followed what was typed meanwhile
  if (surface.textContent.trim()) run("insertHTML", only ? only.innerHTML : t.innerHTML);
  else run("selectAll"), run("insertHTML", t.innerHTML);
  tell(doc.notes);
});
editor.addEventListener("thay", async e => {
  const doc = await clean(e.detail, "text/html");
  if (doc) fill(doc.html), changed(), surface.focus();
});

field.form.addEventListener("submit", e => {
  if (waiting) return e.preventDefault(), say("Phần vừa dán chưa xong. Hãy đợi giây lát rồi bấm lại.");
  field.form.elements.surface.value = "1";
  field.value = surface.textContent.trim() ? surface.innerHTML : "";
});
fill(field.value);
run("defaultParagraphSeparator", "p");
field.labels[0]?.addEventListener("click", () => surface.focus());
surface.ariaLabel = field.labels[0]?.firstChild.data.trim();
field.hidden = true;
field.after(editor);
[surface.id, field.id] = [field.id, field.id + "-goc"];
surface.role = "textbox";
surface.ariaMultiLine = true;
surface.setAttribute("aria-describedby", field.getAttribute("aria-describedby") ?? "");
editor.hidden = false;
