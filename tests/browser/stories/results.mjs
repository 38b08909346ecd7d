// Understanding a result: members see why each of their lines is as it is, and only theirs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, visitor } from '../lib/browser.mjs';

export default (world) => describe('a result', () => {
  it('tells a treasurer what each line costs at the door and why it is so', async () => {
    const { stage, server, browser } = world;
    const visit = await visitor(browser, server.url, { who: stage.people.treasurer, size: PHONE, script: false });
    await visit.go(`/rounds/${stage.published}`);
    await visit.page.locator(`a[href="/rounds/${stage.published}/lines"]`).click();
    const lines = visit.page.locator('.cards li');
    assert.ok(await lines.count() >= 3);
    for (const text of await lines.allTextContents()) assert.match(text, /KKMP Oebobo/);
    await lines.first().locator('a').click();
    const text = await visit.page.locator('main').innerText();
    for (const part of [/Mengapa pemasok ini/, /Sampai di tempat/, /Mengapa tidak lebih banyak/]) assert.match(text, part);
    const landed = await visit.page.locator('tfoot td').last().innerText();
    const parts = await visit.page.locator('tbody td:last-child').allInnerTexts();
    const rupiah = (shown) => Number(shown.replace(/\D/g, ''));
    assert.equal(rupiah(landed), parts.map(rupiah).reduce((a, b) => a + b), 'the parts add up to the price at the door');
    visit.assertClean();
    // Somebody else's line is not there.
    const other = (await stage.clients['KKMP-2'].get(`/rounds/${stage.published}/awards`)).items[0].id;
    assert.equal((await visit.go(`/rounds/${stage.published}/lines/${other}`)).status(), 404);
    await visit.close();
  });

  it('shows its pictures with their tables, names only to those who may see them', async () => {
    const { stage, server, browser } = world;
    const anyone = await visitor(browser, server.url, { size: DESK });
    await anyone.go(`/rounds/${stage.published}`);
    const open = await anyone.page.locator('svg.picture').count();
    assert.ok(open >= 3, `${open} pictures`);
    assert.ok(!(await anyone.page.content()).includes('KKMP Oebobo'));
    await anyone.close();
    const observer = await visitor(browser, server.url, { who: stage.people.operator, size: DESK });
    await observer.go(`/rounds/${stage.published}`);
    assert.equal(await observer.page.locator('svg.picture').count(), open + 2);
    assert.equal(await observer.page.locator('.picture-box details table').count(), open + 2);
    assert.ok((await observer.page.locator('svg.picture').first().textContent()).includes('Oebobo'));
    observer.assertClean();
    await observer.close();
  });
});
