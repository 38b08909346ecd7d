// A small market of Kota Kupang with people in every role: one published round and one that collects.
import { Client, oneTimeCode } from './api.mjs';
import { pasok } from './server.mjs';
import { tenders } from './tender.mjs';

const WARDS = [
  ['Oebobo', -10.163, 123.6185, '53.71.04.1001'], ['Lasiana', -10.1394, 123.6722, '53.71.03.1011'],
  ['Oesapa', -10.1487, 123.6431, '53.71.03.1010'], ['Kelapa Lima', -10.1436, 123.6243, '53.71.03.1001'],
  ['Penfui', -10.1733, 123.6662, '53.71.02.1003'], ['Maulafa', -10.1877, 123.6229, '53.71.02.1002'],
  ['Namosain', -10.1757, 123.5534, '53.71.01.1001'], ['Batu Plat', -10.2034, 123.5855, '53.71.01.1009'],
];
const SELLERS = [
  ['UD-OESAO', 'UD Beras Timor', 'kecil', -10.122, 123.812, [['beras_medium', '13200', '80', 'karung25'], ['beras_premium', '15100', '40', 'karung25']]],
  ['DIST-ALAK', 'PT Distributor Alak', 'besar', -10.1945, 123.53, [['beras_medium', '13750', '200', 'karung25'], ['gula_pasir', '16900', '30', 'karung50'], ['minyakita', '15100', '90', 'dus_minyak12']]],
  ['TELUR-BAUMATA', 'Kelompok Ternak Baumata', 'mikro', -10.19, 123.69, [['telur_ayam', '27500', '600', 'kg']]],
  ['TAHU-OEBA', 'Tahu Tempe Oeba', 'mikro', -10.1544, 123.593, [['tahu', '11800', '300', 'kg']]],
];
const NEEDS = [['beras_medium', 12, 'karung25'], ['minyakita', 8, 'dus_minyak12'], ['gula_pasir', 2, 'karung50'], ['telur_ayam', 90, 'kg']];

/** `YYYY-MM-DD` so many days from today. */
export const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

/** Fills the server's empty database. Answers people by role, each `{ login, password, secret?, name }`, and ids. */
export async function seed(server) {
  const { url, folder } = server;
  pasok(folder, 'seed');
  const stage = new Stage(url);
  const office = ['--code', 'DINAS-KUPANG', '--organisation', 'Dinas Koperasi Kota Kupang'];
  const founder = (name, phone, role) => pasok(folder, 'admin', 'create', ...office, '--member', name, '--phone', phone, '--role', role);
  await stage.join('operator', 'Ibu Maria', '0811-1111-1111', founder('Ibu Maria', '0811-1111-1111', 'operator'), true);
  await stage.join('approver', 'Pak Yosef', '0811-1111-2222', founder('Pak Yosef', '0811-1111-2222', 'approver'), true);
  await stage.market();
  await stage.parties();
  await stage.publishedRound();
  await stage.collectingRound();
  await tenders(stage);
  stage.classCode = pasok(folder, 'training', 'open', '--name', 'gambar');
  await stage.sit(stage.classCode);
  return stage;
}

class Stage {
  people = {};
  clients = {};
  organisations = {};
  places = {};

  constructor(url) {
    this.url = url;
  }

  get operator() {
    return this.clients.operator;
  }

