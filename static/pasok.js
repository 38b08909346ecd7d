// What makes pages more comfortable. Nothing here is needed: every form works without it.
"use strict";
(() => {
  const text = document.body.dataset;

  // Offline: say so, and keep what was typed.
  const offline = document.getElementById("offline");
  const tell = () => { if (offline) offline.hidden = navigator.onLine; };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();

  if ("serviceWorker" in navigator && isSecureContext) {
    navigator.serviceWorker.register("/worker.js").catch(() => {});
  }

  // Drafts: what was typed survives a lost network, a closed page, a flat battery. Kept on this phone only, under the
  // organisation, so that a form of one cooperative never fills another's; gone once the server has taken it.
  const name = (form) => "draft " + (text.organisation || "") + " " + form.dataset.draft;
  const fields = (form) => [...form.elements].filter((field) =>
    field.name && !["hidden", "password", "submit", "button", "file"].includes(field.type) && !/password/.test(field.autocomplete || ""));
  const values = (form) => fields(form).map((field) =>
    [field.name, field.type === "checkbox" || field.type === "radio" ? String(field.checked) + " " + field.value : field.value]);
  // What was typed after "repeat last week" is restored there too; anything older is not, since that page was asked for afresh.
  const isFresh = (form) => "fresh" in form.dataset;
  const store = (form) => { try { localStorage.setItem(name(form), JSON.stringify({ fresh: isFresh(form), values: values(form) })); } catch { /* full or forbidden */ } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };

  const restore = (form) => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(name(form))); } catch { return; }
    if (!kept || !Array.isArray(kept.values) || (isFresh(form) && !kept.fresh) || form.querySelector("[aria-invalid=true]")) return;
    let changed = false;
    for (const [field, value] of kept.values) {
      for (const input of fields(form).filter((input) => input.name === field)) {
        if (input.type === "checkbox" || input.type === "radio") {
          if (value.slice(value.indexOf(" ") + 1) !== input.value) continue;
          const checked = value.startsWith("true ");
          if (input.checked !== checked) { input.checked = checked; changed = true; }
        } else if (input.value !== value) { input.value = value; changed = true; }
      }
    }
    // What was being typed is not left folded away.
    const folded = form.closest("details");
    if (changed && folded) folded.open = true;
    const notice = form.querySelector("[data-restored]");
    if (changed && notice) {
      notice.hidden = false;
      const discard = notice.querySelector("button");
      if (discard) discard.addEventListener("click", () => { forget(name(form)); location.reload(); });
    }
  };

  // The server tells on the page after a redirect which draft it has taken.
  if (text.taken) forget("draft " + (text.organisation || "") + " " + text.taken);

  for (const form of document.querySelectorAll("form[data-draft]")) {
    restore(form);
    form.addEventListener("input", () => store(form));
  }

  // One click sends once; a second press while it is on its way does nothing. The hidden key does the same on the server.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (!navigator.onLine) {
      event.preventDefault();
      tell();
      if (offline) { offline.focus(); offline.scrollIntoView({ block: "center" }); }
      return;
    }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; if (event.submitter) event.submitter.removeAttribute("aria-busy"); }, 8000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
    for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  });

  // Numbers the way the reader writes them.
  const locale = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  const show = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const read = (value) => {
    const plain = locale === "id-ID" ? value.replace(/\.(?=\d{3}(\D|$))/g, "").replace(",", ".") : value.replace(/,/g, "");
    return Number.parseFloat(plain) || 0;
  };

  // − and + beside a number, kilograms and money beside it, and the sum of all.
  const stepper = (box) => box.querySelector("input");
  const recount = (form) => {
    let sum = 0, lines = 0;
    for (const box of form.querySelectorAll("[data-stepper]")) {
      const count = read(stepper(box).value), line = box.closest("li") || box;
      const weight = line.querySelector("[data-weight]"), cost = line.querySelector("[data-cost]");
      const amount = count * Number(box.dataset.size), money = Math.round(amount * Number(box.dataset.price || 0));
      if (weight) weight.textContent = amount > 0 ? "= " + show.format(amount) + "\u00a0" + box.dataset.unit : "";
      if (cost) cost.textContent = money > 0 ? "± Rp\u00a0" + show.format(money) : "";
      line.classList.toggle("filled", count > 0);
      const doubt = line.querySelector("[data-doubt]"), usual = Number(box.dataset.usual || 0);
      const together = line.querySelector("[data-have]"), bar = together && together.querySelector("progress");
      if (bar) bar.value = Math.max(0, Number(together.dataset.have) - Number(together.dataset.own) + amount);
      if (doubt && usual > 0) doubt.hidden = amount < usual * 5;
      sum += money;
      if (count > 0) lines += 1;
    }
    for (const place of form.querySelectorAll("[data-sum]")) place.textContent = "Rp\u00a0" + show.format(sum);
    for (const place of form.querySelectorAll("[data-lines]")) place.textContent = show.format(lines);
    for (const place of form.querySelectorAll("[data-words]")) place.hidden = true;
    const budget = form.querySelector("[data-budget]"), against = form.querySelector("[data-against]");
    if (budget && against) {
      const whole = read(budget.value), spent = sum + Number(against.dataset.elsewhere || 0), left = whole - spent;
      against.hidden = whole <= 0;
      Object.assign(against.querySelector("progress"), { max: Math.max(1, whole), value: spent });
      against.querySelector("p").textContent = (left < 0 ? against.dataset.over : against.dataset.left).replace("@", "Rp\u00a0" + show.format(Math.abs(left)));
    }
    const portions = form.querySelector("[data-portions]"), each = form.querySelector("[data-per-portion]");
    if (portions && each) each.textContent = read(portions.value) > 0 ? "Rp\u00a0" + show.format(Math.floor(sum / read(portions.value))) : "–";
  };
  // A page that waits for the server looks again by itself.
  for (const place of document.querySelectorAll("[data-again]")) setTimeout(() => location.reload(), Number(place.dataset.again) * 1000);

  for (const form of document.querySelectorAll("form[data-count]")) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (!button) return;
      event.preventDefault();
      const input = stepper(button.closest("[data-stepper]"));
      input.value = show.format(Math.max(0, Math.floor(read(input.value)) + Number(button.dataset.step)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    form.addEventListener("input", () => recount(form));
    recount(form);
  }

  // Time left until something closes.
  for (const place of document.querySelectorAll("[data-until]")) {
    const until = Number(place.dataset.until);
    const tick = () => {
      const left = Math.max(0, Math.floor((until - Date.now()) / 1000));
      const days = Math.floor(left / 86400), hours = Math.floor(left / 3600) % 24, minutes = Math.floor(left / 60) % 60;
      place.textContent = days > 0 ? `${days} ${place.dataset.days} ${hours} ${place.dataset.hours}`
        : hours > 0 ? `${hours} ${place.dataset.hours} ${minutes} ${place.dataset.minutes}`
        : `${minutes} ${place.dataset.minutes}`;
    };
    tick();
    setInterval(tick, 30000);
  }

  // A day in words beside its field: the browser writes it its own way, where 2/12 may be either.
  const inWords = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  for (const input of document.querySelectorAll("input[type=date]")) {
    const said = Object.assign(document.createElement("small"), { className: "hint" });
    const tell = () => { said.textContent = input.valueAsDate ? inWords.format(input.valueAsDate) : ""; };
    said.setAttribute("aria-live", "polite");
    input.after(said);
    input.addEventListener("input", tell);
    tell();
  }

  // Passwords in the clear, for whoever types them on a small screen.
  for (const box of document.querySelectorAll("[data-reveal]")) {
    const fields = box.closest("form").querySelectorAll("input[type=password]");
    box.hidden = false;
    box.addEventListener("change", (event) => { for (const field of fields) field.type = event.target.checked ? "text" : "password"; });
  }

  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
})();
