// A site's form as the duty computer lives through it: no network, a lost answer, an expired session, a
// wrong clock, a wiped browser, two tabs, two computers, a form that has grown old.
//
//   node site.mjs BASE '{"passwords":{"thu-ky-diem-thi":"…"}}'
//
// The demonstration's clock stands at 14:31 on 8/7/2021, a quarter of an hour before the attendance of the last
// sitting is final. Prints {steps:[{name, error}], weights:{path: bytes}, request: bytes}; a step whose
// error is "" went as told. The exit status is 0 when every step was tried.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [base, request, shots] = process.argv.slice(2);
const { passwords } = JSON.parse(request);
const list = '/quan-tri/bao-cao/diem-thi';
const program = ['chromium', 'chromium-browser', 'google-chrome'].map(n => spawnSync('sh', ['-c', `command -v ${n}`]).stdout.toString().trim()).find(Boolean);
const browser = await chromium.launch({
  executablePath: program, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const answer = { steps: [], weights: {}, request: 0 };
async function step(name, told) {
  let error = '';
  const opened = [];
  try {
    await told(opened);
    if (opened.broken) throw opened.broken;
  } catch (e) { error = String(e.stack ?? e).slice(0, 2000); }
  for (const context of opened) {
    if (error) for (const page of context.pages()) error += `\n--- ${page.url()}\n` + (await page.locator('main').innerText({ timeout: 1000 }).catch(() => '')).slice(0, 1500);
    await context.close();
  }
  answer.steps.push({ name, error });
}

// computer opens a browser of its own; broken scripts end the step.
async function computer(opened, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', bypassCSP: false, ...options });
  context.setDefaultTimeout(60_000);
  context.on('weberror', e => { opened.broken = e.error(); });
  opened.push(context);
  return context;
}
async function login(page, username) {
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(passwords[username]);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
}
async function desk(opened, username = 'thu-ky-diem-thi', options = {}) {
  const context = await computer(opened, options), page = await context.newPage();
  await page.goto(`${base}/quan-tri/dang-nhap`);
  await login(page, username);
  await page.getByRole('heading', { level: 1, name: 'Việc hôm nay' }).waitFor();
  return { context, page };
}
// sitting opens a form, and waits until this machine could open it again by itself.
async function sitting(page, name) {
  await page.goto(base + list);
  await page.getByRole('main').getByRole('table').getByRole('link', { name, exact: true }).click();
  await page.locator('html[data-giu]').waitFor({ state: 'attached' });
}
const part = (page, n) => page.locator(`#luot-${n}`);
// count fills in a part: absent on the first line, all sick.
async function count(page, n, absent = 0) {
  const form = page.locator(`#mau-${n}`);
  for (const [i, line] of (await form.locator('[data-mon]').all()).entries()) {
    const all = Number(await line.locator('input[name$=".registered"]').inputValue()), gone = i ? 0 : absent;
    await line.locator('input[name$=".present"]').fill(String(all - gone));
    await line.locator('input[name$=".absent"]').fill(String(gone));
    await line.locator('details').evaluate(d => { d.open = true; });
    for (const why of await line.locator('input[name*=".why."]').all()) if (await why.inputValue()) await why.fill('');
    if (gone) await line.locator('[name$=".why.sick"]').fill(String(gone));
    await line.locator('input[name$=".rooms"]').fill(String(Math.ceil(all / 24)));
  }
  if (n === 2) {
    await form.getByRole('button', { name: 'ghi 0' }).click();
    await form.getByLabel('Không có sự cố').check();
    await form.getByLabel('Trưởng điểm thi').fill('Nguyễn Văn Trưởng');
    await form.getByLabel('Người chứng kiến').fill('Trần Thị Phó');
    await form.getByLabel('Giờ nối mạng').fill('14:40');
    await form.getByLabel('Giờ ngắt mạng').fill('14:45');
  }
}
// reasons types a reason for every warning that stands.
async function reasons(page, n) {
  for (const area of await page.locator(`#mau-${n} .canh textarea`).all()) if (!await area.inputValue()) await area.fill('Đã kiểm tra, đúng như vậy');
}
const send = (page, n) => part(page, n).getByRole('button', { name: `Gửi lượt ${n}` }).click();
async function receipt(page, n) {
  const code = part(page, n).locator('.bien-nhan b');
  await page.waitForFunction(n => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(document.querySelector(`#luot-${n} .bien-nhan b`)?.textContent) && !document.querySelector(`#luot-${n} [data-da-gui]`).hidden, n);
  return code.textContent();
}
const says = (page, words) => page.locator('[data-tinh-trang]').getByText(words).waitFor();
async function look(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}
async function clean(page, where) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.deepEqual(result.violations.map(v => `${where}: ${v.id}: ${v.nodes.map(n => n.html).slice(0, 2).join(' | ')}`), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth) <= 1, `${where} is wider than the window`);
}

