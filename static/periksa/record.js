// SHA-256, and the receipt that an entry is in the record: Merkle path (RFC 6962) and signed checkpoint (docs/record.md).

const ROUND_WORDS = (() => {
  // The first 32 bits of the fractional parts of roots of primes (FIPS 180-4), found in whole numbers.
  const primes = [];
  for (let number = 2n; primes.length < 64; number += 1n) if (primes.every((prime) => number % prime)) primes.push(number);
  const cubeRoot = (value) => {
    let [low, high] = [0n, 1n << 40n];
    while (high - low > 1n) { const middle = (low + high) / 2n; if (middle ** 3n <= value) low = middle; else high = middle; }
    return low;
  };
  const fraction = (root) => Number(root & 0xffffffffn);
  return {
    constants: primes.map((prime) => fraction(cubeRoot(prime << 96n))),
    start: primes.slice(0, 8).map((prime) => fraction(wholeRootWide(prime << 64n))),
  };
})();

/** Whole root of a number of any size. */
function wholeRootWide(value) {
  let [low, high] = [0n, 1n << 64n];
  while (high - low > 1n) { const middle = (low + high) / 2n; if (middle * middle <= value) low = middle; else high = middle; }
  return low;
}

/** SHA-256 of bytes (FIPS 180-4). Own, because a page that is not served over TLS has no WebCrypto. */
function sha256Of(bytes) {
  const size = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n);
  const state = Uint32Array.from(ROUND_WORDS.start);
  const words = new Uint32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  for (let block = 0; block < size; block += 64) {
    for (let at = 0; at < 16; at += 1) words[at] = view.getUint32(block + 4 * at);
    for (let at = 16; at < 64; at += 1) {
      const [a, b] = [words[at - 15], words[at - 2]];
      words[at] = words[at - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[at - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND_WORDS.constants[at] + words[at]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] += word; });
  }
  const out = new Uint8Array(32);
  state.forEach((word, at) => new DataView(out.buffer).setUint32(4 * at, word));
  return out;
}

const hexOf = (bytes) => [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('');
const utf8 = (text) => new TextEncoder().encode(text);
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const isSame = (a, b) => hexOf(a) === hexOf(b);
function fromBase64(text) {
  try { return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)); } catch { throw new Broken('RECEIPT', 'not base64'); }
}

/** Whether a leaf is at `index` of the tree of `size` leaves with this root. */
function isIncluded(leaf, index, size, path, root) {
  let [at, last, node] = [index, size - 1n, sha256Of(joined([0], leaf))];
  if (index >= size) return false;
  for (const sibling of path) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      node = sha256Of(joined([1], sibling, node));
      while (!(at & 1n) && at) [at, last] = [at >> 1n, last >> 1n];
    } else {
      node = sha256Of(joined([1], node, sibling));
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && isSame(node, root);
}

/** Whether `key` signed a checkpoint; null where this browser knows no Ed25519. */
async function isSigned(text, lines, key) {
  const [name, identity, encoded] = key.trim().split(/\+(.*?)\+(.*)/s);
  const data = fromBase64(encoded ?? '');
  if (data.length !== 33 || data[0] !== 1 || hexOf(sha256Of(joined(utf8(`${name}\n`), data))).slice(0, 8) !== identity) {
    throw new Broken('RECEIPT', 'not a public key');
  }
  const line = lines.split('\n').find((own) => own.startsWith(`— ${name} `));
  const signature = fromBase64(line?.split(' ')[2] ?? '');
  if (!text.startsWith(`${name}\n`) || hexOf(signature.slice(0, 4)) !== identity || signature.length !== 68) return false;
  if (!globalThis.crypto?.subtle) return null;
  let loaded;
  try { loaded = await crypto.subtle.importKey('raw', data.slice(1), { name: 'Ed25519' }, false, ['verify']); } catch { return null; }
  return crypto.subtle.verify({ name: 'Ed25519' }, loaded, signature.slice(4), utf8(text));
}

/** Judges a receipt (C2SP tlog-proof). Answers whether it holds, whether its signature was checked, and the entry. */
async function checkReceipt(text, key) {
  const cut = text.indexOf('\n\n');
  const [first, extra, index, ...hashes] = text.slice(0, cut).split('\n');
  const note = text.slice(cut + 2);
  const end = note.lastIndexOf('\n\n');
  if (first !== 'c2sp.org/tlog-proof@v1' || cut < 0 || end < 0 || !/^index \d+$/.test(index)) throw new Broken('RECEIPT', 'not a receipt');
  const [, size, root] = note.split('\n');
  if (!/^\d+$/.test(size ?? '')) throw new Broken('RECEIPT', 'not a checkpoint');
  const leaf = fromBase64(extra.replace(/^extra /, ''));
  const isInside = isIncluded(leaf, BigInt(index.slice(6)), BigInt(size), hashes.map(fromBase64), fromBase64(root ?? ''));
  const signed = key ? await isSigned(`${note.slice(0, end)}\n`, note.slice(end + 2), key) : null;
  return { holds: isInside && signed !== false, signed, entry: new TextDecoder().decode(leaf), size };
}
