// A call for bids in every stage, over the small market of `market.mjs`: its committee, bidders, bids sealed as a browser does.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { day } from './market.mjs';
import { root } from './server.mjs';

vm.runInThisContext(readFileSync(path.join(root, 'static/seal/pasok-seal.js'), 'utf8'));
const seal = vm.runInThisContext('PasokSeal.seal');

const OFFICERS = [['officer1', 'Pak Budi', '0811-5555-0001'], ['officer2', 'Bu Nona', '0811-5555-0002'], ['officer3', 'Pak Alo', '0811-5555-0003']];

/** Opening officers of the operator, each with an authenticator. */
export async function officers(stage) {
  const office = (await stage.operator.get('/me')).organisation.id;
  for (const [role, name, login] of OFFICERS) await stage.person(role, office, name, 'opening_officer', login, true);
}

/** Lots of rice and oil for the round's days. */
const LOTS = (from, to) => [
  { commodity: 'beras_medium', area: [], area_name: 'Kota Kupang', day_from: day(from), day_to: day(to), quantity: '60', unit: 'karung25', points: 8, steps: ['40', '60'], requirements: [] },
  { commodity: 'minyakita', area: [], area_name: 'Kota Kupang', day_from: day(from), day_to: day(to), quantity: '40', unit: 'dus_minyak12', points: 8, steps: [], requirements: [] },
];

/** A draft call of a round; `closes` is an instant. */
export function draft(stage, roundId, title, closes, [from, to]) {
  return stage.operator.post(`/rounds/${roundId}/calls`, {
    terms: {
      title, closes_at: closes.toISOString(), min_bids: 1, partial_awards: true, who_may_bid: [], certificates: [],
      documents: ['Salinan NIB', 'Foto gudang'], notes: 'Antar pagi, sebelum pukul 10.',
    },
    lots: LOTS(from, to),
  });
}

/** Seats, a rehearsal, and the call is published. Answers the officers' shares. */
export async function publish(stage, callId) {
  const shares = {};
  for (const [role] of OFFICERS) shares[role] = (await stage.clients[role].post(`/calls/${callId}/seats`)).share;
  await sit(stage, callId, shares, 'rehearsal');
  const { version } = await stage.operator.get(`/calls/${callId}`);
  await stage.operator.post(`/calls/${callId}/publish`, {}, version);
  return shares;
}

export async function sit(stage, callId, shares, purpose) {
  const { code } = await stage.clients.officer1.post(`/calls/${callId}/sittings`, { purpose, share: shares.officer1 });
  return stage.clients.officer2.post(`/calls/${callId}/sittings/finish`, { code, share: shares.officer2 });
}

/** Seals a bid for an organisation, as its page or the offline page would; answers what the latter saves. */
export async function offline(stage, organisation, callId, prices) {
  const id = stage.organisations[organisation];
  const call = await stage.operator.get(`/calls/${callId}`);
  const { recipient } = await stage.operator.get(`/calls/${callId}/committee`);
  const lines = call.lots.filter((lot) => prices[lot.number]).map((lot) => ({
    lot: lot.number, price: prices[lot.number], max_quantity: Math.floor(lot.quantity_base / lot.pack_base) * lot.pack_base, delivery: { terms: 'franco' },
  }));
  const document = { format: 'pasok-bid/1', call_id: callId, bidder_id: id, terms_version: call.terms_version, place_id: stage.places[id], valid_until: day(60), lines };
  const done = await seal({ call: callId, bidder: id, recipient, document: new TextEncoder().encode(JSON.stringify(document)) });
  return { recipient, sealed: done.sealed, commitment: done.commitment };
}

/** Seals and places a bid for an organisation. */
export async function bid(stage, callId, organisation, prices) {
  const sealed = await offline(stage, organisation, callId, prices);
  const { terms_version: terms } = await stage.operator.get(`/calls/${callId}`);
  return stage.clients[organisation].post(`/calls/${callId}/bids`, { terms_version: terms, ...sealed });
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the clock has closed the call. */
export async function closed(stage, callId) {
  for (let tries = 0; ['draft', 'published'].includes((await stage.operator.get(`/calls/${callId}`)).status); tries += 1) {
    if (tries > 800) throw new Error('the call was not closed');
    await wait(200);
  }
}

/** The usual scenarios of a round, solved; answers the one with fewest suppliers. */
async function scenarios(stage, roundId) {
  const asked = [
    { name: 'Termurah' }, { name: 'Paling banyak 1 pemasok', rules: { max_suppliers: 1 } },
    { name: 'Koperasi dan UMKM paling sedikit 40 %', rules: { min_class_share: { classes: ['koperasi', 'kdmp', 'mikro', 'kecil'], min_permille: 400 } } },
    { name: 'Adil bila kurang', rules: { fair: true } }, { name: 'Tanpa ongkos kirim', rules: { without_freight: true } },
  ];
  await stage.operator.post(`/rounds/${roundId}/scenarios`, { scenarios: asked });
  for (let tries = 0; ; tries += 1) {
    const { items } = await stage.operator.get(`/rounds/${roundId}/scenarios`);
    if (items.every((one) => one.status !== 'waiting')) return items.find((one) => one.rules.max_suppliers).id;
    if (tries > 300) throw new Error('the scenarios were not solved');
    await wait(200);
  }
}

/** A round whose call was bid on, closed and opened; a call that is open; a draft. */
export async function tenders(stage) {
  await officers(stage);
  const seconds = (count) => new Date(Date.now() + count * 1000);
  const round = await stage.round('Lelang beras dan minyak', 10, 15, 5);
  await stage.needs(round.id, [2, 6, 7, 8]);
  const opened = await draft(stage, round.id, 'Beras dan minyak, pekan lalu', seconds(20), [10, 15]);
  const shares = await publish(stage, opened.id);
  await bid(stage, opened.id, 'DIST-ALAK', { 1: '12400', 2: '14800' });
  await bid(stage, opened.id, 'UD-OESAO', { 1: '12900' });
  const open = await draft(stage, stage.collecting, 'Beras dan minyak, pekan ini', new Date(`${day(4)}T08:00:00Z`), [10, 15]);
  stage.call = open.id;
  stage.shares = await publish(stage, open.id);
  await bid(stage, open.id, 'DIST-ALAK', { 1: '12600' });
  stage.bid = (await stage.clients.wholesaler.get('/bids')).items.find((one) => one.call_id === open.id).id;
  stage.draftCall = (await draft(stage, stage.collecting, 'Minyak goreng cadangan', new Date(`${day(4)}T09:00:00Z`), [10, 15])).id;
  await closed(stage, opened.id);
  const { version } = await stage.operator.get(`/rounds/${round.id}`);
  await stage.operator.post(`/rounds/${round.id}/close`, {}, version);
  await sit(stage, opened.id, shares, 'opening');
  Object.assign(stage, { openedCall: opened.id, bidRound: round.id });
  stage.scenario = await scenarios(stage, round.id);
  stage.openedBid = (await stage.clients.wholesaler.get('/bids')).items.find((one) => one.call_id === opened.id).id;
}