await step('the first load weighs at most 50 kB, scripts and styles included', async opened => {
  const { context, page } = await desk(opened);
  await page.getByRole('main').getByText('Báo cáo Toán: Lượt 2').waitFor(); // today's work
  await page.goto(base + list);
  const forms = await page.getByRole('main').locator('tbody th a').evaluateAll(all => all.map(a => a.getAttribute('href')));
  const cookies = await context.cookies();
  for (const path of forms) {
    const empty = await computer(opened);
    await empty.addCookies(cookies);
    const fresh = await empty.newPage(), devtools = await empty.newCDPSession(fresh);
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; });
    await fresh.goto(base + path, { waitUntil: 'networkidle' });
    await fresh.locator('html[data-giu]').waitFor({ state: 'attached' });
    const worker = await empty.request.get(base + await fresh.locator('#bao-cao').getAttribute('data-tho')); // its own target: not in the page's sum
    bytes += (await worker.body()).length + 400;
    answer.weights[path] = bytes;
    assert.ok(bytes <= 50_000, `${path}: ${bytes} bytes`);
  }
});

await step('filled by keyboard, it survives a reload without network and sends when the network is back', async opened => {
  const { context, page } = await desk(opened);
  await sitting(page, 'Toán');
  const form = page.locator('#mau-1');
  const all = Number(await form.locator('input[name$=".registered"]').inputValue());
  await form.locator('input[name$=".present"]').focus();
  await page.keyboard.type(String(all - 3));
  await page.keyboard.press('Enter');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await form.getByText(`${all - 3} + 2 = ${all - 1}, thiếu 1 so với ${all}`).waitFor();
  await form.locator('.error').getByText('phải bằng “Đăng ký”').first().waitFor();
  await look(page, 'loi-tai-o');
  await clean(page, 'with an error');
  await form.locator('input[name$=".absent"]').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('3');
  await form.getByText(`${all - 3} + 3 = ${all} ✓`).waitFor();
  await form.locator('input[name$=".rooms"]').focus();
  await page.keyboard.type('2'); // too few: a warning
  await form.locator('[name$=".why.sick"]').focus();
  await page.keyboard.type('2');
  await form.locator('[name$=".why.dropped"]').focus();
  await page.keyboard.type('1');
  await form.locator('.canh').getByText('không đủ cho').waitFor();
  await form.locator('.canh textarea').fill('Hai phòng lớn, đã được duyệt');
  await clean(page, 'with a warning');
  await look(page, 'canh-bao');

  await context.setOffline(true);
  await page.reload();
  await says(page, 'mở từ bản giữ trên máy');
  assert.equal(await form.locator('input[name$=".present"]').inputValue(), String(all - 3));
  assert.equal(await form.locator('[name^="reasons."]').inputValue(), 'Hai phòng lớn, đã được duyệt');
  await form.locator('input[name$=".rooms"]').fill(String(Math.ceil(all / 24)));
  await send(page, 1);
  await says(page, 'Đã lưu trên máy này, chưa gửi');
  await look(page, 'chua-gui');
  await page.reload(); // the lid was closed
  await says(page, 'Đã lưu trên máy này, chưa gửi');
  const sent = page.waitForRequest(r => r.url().includes('/gui?'));
  await context.setOffline(false);
  await receipt(page, 1);
  answer.request = (await sent).postDataBuffer().length;
  assert.ok(answer.request <= 2000, `${answer.request} bytes`);
  await says(page, 'Mã biên nhận');
  await part(page, 1).getByText(`Toán: đăng ký ${all}, có mặt ${all - 3}, vắng 3`).waitFor();
  await look(page, 'bien-nhan');
  await page.emulateMedia({ media: 'print' });
  await look(page, 'in');
  assert.ok(await part(page, 1).locator('.nhat-ky').isVisible(), 'the log line is not printed');
  assert.ok(!(await form.isVisible()), 'the form is printed');
});

