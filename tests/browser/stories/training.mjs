// A class on a phone: the code, a seat, the banner on every page, and the round that goes on with the computer.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, overflow, visitor } from '../lib/browser.mjs';
import { pasok } from '../lib/server.mjs';

async function fine(visit) {
  if (visit.script) assert.deepEqual(await accessibility(visit.page), [], visit.page.url());
  assert.equal(await overflow(visit.page), 0, visit.page.url());
  visit.assertClean();
}

async function story(world, code, options, name) {
  const visit = await visitor(world.browser, world.server.url, options);
  await visit.go('/training');
  await fine(visit);
  await visit.page.fill('[name=code]', code.toLowerCase());
  await visit.page.locator('form[action="/training"] button').click();
  await visit.page.waitForURL(`**/training/${code}`);
  await fine(visit);
  await visit.page.fill('[name=name]', name);
  await visit.page.locator('[name=seat]').first().check();
  await visit.page.locator(`form[action="/training/${code}"] button`).click();
  await visit.page.waitForURL('**/home**');
  for (const path of ['/home', '/operate', '/observe', '/training']) {
    await visit.go(path);
    assert.equal(await visit.page.locator('.training').count(), 1, path);
    await fine(visit);
  }
  const before = await visit.page.locator('[name=stage]').getAttribute('value');
  await visit.page.locator(`form[action$="/step"] button`).click();
  await visit.page.waitForURL('**/training?done=**');
  assert.notEqual(await visit.page.locator('[name=stage]').getAttribute('value'), before);
  await fine(visit);
  await visit.close();
}

export default function training(world) {
  describe('a training class', () => {
    let code;
    it('is entered and led on a phone', { timeout: 240_000 }, async () => {
      code = pasok(world.server.folder, 'training', 'open', '--name', 'browser');
      await story(world, code, { size: PHONE }, 'Ibu Rahel');
    });
    it('and at a desk without JavaScript', { timeout: 240_000 }, async () => {
      await story(world, code, { size: DESK, script: false }, 'Ibu Rahel');
    });
  });
}
