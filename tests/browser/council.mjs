// The Council's pages of site reports in Chromium.
//
//   node council.mjs BASE '{"cookie":"name=value","second":"name=value","phone":{…},"board":{…},"sheet":{…}}'
//
// phone {path, site, typed, closing}: types a report by the keyboard alone, at the pace of somebody who
//   listens and reads back aloud. Prints {fields, closing, seconds, said, flash}.
// board {path, sites, slot, shot}: the wall screen at 1920 × 1080: all sites without scrolling, each told
//   apart without colour; then "second" accepts the report of slot and the wall shows it. Prints
//   {tiles, shown, height, code, marks, heard}; heard is in milliseconds.
// sheet {path, file}: how many A4 pages the call sheet prints on, from the page and as the file on disk.
//   Prints {page, file}.
//
// Prints one JSON object with what was asked for. Exit status 0 when it could look at everything.
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const [base, request] = process.argv.slice(2);
const { cookie, second, phone, board, sheet } = JSON.parse(request);
const program = ['chromium', 'chromium-browser', 'google-chrome'].map(n => spawnSync('sh', ['-c', `command -v ${n}`]).stdout.toString().trim()).find(Boolean);
const browser = await chromium.launch({
  executablePath: program, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const rest = ms => new Promise(r => setTimeout(r, ms));

async function open(path, { who = cookie, width = 1366, height = 768 } = {}) {
  const context = await browser.newContext({ viewport: { width, height } });
  await context.addCookies(who.split('; ').map(c => ({ name: c.slice(0, c.indexOf('=')), value: c.slice(c.indexOf('=') + 1), url: `${base}/quan-tri/` })));
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('pageerror', e => { throw e; });
  const response = await page.goto(base + path, { waitUntil: 'load' });
  if (!response.ok()) throw new Error(`${path} answers ${response.status()}`);
  return page;
}

// What can be typed into or ticked and is seen without opening anything.
const fields = page => page.evaluate(() => [...document.querySelectorAll('main form input:not([type=hidden]), main form select, main form textarea')].filter(i => i.checkVisibility()).length);

const out = {};
if (phone) {
  const page = await open(phone.path);
  const began = Date.now();
  const keys = page.keyboard;
  // Somebody practised types six keys a second and hears each number before typing it.
  const type = async words => { await rest(900); await keys.type(words, { delay: 160 }); await keys.press('Enter'); };
  await type(phone.site);
  await page.locator('#doc').waitFor();
  out.fields = await fields(page);
  for (const words of phone.typed) await type(words);
  await rest(300);
  await keys.press('Enter'); // it was not the head who spoke
  await page.locator('#doc-lai p:not(.soft)').first().waitFor();
  out.said = await page.locator('#doc-lai').innerText();
  await rest(out.said.replace(/[()]/g, ' ').split(/\s+/).length * 280); // read aloud, three and a half syllables a second
  await rest(1500); // "Đúng."
  out.focus = await page.evaluate(() => document.activeElement.name);
  await keys.press('Space');
  await keys.press('Enter');
  await page.locator('.notice.ok').waitFor();
  out.seconds = (Date.now() - began) / 1000;
  out.flash = await page.locator('.notice.ok').innerText();
  out.chooser = await page.evaluate(() => document.activeElement.id);
  const closing = await open(phone.closing);
  out.closing = await fields(closing);
  out.tall = await closing.evaluate(() => Math.max(...[...document.querySelectorAll('main form input:not([type=hidden])')].filter(i => i.checkVisibility()).map(i => i.getBoundingClientRect().bottom)));
}
if (board) {
  const page = await open(board.path, { width: 1920, height: 1080 });
  await page.getByText('Tự cập nhật khi có thay đổi.').waitFor();
  if (board.shot) await page.screenshot({ path: board.shot });
  Object.assign(out, await page.evaluate(() => {
    const tiles = [...document.querySelectorAll('.bang-o .o a')];
    return {
      tiles: tiles.length,
      shown: tiles.filter(a => { const r = a.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth; }).length,
      height: document.documentElement.scrollHeight,
      code: parseFloat(getComputedStyle(tiles[0].querySelector('.ma')).fontSize),
      marks: [...new Set(tiles.map(a => a.querySelector('.ma span').textContent + ' ' + a.querySelector('small').textContent.replace(/\d+/, 'n')))],
      late: document.querySelector('.bang-tre li')?.textContent ?? '',
    };
  }));
  const other = await open(board.slot, { who: second });
  const href = new URL(other.url()).pathname;
  const turned = page.locator(`.o.nhan a[href^="${href}"]`).waitFor().then(() => Date.now());
  const answered = other.waitForResponse(r => r.request().method() === 'POST').then(() => Date.now());
  await other.getByRole('button', { name: 'Tiếp nhận', exact: true }).first().click();
  out.heard = (await turned) - (await answered);
}
if (sheet) {
  const sheets = async page => (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  const page = await open(sheet.path);
  await page.emulateMedia({ media: 'print' });
  out.page = await sheets(page);
  out.pressed = await page.locator('main button').evaluateAll(all => all.filter(b => b.checkVisibility()).length);
  const file = await (await browser.newContext()).newPage();
  await file.setContent(sheet.file);
  out.file = await sheets(file);
  if (sheet.shot) await page.screenshot({ path: sheet.shot, fullPage: true });
}
await browser.close();
console.log(JSON.stringify(out));