await step('a lost answer is asked for again and gives one receipt', async opened => {
  const { page } = await desk(opened);
  await sitting(page, 'Ngữ văn');
  await count(page, 2, 3);
  const codes = [];
  await page.route('**/gui?*', async route => {
    const res = await route.fetch();
    codes.push((await res.json()).gui.ma);
    if (codes.length < 2) await route.abort('connectionreset'); else await route.fulfill({ response: res });
  });
  await send(page, 2);
  await reasons(page, 2); // the demonstration's site may have said other in part 1
  if (await page.locator('#mau-2 [data-tom]').isVisible()) await send(page, 2);
  const code = await receipt(page, 2);
  assert.deepEqual(codes, [code, code]);
  await part(page, 2).getByText('Còn chờ Trưởng điểm thi xác nhận').waitFor();
});

await step('the head confirms on a page with the figures and one button', async opened => {
  const { page } = await desk(opened, 'truong-diem-thi');
  await page.goto(base + list);
  await page.getByRole('table').getByRole('link', { name: 'Xem và xác nhận' }).first().click();
  await look(page, 'xac-nhan');
  await clean(page, 'the confirmation');
  await page.getByRole('button', { name: /^Xác nhận lượt 2, biên nhận/ }).click();
  await page.getByText('Trưởng điểm đã xác nhận').first().waitFor();
});

await step('an expired session loses nothing: after the login in another tab the sending goes on', async opened => {
  const { context, page } = await desk(opened);
  await sitting(page, 'Toán');
  await count(page, 2, 3);
  const cookies = await context.cookies();
  await context.clearCookies({ name: /phien/ });
  await send(page, 2);
  await says(page, 'Phiên đăng nhập đã hết');
  await look(page, 'het-phien');
  const again = await context.newPage();
  await again.goto(page.url());
  await again.getByLabel('Tên đăng nhập').waitFor(); // the kept page is for when there is no network
  await again.close();
  const [tab] = await Promise.all([context.waitForEvent('page'), page.locator('[data-tinh-trang]').getByRole('link', { name: 'Đăng nhập lại' }).click()]);
  await login(tab, 'thu-ky-diem-thi');
  const code = await receipt(tab, 2);
  await page.bringToFront();
  assert.equal(await receipt(page, 2), code);
  assert.ok(cookies.length > 0);
});

await step('two tabs have one draft and send it once', async opened => {
  const { context, page } = await desk(opened);
  await sitting(page, 'Toán');
  const first = await receipt(page, 1);
  const other = await context.newPage();
  await other.goto(page.url());
  await page.bringToFront();
  await part(page, 1).getByRole('link', { name: 'Sửa báo cáo đã gửi' }).click();
  await count(page, 1, 2);
  await page.locator('#mau-1').getByLabel('Vì sao sửa báo cáo đã gửi').fill('Một thí sinh đến trước giờ tính muộn');
  let sent = 0;
  context.on('request', r => { if (r.url().includes('/gui?')) sent++; });
  await other.waitForFunction(() => document.querySelector('#mau-1 [name$=".absent"]').value === '2' && !document.querySelector('#mau-1').hidden);
  await send(page, 1);
  await page.waitForFunction(first => document.querySelector('#luot-1 .bien-nhan b').textContent !== first, first);
  const code = await receipt(page, 1);
  await other.waitForFunction(code => document.querySelector('#luot-1 .bien-nhan b').textContent === code, code);
  assert.equal(sent, 1);
});

