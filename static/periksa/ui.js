// The page: files in, a verdict in plain words out. Nothing leaves this device.

const SAY = {
  id: {
    title: 'Periksa sendiri hasil putaran', other: 'English', otherTag: 'en', page: 'Pasok: periksa sendiri',
    intro: 'Halaman ini menghitung ulang seluruh hasil satu putaran di perangkat Anda sendiri. Tidak ada yang dikirim ke mana pun; halaman ini juga bekerja tanpa internet, dari kartu USB.',
    files: 'Berkas paket putaran', filesHelp: 'Pilih satu berkas paket (paket-….json), atau dua berkas: soal dan hasilnya.',
    working: 'Sedang menghitung ulang…', holds: 'Hasil ini benar.', refused: 'Hasil ini DITOLAK.',
    holdsMore: 'Setiap angka cocok, setiap aturan dipatuhi, dan buktinya menunjukkan tidak ada pembagian yang lebih murah dari batas di bawah ini.',
    refusedMore: 'Ada yang tidak cocok. Simpan berkas ini dan tanyakan kepada petugas pasar atau pengawas.',
    nothing: 'Pilih satu paket, atau berkas soal dan berkas hasilnya bersama-sama.',
    lines: 'Baris pembagian', demands: 'Permintaan', offers: 'Penawaran', cost: 'Biaya yang dihitung (dengan nilai kekurangan)',
    gap: 'Paling banyak di atas yang termurah', sha: 'Sidik jari soal (SHA-256)', shaHelp: 'Bandingkan dengan sidik jari di halaman putaran.',
    optimal: 'tidak ada: ini yang termurah', faults: 'Yang tidak cocok', more: 'dan lainnya:',
    receiptTitle: 'Tanda terima catatan', receiptIntro: 'Bila Anda punya tanda terima dari catatan Pasok, periksa di sini bahwa isinya benar tercatat.',
    receipt: 'Tanda terima (tlog-proof)', key: 'Kunci umum catatan', checkReceipt: 'Periksa tanda terima',
    inside: 'Tercatat: isi ini ada di dalam catatan.', notInside: 'DITOLAK: tanda terima ini tidak cocok.', unreadable: 'Tidak dapat dibaca sebagai tanda terima.',
    signed: 'Tanda tangannya juga benar.', unsigned: 'Tanda tangan belum diperiksa: isi kunci umum, atau pakai peramban yang lebih baru.', entry: 'Isi yang tercatat',
    howTitle: 'Apa yang diperiksa', how: 'Sidik jari soal, setiap baris (kemasan, jarak, ongkos, harga batas, hari, sertifikat), stok, anggaran dan aturan lain, jumlah setiap biaya, alasan setiap kekurangan, dan sertifikat: dari angka-angkanya dihitung ulang batas biaya yang tidak mungkin ditembus pembagian mana pun. Semua dengan bilangan bulat, tanpa pembulatan mesin.',
  },
  en: {
    title: 'Check a round’s result yourself', other: 'Bahasa Indonesia', otherTag: 'id', page: 'Pasok: check it yourself',
    intro: 'This page recomputes the whole result of a round on your own device. Nothing is sent anywhere; it also works without the internet, from a USB stick.',
    files: 'The round’s bundle', filesHelp: 'Choose one bundle (paket-….json), or two files: the problem and its plan.',
    working: 'Computing…', holds: 'This result is right.', refused: 'This result is REFUSED.',
    holdsMore: 'Every number agrees, every rule is kept, and the proof shows that no allocation is cheaper than the limit below.',
    refusedMore: 'Something does not agree. Keep these files and ask the market’s operator or a supervisor.',
    nothing: 'Choose one bundle, or the problem and the plan together.',
    lines: 'Lines of the plan', demands: 'Demands', offers: 'Offers', cost: 'Cost counted (with what shortages count)',
    gap: 'At most above the cheapest', sha: 'Fingerprint of the problem (SHA-256)', shaHelp: 'Compare it with the one on the round’s page.',
    optimal: 'nothing: it is the cheapest', faults: 'What does not agree', more: 'and more:',
    receiptTitle: 'A receipt of the record', receiptIntro: 'If you hold a receipt from Pasok’s record, check here that its content was really recorded.',
    receipt: 'Receipt (tlog-proof)', key: 'The record’s public key', checkReceipt: 'Check the receipt',
    inside: 'Recorded: this content is in the record.', notInside: 'REFUSED: this receipt does not fit.', unreadable: 'Cannot be read as a receipt.',
    signed: 'Its signature is right as well.', unsigned: 'The signature was not checked: fill in the public key, or use a newer browser.', entry: 'What was recorded',
    howTitle: 'What is checked', how: 'The problem’s fingerprint, every line (packs, distance, freight, ceilings, days, certificates), stock, budgets and other rules, every total, the reason of every shortage, and the certificate: from its numbers the limit is computed anew below which no allocation can cost. All in whole numbers.',
  },
};
const SHOWN = 12;
const TICKS = 10000000n;
let language = 'id';
const say = (key) => SAY[language][key];
const at = (id) => document.getElementById(id);

