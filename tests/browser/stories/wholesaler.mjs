// A wholesaler bids sealed and sees it opened: on a phone, sealed in the browser, opened by two officers through their pages;
// and at a desk without JavaScript, at the counter.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, overflow, visitor } from '../lib/browser.mjs';
import { day } from '../lib/market.mjs';
import { closed, draft, offline } from '../lib/tender.mjs';

/** A story that hangs fails; nothing here is timed. */
const TIME = { timeout: 240_000 };
/** A price that nobody else names. */
const CANARY = '12.987';

async function fine(visit) {
  if (visit.script) assert.deepEqual(await accessibility(visit.page), [], visit.page.url());
  assert.equal(await overflow(visit.page), 0, visit.page.url());
  visit.assertClean();
}

/** Everything that the page sends from here on. */
function listen(visit) {
  const sent = [];
  visit.page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  return sent;
}

/** Presses a button and waits until the answer is there. */
async function press(visit, selector) {
  await Promise.all([visit.page.waitForEvent('load'), visit.page.locator(selector).first().click()]);
}

/** Takes a seat through the page; answers the share that it shows. */
async function takeSeat(world, who, callId) {
  const visit = await visitor(world.browser, world.server.url, { who: world.stage.people[who] });
  await visit.go(`/operate/calls/${callId}/committee`);
  await press(visit, 'form[action$="/seat"] button');
  const share = await visit.page.locator('[data-share]').textContent();
  assert.match(share, /^PSK1:/);
  await fine(visit);
  await visit.go(`/operate/calls/${callId}/committee`);
  assert.ok(!(await visit.page.content()).includes(share), 'a share is shown once');
  await visit.close();
  return share;
}

/** Two officers sit together through their pages. */
async function sit(world, callId, shares) {
  const [first, second] = await Promise.all(['officer1', 'officer2'].map((who) =>
    visitor(world.browser, world.server.url, { who: world.stage.people[who], size: DESK })));
  await first.go(`/operate/calls/${callId}/committee`);
  await first.page.fill('form[action$="/begin"] textarea', shares[0]);
  await press(first, 'form[action$="/begin"] button');
  const code = await first.page.locator('[data-code]').textContent();
  await fine(first);
  await second.go(`/operate/calls/${callId}/committee`);
  await second.page.fill('form[action$="/finish"] input[name=code]', code.trim());
  await second.page.fill('form[action$="/finish"] textarea', shares[1]);
  await press(second, 'form[action$="/finish"] button');
  await fine(second);
  const page = await second.page.content();
  await first.close();
  await second.close();
  return page;
}

/** The bid's form on a phone: what is wrong is named at once, a step is added, nothing readable is sent. */
async function bidSealed(visit, callId) {
  const sent = listen(visit);
  await visit.go(`/calls/${callId}/bid`);
  await visit.page.fill('[name=price-1]', '99.000');
  await visit.page.fill('[name=max-1]', '30');
  await visit.page.fill('[name=price-2]', 'murah');
  await visit.page.locator('[data-seal-here]').click();
  for (const name of ['price-1', 'max-1', 'price-2']) await visit.page.locator(`#problem-${name}`).waitFor();
  await fine(visit);
  await visit.page.fill('[name=price-1]', CANARY);
  await visit.page.fill('[name=max-1]', '');
  await visit.page.fill('[name=price-2]', '');
  await visit.page.locator('[data-add]').first().click();
  await visit.page.fill('[name=from-1-1]', '500');
  await visit.page.fill('[name=tier-1-1]', '12.500');
  await visit.page.locator('[data-seal-here]').click();
  await visit.page.locator('[data-sealed]:not([hidden])').waitFor();
  await fine(visit);
  const commitment = await visit.page.locator('[data-commitment]').textContent();
  await press(visit, '[data-sealed] .button.primary');
  assert.match(visit.page.url(), /\/bids\/\d+/);
  assert.ok((await visit.page.content()).includes(commitment), 'the receipt names the commitment');
  await fine(visit);
  const told = sent.filter((text) => /12[.,]?987|12[.,]?500/.test(text));
  assert.deepEqual(told, [], 'a price left the device readable');
  // What was typed is still on the phone, for a better bid.
  await visit.go(`/calls/${callId}/bid`);
  assert.equal(await visit.page.inputValue('[name=price-1]'), CANARY);
  await fine(visit);
  return commitment;
}

