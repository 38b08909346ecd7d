// A bad network, for offers, bids and answers to orders: nothing typed is lost, and whatever is sent again has one effect.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PHONE, accessibility, visitor } from '../lib/browser.mjs';
import { badNetwork } from '../lib/proxy.mjs';

const TIME = { timeout: 240_000 };

/** What a form would send with its button, to the byte: a browser that is asked to resend sends the same. */
async function captured(visit, selector) {
  return visit.page.locator(selector).first().evaluate((button) => {
    const body = new URLSearchParams(new FormData(button.form, button));
    return { action: button.form.action, body: body.toString() };
  });
}

/** Presses, loses the answer, and sends the very same again twice; answers the status of each. */
async function loseAndResend(visit, network, selector, effect) {
  const form = await captured(visit, selector);
  network.state.lost = 0;
  network.lose(1);
  await visit.page.locator(selector).first().click().catch(() => {});
  for (let tries = 0; network.state.lost === 0 && tries < 100; tries += 1) await visit.page.waitForTimeout(100);
  assert.equal(network.state.lost, 1, 'the answer was lost');
  const once = await effect();
  await visit.go('/home');
  const statuses = await visit.page.evaluate(async ({ action, body }) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    const send = async () => (await fetch(action, { method: 'POST', headers, body })).status;
    return [await send(), await send()];
  }, form);
  assert.deepEqual(statuses, [200, 200], 'the same again is answered like the first time');
  assert.deepEqual(await effect(), once, 'and changes nothing');
  return once;
}

/** Presses while nothing gets through; comes back to the page with what was typed. */
async function cutAndReturn(visit, network, selector, path) {
  network.cut();
  await visit.page.locator(selector).first().click().catch(() => {});
  await visit.page.waitForTimeout(500);
  network.cut(false);
  await visit.go(path);
}

const OFFER = 'form[action="/offers/new"] button.primary';
const BID = '[data-sealed] .button.primary';

export default (world) => describe('a bad network', () => {
  let network;
  before(async () => { network = await badNetwork(world.server.url); });
  after(() => network.stop());
  const person = (who) => ({ ...world.stage.people[who], cookies: undefined });
  const open = (who) => visitor(world.browser, network.url, { who: person(who), size: PHONE });

  it('an offer survives a cut and a reload, and counts once', TIME, async () => {
    const visit = await open('TAHU-OEBA');
    const path = '/offers/new?commodity=tempe';
    const offers = async () => (await world.stage.clients['TAHU-OEBA'].get('/offers')).items
      .filter((offer) => offer.commodity === 'tempe').map(({ id, version, stock }) => ({ id, version, stock }));
    await visit.go(path);
    await visit.page.fill('[name=price]', '12.000');
    await visit.page.fill('[name=stock]', '60');
    await cutAndReturn(visit, network, OFFER, path);
    assert.deepEqual(await offers(), [], 'nothing got through');
    assert.equal(await visit.page.inputValue('[name=price]'), '12.000', 'the draft is there');
    await visit.page.reload();
    assert.equal(await visit.page.inputValue('[name=stock]'), '60', 'also after a reload');
    const once = await loseAndResend(visit, network, OFFER, offers);
    assert.equal(once.length, 1);
    await visit.close();
  });

  it('a sealed bid survives a cut and a reload, and counts once', TIME, async () => {
    const { stage } = world;
    const visit = await open('TELUR-BAUMATA');
    const path = `/calls/${stage.call}/bid`;
    const client = stage.clients['TELUR-BAUMATA'];
    const bids = async () => {
      const own = (await client.get('/bids')).items.filter((bid) => bid.call_id === stage.call);
      return Promise.all(own.map(async ({ id, version }) => ({ id, version, receipts: (await client.get(`/bids/${id}/receipts`)).items.length })));
    };
    const seal = async () => {
      await visit.page.locator('[data-seal-here]').click();
      await visit.page.locator('[data-sealed]:not([hidden])').waitFor();
    };
    await visit.go(path);
    await visit.page.fill('[name=price-1]', '12.950');
    await seal();
    await cutAndReturn(visit, network, BID, path);
    assert.deepEqual(await bids(), [], 'nothing got through');
    assert.equal(await visit.page.inputValue('[name=price-1]'), '12.950', 'the draft is there');
    await visit.page.reload();
    assert.equal(await visit.page.inputValue('[name=price-1]'), '12.950', 'also after a reload');
    await seal();
    const once = await loseAndResend(visit, network, BID, bids);
    assert.equal(once.length, 1);
    assert.equal(once[0].receipts, 1, 'one version, one receipt');
    await visit.close();
  });

  it('an order accepted in part survives a cut and a reload, and is answered once', TIME, async () => {
    const { stage } = world;
    const visit = await open('wholesaler');
    const orders = (await stage.clients.wholesaler.get('/orders?status=issued')).items;
    const path = `/orders/${orders[0].id}`;
    const order = async () => {
      const { status, version, agreed_idr: agreed } = await stage.clients.wholesaler.get(path);
      return { status, version, agreed };
    };
    await visit.go(path);
    const part = visit.page.locator('details', { has: visit.page.locator('button[value=part]') });
    await part.locator('summary').click();
    const amount = part.locator('[name^="part."]').first();
    const ordered = Number((await amount.inputValue()).replaceAll('.', '').replace(',', '.'));
    assert.deepEqual(await accessibility(visit.page), []);
    // One of several lines is left out; a single line is halved to whole packs of the offer.
    const lines = await part.locator('[name^="part."]').count();
    await amount.fill(lines > 1 ? '0' : String(ordered - packOf(ordered)));
    await part.locator('[name=part_reason][value=OUT_OF_STOCK]').check();
    await cutAndReturn(visit, network, 'button[value=part]', path);
    assert.equal((await order()).status, 'issued', 'nothing got through');
    assert.ok(await part.locator('[name=part_reason][value=OUT_OF_STOCK]').isChecked(), 'the draft is there, unfolded');
    await visit.page.reload();
    assert.notEqual(await amount.inputValue(), String(ordered), 'also after a reload');
    const once = await loseAndResend(visit, network, 'button[value=part]', order);
    assert.equal(once.status, 'partly_accepted');
    assert.equal(once.version, 2);
    await visit.go(path);
    assert.deepEqual(await accessibility(visit.page), []);
    visit.complaints.splice(0);
    await visit.close();
  });
});

/** A pack that divides what was ordered: sacks of 50 or 25, boxes of 12. */
const packOf = (ordered) => [50, 25, 12].find((pack) => ordered % pack === 0) ?? 1;