function speak() {
  document.documentElement.lang = language;
  document.title = say('page');
  for (const part of document.querySelectorAll('[data-say]')) part.textContent = say(part.dataset.say);
  at('language').textContent = say('other');
  at('language').lang = say('otherTag');
  at('result').replaceChildren();
  at('receipt-result').replaceChildren();
}

function make(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

/** Ticks as rupiah with two decimals, cut. */
function rupiah(ticks) {
  const cents = ticks / (TICKS / 100n);
  const mark = language === 'id' ? [',', '.'] : ['.', ','];
  const whole = String(cents / 100n).replace(/\B(?=(\d{3})+$)/g, mark[1]);
  return `Rp ${whole}${mark[0]}${String(cents % 100n).padStart(2, '0')}`;
}

function verdict(kind, title, text) {
  const box = make('div', '', make('strong', title), make('span', text));
  box.className = `verdict ${kind}`;
  return box;
}

function show({ sha256, violations, figures }) {
  const out = at('result');
  out.replaceChildren(violations.length ? verdict('refused', say('refused'), say('refusedMore')) : verdict('holds', say('holds'), say('holdsMore')));
  const list = make('dl');
  const entry = (name, value) => list.append(make('dt', name), make('dd', value));
  if (!violations.length) {
    entry(say('lines'), String(figures.lines));
    entry(say('demands'), String(figures.demands));
    entry(say('offers'), String(figures.offers));
    entry(say('cost'), rupiah(figures.objective));
    entry(say('gap'), figures.gap ? rupiah(figures.gap) : say('optimal'));
  }
  entry(say('sha'), '');
  list.lastChild.append(make('code', sha256), make('br'), say('shaHelp'));
  out.append(list);
  if (violations.length) {
    out.append(make('h2', say('faults')));
    const faults = violations.slice(0, SHOWN).map(({ code, pointer, text }) => make('li', '', make('code', `${code} ${pointer}`), ` ${text}`));
    out.append(make('ul', '', ...faults));
    if (violations.length > SHOWN) out.append(make('p', `${say('more')} ${violations.length - SHOWN}`));
  }
}

/** Bundle, or problem and plan, from what was chosen; null when something is missing. */
async function gather(files) {
  const texts = await Promise.all([...files].map(async (file) => new Uint8Array(await file.arrayBuffer())));
  let [problem, plan] = [null, null];
  for (const bytes of texts) {
    const text = new TextDecoder().decode(bytes);
    if (/^\s*\{\s*"format"\s*:\s*"pasok-bundle\/1"/.test(text)) {
      const bundle = JSON.parse(text);
      [problem, plan] = [utf8(String(bundle.problem)), utf8(String(bundle.plan))];
      at('receipt').value = bundle.receipt ?? '';
      at('key').value = bundle.key ?? '';
    } else if (text.slice(0, 400).includes('"pasok-plan/1"')) plan = bytes;
    else problem ??= bytes;
  }
  return problem && plan ? { problem, plan } : null;
}

at('files').addEventListener('change', async (event) => {
  const out = at('result');
  let found = null;
  try { found = await gather(event.target.files); } catch { /* not even JSON: the same answer */ }
  if (!found) { out.replaceChildren(verdict('', say('nothing'), '')); return; }
  out.replaceChildren(verdict('', say('working'), ''));
  setTimeout(() => show(checkPlan(found.problem, found.plan)), 30);
});

at('check-receipt').addEventListener('click', async () => {
  const out = at('receipt-result');
  try {
    const { holds, signed, entry } = await checkReceipt(at('receipt').value.trimStart(), at('key').value.trim());
    const more = signed ? say('signed') : say('unsigned');
    out.replaceChildren(holds ? verdict('holds', say('inside'), more) : verdict('refused', say('notInside'), ''));
    if (holds) out.append(make('p', say('entry')), make('code', entry));
  } catch { out.replaceChildren(verdict('refused', say('unreadable'), '')); }
});

at('language').addEventListener('click', () => { language = language === 'id' ? 'en' : 'id'; speak(); });
speak();