  /** Takes the first seat of a class, its officer's, as somebody without an account does. */
  async sit(code) {
    const seats = await (await fetch(`${this.url}/training/${code}`)).text();
    const [, seat] = /name="seat" value="([^"]+)"/.exec(seats);
    const answer = await fetch(`${this.url}/training/${code}`, {
      method: 'POST', redirect: 'manual', headers: { origin: this.url }, body: new URLSearchParams({ name: 'Ibu Rahel', seat }),
    });
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0].split('='));
    this.people.pupil = {
      name: 'Ibu Rahel',
      cookies: cookies.filter(([, value]) => value).map(([name, value]) => ({ name, value, domain: new URL(this.url).hostname, path: '/', secure: true, httpOnly: true })),
    };
  }

  /** Uses an invitation, sets up an authenticator where the role needs one, and keeps a signed-in client. */
  async join(role, name, login, code, needsApp = false) {
    const password = `${role} menanam pohon lontar`;
    const anyone = new Client(this.url);
    await anyone.post('/codes/redeem', { login, code, password });
    let client = new Client(this.url, (await anyone.post('/sessions', { login, password })).token);
    const person = { name, login, password };
    if (needsApp) {
      person.secret = (await client.post('/accounts/me/totp', { password })).secret;
      // A code counts once, so this takes the last half minute's and leaves the present one to the tests.
      client = new Client(this.url, (await client.post('/accounts/me/totp/confirm', { code: oneTimeCode(person.secret, -1) })).token);
    }
    this.people[role] = person;
    this.clients[role] = client;
  }

  async market() {
    this.marketId = (await this.operator.post('/markets', {
      code: 'kupang', name: 'Kota Kupang', time_zone: 'Asia/Makassar', rice_zone: 2, circuity_permille: 1450,
      delivery_weekdays: [1, 2, 3, 4, 5, 6, 7], shortage_permille: 3000,
      freight: { idr_per_kg_km: '2.5', cold_idr_per_kg_km: '4.5', base_idr_per_kg: '50' },
    })).id;
  }

  async organisation(code, name, kind, capabilities) {
    this.organisations[code] = (await this.operator.post('/organisations', { code, name, class: kind, capabilities })).id;
    return this.organisations[code];
  }

  async person(role, organisation, name, kind, login, needsApp) {
    const member = await this.operator.post(`/organisations/${organisation}/members`, { name, role: kind, phone: login });
    const { code } = await this.operator.post(`/accounts/${member.account_id}/codes`, { purpose: 'invitation' });
    await this.join(role, name, login, code, needsApp);
    this.people[role].memberId = member.id;
    this.people[role].accountId = member.account_id;
    this.people[role].organisation = organisation;
  }

  async place(organisation, name, latitude, longitude, region) {
    const body = { organisation_id: organisation, name, latitude: String(latitude), longitude: String(longitude), region_code: region };
    this.places[organisation] = (await this.operator.post('/places', body)).id;
  }

  async parties() {
    for (const [at, [ward, latitude, longitude, region]] of WARDS.entries()) {
      const id = await this.organisation(`KKMP-${at + 1}`, `KKMP ${ward}`, 'kdmp', ['buyer', 'seller']);
      await this.place(id, `Gerai ${ward}`, latitude, longitude, region);
    }
    for (const [code, name, kind, latitude, longitude] of SELLERS) {
      const id = await this.organisation(code, name, kind, ['seller']);
      await this.place(id, `Gudang ${name}`, latitude, longitude);
    }
    const kitchen = await this.organisation('SPPG-1', 'SPPG Oebobo 1', 'yayasan', ['buyer', 'kitchen']);
    await this.place(kitchen, 'Dapur Oebobo', -10.161, 123.612);
    const dinas = await this.organisation('DISDAG', 'Pengawas Perdagangan', 'pemerintah', ['observer']);
    await this.operator.post(`/markets/${this.marketId}/members`, { organisation_ids: Object.values(this.organisations) });
    await this.person('treasurer', this.organisations['KKMP-1'], 'Ibu Ester', 'usaha', '0812-2222-0001');
    await this.person('chair', this.organisations['KKMP-1'], 'Ibu Ketua', 'ketua', '0812-2222-0002', true);
    await this.person('chair2', this.organisations['KKMP-2'], 'Pak Ketua', 'ketua', '0812-2222-0003', true);
    await this.person('seller', this.organisations['UD-OESAO'], 'Pak Daniel', 'seller', '0812-2222-0004');
    await this.person('wholesaler', this.organisations['DIST-ALAK'], 'Ibu Lina', 'seller', '0812-2222-0005');
    await this.person('kitchen', kitchen, 'Mbak Sari', 'usaha', '0812-2222-0006');
    await this.person('observer', dinas, 'Pak Pengawas', 'observer', '0812-2222-0007');
    await this.assistant();
    // Everybody else has a clerk, who is never looked at.
    for (const at of [2, 3, 4, 5, 6, 7, 8]) await this.clerk(`KKMP-${at}`, 'usaha', `0813-3333-000${at}`);
    for (const [at, code] of ['TELUR-BAUMATA', 'TAHU-OEBA'].entries()) await this.clerk(code, 'seller', `0813-4444-000${at}`);
    for (const [code, role] of [['KKMP-1', 'treasurer'], ['UD-OESAO', 'seller'], ['DIST-ALAK', 'wholesaler'], ['SPPG-1', 'kitchen']]) {
      this.clients[code] = this.clients[role];
    }
  }

  clerk(code, role, login) {
    return this.person(code, this.organisations[code], 'Petugas', role, login);
  }

  /** An assistant who may act for the first two cooperatives. */
  async assistant() {
    const office = await this.organisation('PENDAMPING', 'Kantor Pendamping', 'pemerintah', ['assistant']);
    await this.person('assistant', office, 'Kak Rambu', 'assistant', '0812-2222-0008');
    for (const chair of ['chair', 'chair2']) {
      await this.clients[chair].post('/grants', { assistant_id: this.people.assistant.memberId, scope: 'enter', days: 30 });
    }
  }

  round(name, from, to, closes) {
    return this.operator.post(`/markets/${this.marketId}/rounds`, {
      name, delivery_from: day(from), delivery_to: day(to), closes_at: `${day(closes)}T10:00:00Z`,
    });
  }

  async offers(from, to) {
    for (const [code, , , , , goods] of SELLERS) {
      const id = this.organisations[code];
      for (const [commodity, price, stock, unit] of goods) {
        await this.clients[code].post(`/markets/${this.marketId}/offers`, {
          place: this.places[id], commodity, price, stock, unit, day_from: day(from), day_to: day(to), confirm_unusual_price: true,
        });
      }
    }
  }

  async needs(roundId, wards, factor = 1) {
    for (const at of wards) {
      for (const [commodity, quantity, unit] of NEEDS) {
        const body = { place: this.places[this.organisations[`KKMP-${at}`]], commodity, quantity: String(quantity * factor + at), unit };
        await this.clients[`KKMP-${at}`].post(`/rounds/${roundId}/demands`, body);
      }
    }
  }

  /** A week that went through to purchase orders; more rice is wanted than the mill has, and more eggs than there are. */
  async publishedRound() {
    let round = await this.round('Pekan lalu', 3, 8, 2);
    await this.offers(2, 9);
    await this.needs(round.id, [1, 2, 3, 4, 5, 6, 7, 8]);
    await this.clients['SPPG-1'].post(`/rounds/${round.id}/demands`, { place: this.places[this.organisations['SPPG-1']], commodity: 'tahu', quantity: '120', unit: 'kg' });
    const step = async (who, verb) => {
      round = await this.operator.get(`/rounds/${round.id}`);
      await this.clients[who].post(`/rounds/${round.id}/${verb}`, {}, round.version);
    };
    await step('operator', 'close');
    await step('operator', 'solve');
    for (let tries = 0; (round = await this.operator.get(`/rounds/${round.id}`)).status !== 'proposed'; tries += 1) {
      if (round.status === 'failed' || tries > 600) throw new Error(`the round was not solved: ${round.failure}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await step('approver', 'approve');
    await step('operator', 'publish');
    this.published = round.id;
    this.offer = (await this.clients.seller.get('/offers')).items[0].id;
    this.order = (await this.clients.seller.get('/orders')).items[0].id;
    await this.partOf(this.clients.wholesaler, 'KKMP-1');
    this.line = (await this.clients.treasurer.get(`/rounds/${round.id}/awards`)).items[0].id;
  }

  /** A seller delivers all but the first line of an order, or all but a pack of the only one; the buyer's page of it is looked at. */
  async partOf(seller, buyer) {
    const { id, version } = (await seller.get('/orders')).items.find((order) => order.buyer.id === this.organisations[buyer]);
    const [first, ...others] = (await seller.get(`/orders/${id}`)).lines;
    const pack = [50, 25, 12].find((size) => Number(first.quantity) % size === 0) ?? 1;
    const accepted = others.length > 0 ? '0' : String(Number(first.quantity) - pack);
    await seller.post(`/orders/${id}/accept-part`, { lines: [{ line_number: 1, accepted, reason: 'OUT_OF_STOCK', note: 'Truk kedua rusak' }] }, version);
    this.partOrder = id;
  }

  /** This week: open for five days, three cooperatives have posted. */
  async collectingRound() {
    this.collecting = (await this.round('Pekan ini', 10, 15, 5)).id;
    await this.needs(this.collecting, [3, 4, 5]);
    await this.offers(10, 16);
  }
}
