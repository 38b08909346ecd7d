// Seals a document with the built bundle, as a browser would, and prints what would be sent; a Rust test opens it.

import { readFileSync } from "node:fs";
import vm from "node:vm";

const [call, bidder, recipient, document] = process.argv.slice(2);
vm.runInThisContext(readFileSync("../../static/seal/pasok-seal.js", "utf8"));
const bytes = new TextEncoder().encode(document);
const done = await vm.runInThisContext("PasokSeal").seal({ call, bidder, recipient, document: bytes });
console.log(JSON.stringify(done));
