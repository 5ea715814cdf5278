// The toolbar of a surface: what a button says is done to the selected text.
const tools = document.querySelector("[role=toolbar]"), sheet = document.getElementById(tools.getAttribute("aria-controls"));

document.addEventListener("selectionchange", () => {
  if (!sheet.contains(getSelection().anchorNode)) return;
  const kind = document.queryCommandValue("formatBlock");
  tools.querySelectorAll("[aria-pressed]").forEach(b => {
    b.setAttribute("aria-pressed", b.value ? b.value === kind : document.queryCommandState(b.dataset.lenh));
  });
});
// The focus goes back to the text, what was selected stays so.
const back = () => {
  const s = getSelection(), at = sheet.contains(s.anchorNode) ? [s.anchorNode, s.anchorOffset, s.focusNode, s.focusOffset] : null;
  sheet.focus();
  if (at) s.setBaseAndExtent(...at);
  return at;
};
tools.addEventListener("click", e => {
  const tool = e.target.closest("button");
  if (!tool) return;
  let command = tool.dataset.lenh, value = tool.value;
  if (command === "createLink") {
    value = prompt(tool.dataset.hoi, getSelection().anchorNode?.parentElement?.closest("a")?.href ?? "");
    if (value === null) return back();
    if (!value.trim()) command = "unlink";
  }
  const s = getSelection(), [node, offset] = back() ?? [], left = node?.textContent.slice(offset), caret = s.isCollapsed;
  document.execCommand(command, false, value);
  // Chromium makes a list of the line and leaves the caret at its beginning.
  if (command.endsWith("List") && caret && s.anchorNode?.textContent.endsWith(left)) s.collapse(s.anchorNode, s.anchorNode.textContent.length - left.length);
});
tools.addEventListener("mousedown", e => e.target.closest("button") && e.preventDefault()); // the selection stays
// One stop of Tab; the arrows lead along it.
const stops = [...tools.children];
const stop = n => stops.forEach((s, i) => { s.tabIndex = i === n ? 0 : -1; });
tools.addEventListener("keydown", e => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key], n = stops.indexOf(e.target);
  if (!step || n < 0) return;
  e.preventDefault();
  stops[(n + step + stops.length) % stops.length].focus();
});
tools.addEventListener("focusin", e => stop(stops.indexOf(e.target)));
stop(0);