await step('a form older than the server says which line changed and keeps what was typed', async opened => {
  const { context, page } = await desk(opened);
  await sitting(page, 'Khoa học tự nhiên · Khoa học xã hội');
  await count(page, 1, 2);
  await context.setOffline(true);
  await send(page, 1);
  await says(page, 'Đã lưu trên máy này, chưa gửi');
  const office = await desk(opened, 'khao-thi');
  await office.page.goto(`${base}/quan-tri/ky-thi/2021/dot/1/dang-ky`);
  const cell = office.page.getByLabel('Điểm thi THPT Chuyên Lê Quý Đôn: Khoa học tự nhiên – Vật lí', { exact: true });
  const was = Number(await cell.inputValue());
  await cell.fill(String(was - 1));
  await office.page.getByRole('button', { name: 'Lưu' }).click();
  await office.page.getByText('Đã lưu số đăng ký').waitFor();
  await context.setOffline(false);
  await says(page, 'Máy chủ chưa nhận lượt 1');
  await part(page, 1).getByText(`đăng ký ${was} → ${was - 1}`).waitFor();
  await look(page, 'mau-cu');
  const line = page.locator('#mau-1 [data-mon]').first();
  assert.equal(await line.locator('input[name$=".absent"]').inputValue(), '2');
  assert.equal(await line.locator('input[name$=".registered"]').inputValue(), String(was - 1));
  await line.locator('input[name$=".present"]').fill(String(was - 3));
  await send(page, 1);
  await receipt(page, 1);
});

await step('an amendment takes the place of what was sent, with its reason', async opened => {
  const { page } = await desk(opened);
  await sitting(page, 'Khoa học tự nhiên · Khoa học xã hội');
  const first = await receipt(page, 1);
  await part(page, 1).getByRole('link', { name: 'Sửa báo cáo đã gửi' }).click();
  await send(page, 1);
  await page.locator('#mau-1 .error').getByText('vì sao sửa').first().waitFor();
  const line = page.locator('#mau-1 [data-mon]').first(), all = Number(await line.locator('input[name$=".registered"]').inputValue());
  await line.locator('input[name$=".present"]').fill(String(all - 1));
  await line.locator('input[name$=".absent"]').fill('1');
  await line.locator('[name$=".why.sick"]').fill('1');
  await page.locator('#mau-1').getByLabel('Vì sao sửa báo cáo đã gửi').fill('Đếm lại phòng số 4');
  await send(page, 1);
  await page.waitForFunction(first => document.querySelector('#luot-1 .bien-nhan b').textContent !== first, first);
  await part(page, 1).getByText(`có mặt ${all - 1}, vắng 1`).waitFor();
});

await step('two computers at one site: other figures are both kept and the Council decides', async opened => {
  const one = await desk(opened), two = await desk(opened, 'truong-diem-thi');
  for (const { page } of [one, two]) await sitting(page, 'Khoa học tự nhiên · Khoa học xã hội');
  await count(one.page, 2, 1);
  await count(two.page, 2, 2);
  await two.page.locator('#mau-2 .canh').getByText('Phần 1 đã báo').first().waitFor(); // V-09
  await two.page.locator('#mau-2 .canh textarea').first().fill('Một thí sinh ngất, đưa đi cấp cứu');
  await send(one.page, 2);
  await receipt(one.page, 2);
  await send(two.page, 2);
  await receipt(two.page, 2);
  await part(two.page, 2).getByText('Số liệu khác với báo cáo đã có').or(two.page.locator('[data-tinh-trang]').getByText('Số liệu khác với báo cáo đã có')).first().waitFor();
  await look(two.page, 'hai-may');
});

