// The operator runs a round to published: on a phone with live progress, and at a desk without JavaScript.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, freshCode, overflow, visitor } from '../lib/browser.mjs';
import { day } from '../lib/market.mjs';

/** A story that hangs fails; nothing here is timed. */
const TIME = { timeout: 240_000 };

/** Looks at the page that is open: accessible, no sideways scrolling, nothing refused. */
async function fine(visit) {
  // axe itself needs script; the same pages are looked at with it in the other story.
  if (visit.script) assert.deepEqual(await accessibility(visit.page), [], visit.page.url());
  assert.equal(await overflow(visit.page), 0, visit.page.url());
  visit.assertClean();
}

const press = async (visit, step) => {
  const button = visit.page.locator(`form[action$="/${step}"] button`);
  // Closing before its time is folded away, so that nobody does it by accident.
  const folded = visit.page.locator('details:not([open])', { has: button });
  if ((await folded.count()) > 0) await folded.locator('summary').click();
  await button.click();
  await visit.page.waitForLoadState('load');
};

/** Signs in through the page, authenticator and all. */
async function enter(visit, who) {
  await visit.go('/sign-in');
  await visit.page.fill('[name=login]', who.login);
  await visit.page.fill('[name=password]', who.password);
  if (who.secret) {
    await visit.page.locator('form[action="/sign-in"] summary').click();
    await visit.page.fill('[name=code]', await freshCode(who));
  }
  await visit.page.locator('form[action="/sign-in"] button').click();
  await visit.page.waitForURL('**/home**');
}

async function openRound(visit, name, from) {
  await visit.go('/operate');
  await visit.page.locator('summary').first().click();
  await visit.page.fill('[name=name]', name);
  await visit.page.fill('[name=delivery_from]', day(from));
  await visit.page.fill('[name=delivery_to]', day(from + 4));
  await visit.page.fill('[name=closes_on]', day(from - 2));
  await visit.page.locator('form[action="/operate/rounds"] button').click();
  await visit.page.waitForURL('**/operate/rounds/*');
  return new URL(visit.page.url()).pathname.split('/').pop();
}

/** Fixes the first line to its supplier and computes again: nothing changes, and that is said. */
async function touch(visit, id) {
  await visit.go(`/operate/rounds/${id}/adjust`);
  await fine(visit);
  await visit.page.locator('button[name=add]').first().click();
  await visit.page.waitForLoadState('load');
  await fine(visit);
  await visit.page.locator('button[name=do][value=solve]').click();
  await visit.page.locator('button[name=do][value=propose]').waitFor({ timeout: 60_000 });
  assert.match(await visit.page.locator('main').innerText(), /0 (baris berubah|lines change)/);
  await fine(visit);
}

async function story(world, options, name, from) {
  const { stage, server, browser } = world;
  const operator = await visitor(browser, server.url, { ...options, who: stage.people.operator });
  const id = await openRound(operator, name, from);
  await stage.needs(id, [6, 7]);
  await operator.go(`/operate/rounds/${id}`);
  await fine(operator);
  await press(operator, 'close');
  await fine(operator);
  await press(operator, 'solve');
  // With JavaScript the page comes back by itself; without, the browser asks again.
  await operator.page.locator('.figures').first().waitFor({ timeout: 60_000 });
  for (let tries = 0; (await stage.operator.get(`/rounds/${id}`)).status === 'solving' && tries < 60; tries += 1) await operator.page.waitForTimeout(500);
  await operator.page.locator('svg.picture').first().waitFor({ timeout: 60_000 });
  await fine(operator);
  await touch(operator, id);
  await operator.go(`/operate/rounds/${id}`);
  assert.equal(await operator.page.locator('form[action$="/approve"]').count(), 0, 'who computed it must not approve');

  const approver = await visitor(browser, server.url, options);
  await enter(approver, stage.people.approver);
  await approver.go(`/operate/rounds/${id}`);
  await press(approver, 'approve');
  await fine(approver);
  await approver.close();

  await operator.go(`/operate/rounds/${id}`);
  await press(operator, 'publish');
  await fine(operator);
  assert.equal((await stage.operator.get(`/rounds/${id}`)).status, 'published');
  await operator.go(`/rounds/${id}`);
  await fine(operator);
  await operator.close();
}

export default (world) => describe('the operator', () => {
  it('runs a round to published on a phone, with live progress', TIME, () => story(world, { size: PHONE }, 'Putaran ponsel', 10));
  it('runs a round to published at a desk, in English, without JavaScript', TIME, () => story(world, { size: DESK, script: false, language: 'en' }, 'Desk round', 11));

  it('is told by the form what is wrong, and nothing typed is lost', TIME, async () => {
    const visit = await visitor(world.browser, world.server.url, { who: world.stage.people.operator });
    await visit.go('/operate');
    await visit.page.locator('summary').first().click();
    await visit.page.fill('[name=name]', 'Terbalik');
    await visit.page.fill('[name=delivery_from]', day(9));
    await visit.page.fill('[name=delivery_to]', day(7));
    await visit.page.locator('form[action="/operate/rounds"] button').click();
    await visit.page.locator('[role=alert]').waitFor();
    assert.equal(await visit.page.inputValue('[name=name]'), 'Terbalik');
    assert.equal(await visit.page.locator('#problem-delivery_to').count(), 1);
    visit.assertClean();
    await visit.close();
  });

  it('cannot act on a round that somebody else has moved on meanwhile', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.operator });
    const id = await openRound(visit, 'Dua layar', 12);
    const { version } = await stage.operator.get(`/rounds/${id}`);
    await stage.operator.post(`/rounds/${id}/close`, {}, version);
    await press(visit, 'close');
    await visit.page.locator('[role=alert]').waitFor();
    assert.equal((await stage.operator.get(`/rounds/${id}`)).status, 'closed');
    await visit.close();
  });

  it('members see neither the desk nor names of others in a result', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.treasurer });
    assert.equal((await visit.go('/operate')).status(), 403);
    assert.equal((await visit.go(`/operate/rounds/${stage.published}`)).status() >= 403, true);
    assert.equal((await visit.go(`/rounds/${stage.published}/paket.json`)).status(), 403);
    await visit.go(`/rounds/${stage.published}`);
    const text = await visit.page.content();
    assert.ok(!text.includes('KKMP Lasiana') && !text.includes('PT Distributor'), 'a name of somebody else');
    await visit.close();
  });
});
