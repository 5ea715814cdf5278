// A text that is being typed stays in the browser until it is saved: a lost line, a closed tab or a
// crash loses nothing. It is sealed with a key that only this person's pages carry, so that the next
// one at the machine reads nothing; without https there is no sealing, and it stays only as long as
// the tab.
const keep = crypto.subtle ? localStorage : sessionStorage, month = 30 * 864e5;
const old = document.querySelector("[data-nhap-cu]");
if (old && location.hash === "#da-luu-ban-doc") {
  keep.removeItem(old.dataset.nhapCu);
  history.replaceState(null, "", location.pathname);
}
for (const name of Object.keys(keep)) {
  if (name.startsWith("nhap:") && !(JSON.parse(keep[name]).at > Date.now() - month)) keep.removeItem(name);
}
const desk = document.querySelector("[data-nhap]");
if (desk) (async () => {
  const name = desk.dataset.nhap, surface = desk.querySelector("[contenteditable]"), offer = desk.querySelector("[data-con-nhap]");
  const state = desk.querySelector("[data-giu]"), time = at => new Date(at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric", year: "numeric" });
  const out = b => btoa(Array.from(b, c => String.fromCharCode(c)).join("")), raw = s => Uint8Array.from(atob(s), c => c.charCodeAt(0));
  const key = crypto.subtle && await crypto.subtle.importKey("raw", raw(desk.dataset.khoa), "AES-GCM", false, ["encrypt", "decrypt"]);
  const seal = async text => {
    if (!key) return { at: Date.now(), text };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { at: Date.now(), iv: out(iv), text: out(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text)))) };
  };
  const open = async d => key ? new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw(d.iv) }, key, raw(d.text))) : d.text;
  const words = html => new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, "");
  let timer = 0, kept = true, sent = false;
  const save = async () => {
    timer = 0;
    try {
      const d = await seal(surface.innerHTML);
      keep.setItem(name, JSON.stringify(d));
      kept = !timer;
      state.textContent = `Bản soạn dở đã giữ trên máy này${key ? "" : " đến khi đóng thẻ"}, ${time(d.at)}. Chưa gửi.`;
    } catch {
      state.textContent = "Máy này không giữ được bản soạn dở. Hãy bấm “Lưu bản đọc” sớm.";
    }
  };
  surface.addEventListener("input", () => { kept = false; timer ||= setTimeout(save, 800); });
  document.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", e => { if (!kept && !sent) e.preventDefault(); });
  if ("daGui" in desk.dataset) return save(); // it came back from the server: this is the newest
  let draft, text;
  try {
    draft = JSON.parse(keep.getItem(name));
    text = draft && await open(draft);
  } catch { /* sealed in a session that has ended */ }
  if (!text) return;
  if (words(text) === words(surface.innerHTML)) return keep.removeItem(name);
  const choose = () => { offer.hidden = true; surface.contentEditable = true; };
  surface.contentEditable = false;
  offer.querySelector("span").textContent = time(draft.at);
  offer.hidden = false;
  offer.querySelector("[data-mo]").onclick = () => { choose(); desk.dispatchEvent(new CustomEvent("thay", { detail: text })); };
  offer.querySelector("[data-bo]").onclick = () => { choose(); keep.removeItem(name); surface.focus(); };
})();
