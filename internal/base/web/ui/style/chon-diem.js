// Choosing a site by the keyboard: typing narrows the list, Enter opens the first, arrows walk through it.
const fold = s => s.normalize("NFD").replace(/[̀-ͯ]/g, "").replace(/[đĐ]/g, "d").toLowerCase().trim();
const choose = document.querySelector("[data-chon]");
if (choose) {
  const typed = choose.querySelector("#diem"), rows = [...document.querySelectorAll("[data-ten]")];
  const open = () => rows.filter(r => !r.hidden);
  const narrow = () => {
    const want = fold(typed.value), bare = want.replace(/^0+/, "");
    const exact = want && rows.filter(r => { const code = fold(r.querySelector("b").textContent); return code === want || bare && code.replace(/^0+/, "") === bare; });
    rows.forEach(r => { r.hidden = exact?.length ? !exact.includes(r) : !r.dataset.ten.includes(want); });
  };
  typed.addEventListener("input", narrow);
  choose.addEventListener("submit", e => {
    const first = open()[0]?.querySelector("a");
    if (first) { e.preventDefault(); location.assign(first.href); }
  });
  addEventListener("keydown", e => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key], stops = [typed, ...open().map(r => r.querySelector("a"))], at = stops.indexOf(document.activeElement);
    if (!step || at < 0) return;
    e.preventDefault();
    stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
  });
}
