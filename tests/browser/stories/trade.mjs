// A treasurer posts a week, a supplier offers and answers, an assistant acts for two cooperatives; and a bad network.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, overflow, visitor } from '../lib/browser.mjs';
import { badNetwork } from '../lib/proxy.mjs';

const TIME = { timeout: 240_000 };

async function fine(visit) {
  if (visit.script) assert.deepEqual(await accessibility(visit.page), [], visit.page.url());
  assert.equal(await overflow(visit.page), 0, visit.page.url());
  visit.assertClean();
}

/** Open demands of an organisation in the round that collects. */
async function posted(stage, who) {
  const { items } = await stage.clients[who].get(`/rounds/${stage.collecting}/demands`);
  return items.filter((demand) => demand.status === 'open');
}

const send = async (visit) => {
  await visit.page.locator('form[action="/demands"] .total button').click();
  await visit.page.waitForLoadState('load');
};

export default (world) => describe('trade', () => {
  it('a treasurer repeats last week on a phone in at most six taps', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.treasurer, size: PHONE });
    await visit.go('/home');
    await fine(visit);
    let taps = 0;
    const tap = async (selector) => { await visit.page.locator(selector).first().click(); await visit.page.waitForLoadState('load'); taps += 1; };
    await tap('nav.menu a[href="/demands"]');
    await tap('a[href*="repeat=1"]');
    await fine(visit);
    await tap('form[action="/demands"] .total button');
    assert.ok(taps <= 6, `${taps} taps`);
    const demands = await posted(stage, 'treasurer');
    assert.equal(demands.length, 4, 'the four goods of last week');
    await fine(visit);
    await visit.close();
  });

  it('a treasurer posts with steppers, in English at a desk, and the sums follow', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people['KKMP-2'], size: DESK, language: 'en' });
    await visit.go('/demands');
    const box = visit.page.locator('[data-stepper]').first();
    const before = await visit.page.locator('[data-sum]').innerText();
    await box.locator('[data-step="1"]').click();
    await box.locator('[data-step="1"]').click();
    assert.notEqual(await visit.page.locator('[data-sum]').innerText(), before);
    await send(visit);
    assert.equal((await posted(stage, 'KKMP-2')).length, 1);
    await fine(visit);
    await visit.close();
  });

  it('an answer that got lost leaves exactly one effect, without JavaScript too', TIME, async () => {
    const { stage, server, browser } = world;
    const network = await badNetwork(server.url);
    try {
      for (const [who, script] of [['KKMP-6', true], ['KKMP-7', false]]) {
        const person = { ...stage.people[who], cookies: undefined };
        const visit = await visitor(browser, network.url, { who: person, size: PHONE, script });
        await visit.go('/demands');
        const input = visit.page.locator('[data-stepper] input').first();
        await input.fill('3');
        network.lose(1);
        await visit.page.locator('form[action="/demands"] .total button').click().catch(() => {});
        await visit.page.waitForTimeout(800);
        assert.equal(network.state.lost > 0, true, 'the answer was lost');
        assert.equal((await posted(stage, who)).length, 1, 'the server took it');
        // The person comes back, sees what was taken, and sends once more to be sure.
        await visit.go('/demands');
        await visit.page.locator('[data-stepper] input').first().fill('3');
        await send(visit);
        const after = await posted(stage, who);
        assert.equal(after.length, 1, 'one demand, however often it was sent');
        network.state.lost = 0;
        await visit.close();
      }
    } finally {
      network.stop();
    }
  });

  it('what was typed survives a lost network', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people['KKMP-8'], size: PHONE });
    await visit.go('/demands?repeat=1');
    await visit.page.locator('[data-stepper] input').first().fill('7');
    await visit.context.setOffline(true);
    await visit.page.locator('form[action="/demands"] .total button').click();
    await visit.page.locator('#offline').waitFor({ state: 'visible' });
    assert.equal((await posted(stage, 'KKMP-8')).length, 0);
    await visit.context.setOffline(false);
    await visit.page.reload();
    assert.equal(await visit.page.locator('[data-stepper] input').first().inputValue(), '7');
    await send(visit);
    const sent = await posted(stage, 'KKMP-8');
    assert.deepEqual([sent.length, sent[0].quantity], [4, '175'], 'last week again, but the first as it was typed');
    await visit.close();
  });

  it('a supplier offers on one screen and answers an order, in English without JavaScript', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.seller, size: DESK, language: 'en', script: false });
    await visit.go('/offers/new');
    const corn = visit.page.locator('a[href="/offers/new?commodity=jagung_pipil"]');
    if (!(await corn.isVisible())) await visit.page.locator('details', { has: corn }).locator('summary').click();
    await corn.click();
    await visit.page.fill('[name=price]', '5700');
    await visit.page.fill('[name=stock]', '20');
    await visit.page.selectOption('[name=unit]', 'karung50');
    await visit.page.locator('form[action="/offers/new"] button.primary').click();
    await visit.page.waitForURL(/\/offers(\?|$)/);
    const offers = (await stage.clients.seller.get('/offers')).items;
    assert.equal(offers.filter((offer) => offer.commodity === 'jagung_pipil').length, 1);
    await visit.go('/orders');
    await visit.page.locator('.cards li:has(.chip.issued) a').first().click();
    await visit.page.locator('button[value=accept]').click();
    await visit.page.waitForLoadState('load');
    assert.equal(await visit.page.locator('.chip.accepted').count() > 0, true);
    visit.assertClean();
    await visit.close();
  });

  it('a doubtful price is asked about and nothing is lost', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.wholesaler, size: PHONE });
    await visit.go('/offers/new?commodity=garam');
    await visit.page.fill('[name=price]', '1120000');
    await visit.page.fill('[name=stock]', '5');
    await visit.page.locator('form[action="/offers/new"] button.primary').click();
    await visit.page.locator('[role=alert]').waitFor();
    assert.match(await visit.page.inputValue('[name=price]'), /1.?120.?000/);
    assert.equal(await visit.page.inputValue('[name=stock]'), '5');
    await fine(visit);
    await visit.close();
  });

  it('an assistant acts for two cooperatives, with the name in sight all the time', TIME, async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.assistant, size: PHONE });
    await visit.go('/assist');
    await fine(visit);
    for (const [ward, code] of [['Oebobo', 'treasurer'], ['Lasiana', 'KKMP-2']]) {
      await visit.go('/assist');
      await visit.page.locator(`.tasks li:has-text("KKMP ${ward}") button`).click();
      await visit.page.waitForLoadState('load');
      await visit.go('/demands');
      assert.match(await visit.page.locator('.acting').innerText(), new RegExp(`KKMP ${ward}`));
      await visit.page.locator('[data-stepper] input').first().fill('9');
      await send(visit);
      assert.match(await visit.page.locator('.acting').innerText(), new RegExp(`KKMP ${ward}`));
      const amounts = (await posted(stage, code)).map((demand) => demand.quantity);
      assert.ok(amounts.length >= 1, ward);
      await visit.page.locator('form[action="/assist/leave"] button').click();
      await visit.page.waitForLoadState('load');
      assert.equal(await visit.page.locator('.acting').count(), 0);
    }
    await fine(visit);
    await visit.close();
  });
});
