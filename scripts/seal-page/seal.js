// Seals a bid in the browser: the same bytes as src/tenders/seal/envelope.rs and file.rs write; docs/sealing.md states them.
//
// It is NOT a proof against whoever serves it: a page can be altered by its server. The offline file is the same code,
// built by the same script, for bidders who would rather not trust that.

import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

const MAGIC = "PASOKBID1";
const TAG = "pasok-bid-commitment-v1\n";
const BUCKETS = [16 * 1024, 128 * 1024, 1024 * 1024];

/** Lower-case hexadecimal. */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64 with padding. */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const bytesOf = (text) => new TextEncoder().encode(text);

/** SHA-256 over tag, call, bidder, nonce and document. */
export function commitment({ call, bidder, nonce, document }) {
  return hex(sha256(join(bytesOf(`${TAG}${call}\n${bidder}\n`), nonce, document)));
}

/** Five lines, the document, zeroes up to the bucket. */
export function padded({ call, bidder, nonce, document }) {
  const head = bytesOf(`${MAGIC}\n${call}\n${bidder}\n${hex(nonce)}\n${document.length}\n`);
  const bucket = BUCKETS.find((size) => size >= head.length + document.length);
  if (bucket === undefined) throw new Error("BID_DOCUMENT_TOO_LARGE");
  const bytes = new Uint8Array(bucket);
  bytes.set(head);
  bytes.set(document, head.length);
  return bytes;
}

/**
 * Seals a document (bytes) for a call, opens the very file once with a key drawn for it alone, and forgets that key.
 * `call` and `bidder` are ids in digits, `recipient` the call's public key (age1…).
 */
export async function seal({ call, bidder, recipient, document }) {
  for (const id of [call, bidder]) if (!/^[1-9][0-9]{0,18}$/.test(id)) throw new Error("NOT_AN_ID");
  if (!/^age1[0-9a-z]{58}$/.test(recipient)) throw new Error("NOT_A_KEY");
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const envelope = { call, bidder, nonce, document };
  const plain = padded(envelope);
  const trial = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  encrypter.addRecipient(await identityToRecipient(trial));
  const file = await encrypter.encrypt(plain);
  const decrypter = new Decrypter();
  decrypter.addIdentity(trial);
  const opened = await decrypter.decrypt(file, "uint8array");
  if (opened.length !== plain.length || opened.some((byte, at) => byte !== plain[at])) throw new Error("SEAL_TRIAL_FAILED");
  return { call, bidder, recipient, sealed: base64(file), commitment: commitment(envelope) };
}
