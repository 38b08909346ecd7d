// Builds static/seal/ from pinned sources. The same lock file gives the same bytes; `scripts/build-seal-page.sh --check`
// compares them with what is committed.

import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

const out = process.argv[2] ?? "../../static/seal";
const pins = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const bundled = ["age-encryption", "@noble/ciphers", "@noble/curves", "@noble/hashes", "@noble/post-quantum", "@scure/base"];
const names = bundled.map((name) => `${name} ${pins[`node_modules/${name}`].version}`);
const banner = `/* Pasok's sealing code (Apache-2.0) with ${names.join(", ")}.
 * Licences: static/seal/LICENSES.txt. Source and build: scripts/seal-page/, built by scripts/build-seal-page.sh. */`;

async function bundle(entry, options) {
  const result = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, target: "es2022", legalComments: "none",
    charset: "ascii", banner: { js: banner }, logLevel: "warning", ...options,
  });
  return result.outputFiles[0].text;
}

writeFileSync(`${out}/pasok-seal.js`, await bundle("seal.js", { format: "iife", globalName: "PasokSeal" }));
const page = await bundle("page.js", { format: "iife" });
// A closing tag inside the script would end it.
const script = page.replaceAll("</script", "<\\/script");
writeFileSync(`${out}/segel-luring.html`, readFileSync("page.html", "utf8").replace("/*SCRIPT*/", () => script));
const licence = (name) => `== ${name} ==\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
writeFileSync(`${out}/LICENSES.txt`, bundled.map(licence).join("\n"));
