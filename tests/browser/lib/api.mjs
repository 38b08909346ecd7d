// A small client of the JSON API, for setting the stage. What people do is done in the browser.
import { createHmac, randomUUID } from 'node:crypto';

/** The code that an authenticator app shows for a secret (RFC 6238) `steps` half minutes from now. */
export function oneTimeCode(secret, steps = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export class Client {
  constructor(url, token = null, actingFor = null) {
    Object.assign(this, { url, token, actingFor });
  }

  /** Sends a request with a fresh key; throws on anything but success, with what the server said. */
  async call(method, path, body, version) {
    const headers = { 'content-type': 'application/json', 'accept-language': 'en' };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (this.actingFor) headers['pasok-acting-for'] = this.actingFor;
    if (method !== 'GET') headers['idempotency-key'] = randomUUID();
    if (version !== undefined) headers['if-match'] = `"${version}"`;
    const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path, body = {}, version) {
    return this.call('POST', path, body, version);
  }
}