export default (world) => describe('a wholesaler', () => {
  it('bids sealed on a phone and sees it opened by two officers', TIME, async () => {
    const { stage, server, browser } = world;
    const round = await stage.round('Putaran lelang ponsel', 10, 15, 5);
    await stage.needs(round.id, [6, 7, 8]);
    const call = await draft(stage, round.id, 'Lelang ponsel', new Date(Date.now() + 90_000), [10, 15]);
    const shares = [];
    for (const who of ['officer1', 'officer2', 'officer3']) shares.push(await takeSeat(world, who, call.id));
    assert.match(await sit(world, call.id, shares), /Latihan berhasil/);
    const operator = await visitor(browser, server.url, { who: stage.people.operator, size: DESK });
    await operator.go(`/operate/calls/${call.id}`);
    await press(operator, 'form[action$="/publish"] button');
    await fine(operator);

    const seller = await visitor(browser, server.url, { who: stage.people.wholesaler, size: PHONE });
    await seller.go('/home');
    assert.ok((await seller.page.content()).includes('Lelang ponsel'), 'the call is on the home');
    await seller.go(`/calls/${call.id}`);
    await fine(seller);
    const commitment = await bidSealed(seller, call.id);
    await operator.go(`/operate/calls/${call.id}`);
    assert.ok(!/12[.,]987/.test(await operator.page.content()));

    await closed(stage, call.id);
    const { version } = await stage.operator.get(`/rounds/${round.id}`);
    await stage.operator.post(`/rounds/${round.id}/close`, {}, version);
    assert.ok((await sit(world, call.id, shares)).includes(commitment), 'the minutes name the commitment');
    const mine = (await stage.clients.wholesaler.get('/bids')).items.find((one) => one.call_id === call.id);
    await seller.go(`/bids/${mine.id}`);
    const opened = await seller.page.locator('main').textContent();
    assert.ok(opened.includes(CANARY) && opened.includes('12.500'), opened);
    await fine(seller);
    await seller.close();

    // Scenarios side by side, one of them proposed with its reason.
    await operator.go(`/operate/rounds/${round.id}/scenarios`);
    await press(operator, 'form[action$="/scenarios"] button');
    await operator.page.locator('table.side').first().waitFor({ timeout: 90_000 });
    for (let tries = 0; tries < 60 && (await operator.page.locator('[data-again]').count()) > 0; tries += 1) {
      await operator.page.waitForTimeout(1_000);
      await operator.go(`/operate/rounds/${round.id}/scenarios`);
    }
    await fine(operator);
    assert.ok((await operator.page.locator('svg.picture').count()) >= 1);
    const proposals = operator.page.locator('form[action$="/propose"]');
    const reasoned = proposals.filter({ has: operator.page.locator('[name=reason]') }).first();
    await Promise.all([operator.page.waitForEvent('load'), reasoned.locator('button').click()]);
    await operator.page.locator('[role=alert]').waitFor();
    await reasoned.locator('[name=reason]').fill('Dua pemasok lebih aman');
    await Promise.all([operator.page.waitForEvent('load'), reasoned.locator('button').click()]);
    assert.equal((await stage.operator.get(`/rounds/${round.id}`)).status, 'proposed');
    await fine(operator);
    await operator.close();
  });

  it('bids at the counter at a desk, in English, without JavaScript, and nothing typed is lost', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.seller, size: DESK, script: false, language: 'en' });
    await visit.go(`/calls/${stage.call}/bid`);
    await visit.page.fill('[name=price-1]', '13,100');
    await press(visit, '[data-add]');
    assert.equal(await visit.page.inputValue('[name=price-1]'), '13,100');
    await visit.page.fill('[name=from-1-1]', '1,000');
    await visit.page.fill('[name=tier-1-1]', '14,000');
    await visit.page.locator('[data-counter] summary').click();
    await press(visit, '[name=do][value=counter]');
    assert.equal(await visit.page.locator('#problem-tier-1-1').count(), 1);
    assert.equal(await visit.page.inputValue('[name=from-1-1]'), '1,000');
    await visit.page.fill('[name=tier-1-1]', '12,900');
    await visit.page.locator('[data-counter] summary').click();
    await press(visit, '[name=do][value=check]');
    await press(visit, '[name=do][value=counter]');
    const receipt = await visit.page.locator('main').textContent();
    assert.ok(receipt.includes('at the counter: the server saw the price'), receipt);
    assert.ok(!receipt.includes('13,100'), 'the server forgets the price');
    await fine(visit);
    await visit.close();
  });

  it('bids by table on a phone: bad cells first, then sealed on the device', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.seller, size: PHONE });
    await visit.go(`/calls/${stage.call}/bid/sheet`);
    const choose = async (table) => {
      await visit.page.setInputFiles('#field-file', { name: 'tawaran.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
      await press(visit, 'form[enctype] button');
    };
    await choose('lot,price,maximum,minimum\n1,13000,1000,2000\n');
    assert.match(await visit.page.locator('main').textContent(), /Baris 2 \(D\), kolom Paling sedikit/);
    await fine(visit);
    await choose('lot,price,maximum,tier1_from,tier1_price,only_one\n1,13000,1000,500,12900,A\n2,15000,120,,,A\n');
    await fine(visit);
    await visit.page.locator('[data-seal-here]').click();
    await visit.page.locator('[data-sealed]:not([hidden])').waitFor();
    await fine(visit);
    const commitment = await visit.page.locator('[data-commitment]').textContent();
    await press(visit, '[data-sealed] .button.primary');
    assert.ok((await visit.page.content()).includes(commitment));
    assert.match(await visit.page.locator('main').textContent(), /di perangkat Anda/);
    await visit.close();
  });

  it('hands in a file that the offline page sealed', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.seller, size: PHONE, script: false });
    await visit.go(`/calls/${stage.call}/bid/file`);
    await fine(visit);
    const file = (text) => ({ name: 'penawaran.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await visit.page.setInputFiles('#field-file', file('{"surat":1}'));
    await press(visit, 'form[enctype] button');
    assert.equal(await visit.page.locator('#problem-file').count(), 1);
    const sealed = await offline(stage, 'UD-OESAO', stage.call, { 1: '13050' });
    await visit.page.setInputFiles('#field-file', file(JSON.stringify(sealed)));
    await press(visit, 'form[enctype] button');
    assert.match(await visit.page.locator('main').textContent(), /dengan berkas luring/);
    await fine(visit);
    await visit.close();
  });

  it('ties lots so that at most one is won, the same on the device as at the counter', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.seller, size: PHONE });
    await visit.go(`/calls/${stage.call}/bid`);
    await visit.page.evaluate(() => {
      document.querySelector('[name="price-1"]').value = '13000';
      document.querySelector('#field-only').checked = true;
      document.querySelector('[data-seal-here]').click();
    });
    await visit.page.locator('#problem-only').waitFor();
    await visit.close();
  });

  it('chooses other lots for a draft, by district, without JavaScript', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.operator, size: DESK, script: false });
    await visit.go(`/operate/calls/${stage.draftCall}/lots`);
    await visit.page.selectOption('#field-areas', 'district');
    await press(visit, 'form[method=get] button');
    const rows = visit.page.locator('[name=lot]');
    assert.ok((await rows.count()) > 4, 'a row for each kind of goods and district');
    await rows.nth(2).check();
    await fine(visit);
    await press(visit, 'form[action$="/lots"][method=post] button');
    assert.match(await visit.page.locator('main').textContent(), /Paket konsep diganti|Konsep/);
    const { lots } = await stage.operator.get(`/calls/${stage.draftCall}`);
    assert.equal(lots.length, 3);
    assert.match(lots[2].area[0], /^53\.71\.0\d$/);
    await visit.close();
  });

  it('meets the same refusals from the page as from the server', TIME, async () => {
    const { stage, server, browser } = world;
    const cases = [
      { 'price-1': '13000', 'min-1': '2000' },
      { 'price-1': '13000', 'max-1': '30' },
      { 'price-1': '3000' },
      { 'price-1': '3000', 'low-1-goods': '1000' },
      { 'price-1': '13000', 'from-1-1': '50', 'tier-1-1': '13000' },
      { 'price-1': '13000', 'from-1-1': '500', 'tier-1-1': '12000', 'from-1-2': '500', 'tier-1-2': '11900' },
      { 'price-1': '13000', valid_until: day(1) },
      { 'price-1': '13000', 'multiple-1': '0' },
      { 'price-1': '13000', off: '5', at_least: '100', then: '2' },
      { 'price-1': '13000', 'price-2': '15000', off: '0', at_least: '999999' },
      {},
    ];
    const wrong = async (script, values) => {
      const visit = await visitor(browser, server.url, { who: stage.people.seller, script });
      await visit.go(`/calls/${stage.call}/bid`);
      // Fields that are folded away or not shown yet are typed into as well.
      if (script) {
        await visit.page.evaluate((all) => {
          for (const [name, value] of Object.entries(all)) document.querySelector(`[name="${name}"]`).value = value;
          document.querySelector('[data-seal-here]').click();
        }, values);
        await visit.page.locator('[data-alert]:not([hidden])').waitFor();
      } else {
        await visit.close();
        return postPlain(world, values);
      }
      const found = await visit.page.locator('.problem').evaluateAll((all) => [...new Set(all.map((one) => one.id))].sort());
      await visit.close();
      return found;
    };
    for (const values of cases) {
      const [page, form] = [await wrong(true, values), await wrong(false, values)];
      if (Object.keys(values).length === 0) continue;
      assert.deepEqual(page, form, JSON.stringify(values));
      assert.ok(page.length > 0, JSON.stringify(values));
    }
  });
});

/** Sends the form as a browser without scripts would, for a check only; answers which fields are refused. */
async function postPlain(world, values) {
  const visit = await visitor(world.browser, world.server.url, { who: world.stage.people.seller });
  await visit.go(`/calls/${world.stage.call}/bid`);
  const found = await visit.page.evaluate(async (all) => {
    const form = document.querySelector('form[data-seal]');
    for (const [name, value] of Object.entries(all)) form.querySelector(`[name="${name}"]`).value = value;
    const body = new URLSearchParams(new FormData(form));
    body.set('do', 'check');
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return [...new Set([...page.querySelectorAll('.problem')].map((one) => one.id))].sort();
  }, values);
  await visit.close();
  return found;
}