for (const [name, hours] of [['ahead', 48], ['behind', -48]]) {
  await step(`a clock two days ${name} changes nothing: the server's time decides`, async opened => {
    const context = await computer(opened);
    await context.clock.install({ time: Date.now() + hours * 3600e3 });
    const page = await context.newPage();
    await page.goto(`${base}/quan-tri/dang-nhap`);
    await login(page, 'thu-ky-diem-thi');
    await sitting(page, 'Ngoại ngữ');
    for (const worker of context.serviceWorkers()) { // the worker has the same clock
      await worker.evaluate(ms => { const real = Date.now; Date.now = () => real() + ms; }, hours * 3600e3);
    }
    await count(page, 1, 1);
    await send(page, 1);
    await page.locator('#mau-1 .error').getByText('chỉ chốt được từ 14:45').first().waitFor(); // it is some minutes before
    await context.setOffline(true);
    await page.reload();
    await says(page, 'mở từ bản giữ trên máy');
    await send(page, 1);
    await page.locator('#mau-1 .error').getByText('chỉ chốt được từ 14:45').first().waitFor();
  });
}

await step('a wiped browser says when the draft was last seen', async opened => {
  const { page } = await desk(opened);
  await sitting(page, 'Ngoại ngữ');
  const told = page.waitForResponse(r => r.url().endsWith('/nhip'));
  await page.locator('#mau-1 input[name$=".present"]').fill('100');
  await told;
  await page.evaluate(async () => {
    localStorage.clear();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.reload();
  await part(page, 1).getByText('Bản nháp của điểm thi thấy lần cuối lúc').waitFor();
  assert.equal(await page.locator('#mau-1 input[name$=".present"]').inputValue(), '');
  await look(page, 'mat-nhap');
});

await step('another person on the same machine is told of the draft and can send it', async opened => {
  const { context, page } = await desk(opened);
  await sitting(page, 'Ngoại ngữ');
  await page.locator('#mau-1 input[name$=".present"]').fill('117');
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.getByLabel('Tên đăng nhập').waitFor();
  assert.equal(await page.evaluate(() => caches.has('bao-cao-diem-thi')), false, 'the page is still kept after the logout');
  await login(page, 'truong-diem-thi');
  await page.getByRole('heading', { level: 1, name: 'Việc hôm nay' }).waitFor();
  await sitting(page, 'Ngoại ngữ');
  assert.equal(await page.locator('#mau-1 input[name$=".present"]').inputValue(), '');
  await part(page, 1).getByRole('button', { name: 'Dùng số liệu này' }).click();
  assert.equal(await page.locator('#mau-1 input[name$=".present"]').inputValue(), '117');
  assert.equal(context.pages().length, 1);
});

await step('at 360 px, light and dark, nothing is wider than the page and axe finds nothing', async opened => {
  for (const [width, colorScheme] of [[360, 'light'], [360, 'dark'], [1280, 'light']]) {
    const { page } = await desk(opened, 'thu-ky-diem-thi', { viewport: { width, height: 740 }, colorScheme });
    for (const name of ['Ngữ văn', 'Ngoại ngữ']) {
      await sitting(page, name);
      if (name === 'Ngoại ngữ') await send(page, 1);
      await clean(page, `${name}, ${width} px ${colorScheme}`);
      await look(page, `${name === 'Ngữ văn' ? 'da-gui' : 'trong'}-${width}-${colorScheme}`);
    }
    await page.goto(base + list);
    await clean(page, `the list, ${width} px ${colorScheme}`);
    await look(page, `danh-sach-${width}-${colorScheme}`);
  }
});

await browser.close();
console.log(JSON.stringify(answer, null, 1));
