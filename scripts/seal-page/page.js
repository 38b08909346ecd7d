// The form of the offline page: nothing is sent anywhere; the result is shown and can be saved.

import { seal } from "./seal.js";

const field = (name) => document.getElementById(name);
const words = {
  NOT_AN_ID: "Nomor panggilan dan nomor penawar harus angka.",
  NOT_A_KEY: "Kunci panitia harus diawali age1 dan disalin utuh.",
  BID_DOCUMENT_TOO_LARGE: "Penawaran terlalu besar untuk disegel.",
  SEAL_TRIAL_FAILED: "Segel tidak dapat dibuka saat diuji. Coba lagi.",
};

async function run(event) {
  event.preventDefault();
  const say = (text) => (field("kabar").textContent = text);
  try {
    say("Menyegel …");
    const chosen = field("berkas").files[0];
    const bid = chosen ? new Uint8Array(await chosen.arrayBuffer()) : new TextEncoder().encode(field("isi").value);
    if (bid.length === 0) return say("Pilih berkas penawaran atau tulis isinya.");
    const done = await seal({
      call: field("panggilan").value.trim(),
      bidder: field("penawar").value.trim(),
      recipient: field("kunci").value.trim(),
      document: bid,
    });
    const body = JSON.stringify({ recipient: done.recipient, sealed: done.sealed, commitment: done.commitment });
    const link = field("unduh");
    link.href = URL.createObjectURL(new Blob([body], { type: "application/json" }));
    link.download = `penawaran-tersegel-${done.call}.json`;
    link.hidden = false;
    field("ikatan").textContent = done.commitment;
    say("Selesai: segel sudah diuji dan dapat dibuka. Simpan berkasnya, catat kode ikatannya, lalu unggah di halaman Pasok.");
  } catch (error) {
    say(words[error.message] ?? `Gagal: ${error.message}`);
  }
}

field("segel").addEventListener("submit", run);
