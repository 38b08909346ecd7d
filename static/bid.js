// Checks, seals and tries out a bid in the browser, so that its price never leaves the device readable. Without this file the form
// goes to the counter. The document is the one that src/pages/tenders/entry.rs makes of the same fields; the server judges it
// again when it is opened.
"use strict";
(() => {
  const form = document.querySelector("form[data-seal]"), ready = document.querySelector("form[data-sealed]");
  if (!form || !ready || !window.PasokSeal || !window.crypto || !crypto.getRandomValues) return;
  const facts = JSON.parse(form.dataset.seal), say = form.dataset;
  const isEnglish = document.documentElement.lang === "en", locale = isEnglish ? "en-GB" : "id-ID";
  const field = (name) => form.elements[name], typed = (name) => (field(name) ? String(field(name).value).trim() : "");
  const ticked = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);
  const lots = new Map(facts.lots.map((lot) => [lot.number, lot]));
  const STEPS = [1, 2, 3, 4, 5], GROUPS = STEPS, nth = (name, row) => (row === 1 ? name : `${name}-${row}`);
  const COSTS = ["goods", "processing", "storage", "transport", "overhead", "margin"];

  // Numbers as people type them to plain decimals; the same rules as the server's `read_decimal`.
  const plain = (text) => {
    const all = text.trim().toLowerCase().replace(/^(rp)+/, "").replace(/\s/g, "");
    if (!/^[\d.,]*$/.test(all)) return text.trim();
    const own = isEnglish ? [",", "."] : [".", ","];
    for (const [thousands, point] of [own, [own[1], own[0]]]) {
      const at = all.indexOf(point), whole = at < 0 ? all : all.slice(0, at), rest = at < 0 ? null : all.slice(at + 1);
      const groups = whole.split(thousands);
      const holds = groups.length === 1 || (/^\d{1,3}$/.test(groups[0]) && groups.slice(1).every((group) => group.length === 3));
      if (holds && (rest === null || /^\d+$/.test(rest)) && whole) return groups.join("").replace(/\D/g, "") + (rest === null ? "" : `.${rest}`);
    }
    return text.trim();
  };
  // A plain decimal as a whole number of its smallest parts; a code for what is none.
  const scaled = (text, digits) => {
    const found = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
    if (!found) return "NOT_A_NUMBER";
    const part = (found[2] || "").replace(/0+$/, "");
    if (part.length > digits) return "TOO_PRECISE";
    const value = Number(found[1] + part.padEnd(digits, "0"));
    return Number.isSafeInteger(value) ? value : "TOO_LARGE";
  };
  const show = (number, digits = 4) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(number);
  const money = (e4) => `Rp\u00a0${show(e4 / 10000)}`;
  const amountOf = (lot, base) => `${show(base / lot.per, 3)} ${lot.unit}`;

  let problems;
  const wrong = (name, code, hint) => {
    const [detail, action] = facts.words[code] || [code, ""];
    const text = code === "NOT_A_NUMBER" ? say.sayNumber : `${detail}${hint ? ` (${hint})` : ""} ${action}`;
    if (!problems.has(name)) problems.set(name, []);
    problems.get(name).push(text);
    return null;
  };
  const bounded = (name, value) => (value <= 0 ? wrong(name, "NOT_POSITIVE") : value > facts.largest_quantity ? wrong(name, "TOO_LARGE") : value);
  const amount = (name, digits) => {
    if (!typed(name)) return undefined;
    const value = scaled(plain(typed(name)), digits);
    return typeof value === "string" ? wrong(name, value) : value;
  };
  const price = (name) => {
    const value = scaled(plain(typed(name)), 4);
    if (typeof value === "string") return wrong(name, value);
    return value > 0 ? value : wrong(name, "NOT_POSITIVE");
  };

  const stepsOf = (n) => STEPS.filter((row) => typed(`from-${n}-${row}`) || typed(`tier-${n}-${row}`));
  const lineOf = (lot) => {
    const n = lot.number, rows = stepsOf(n), digits = lot.per === 1 ? 0 : 3;
    if (!typed(`price-${n}`) && !typed(`max-${n}`) && !typed(`min-${n}`) && rows.length === 0) return null;
    const first = price(`price-${n}`), parts = COSTS.filter((cost) => typed(`low-${n}-${cost}`));
    if (first && lot.ceiling_e4 !== null && first > lot.ceiling_e4) wrong(`price-${n}`, "BID_ABOVE_CEILING", `≤ ${money(lot.ceiling_e4)}`);
    if (first && parts.length === 0 && first < lot.low_e4) wrong(`low-${n}-goods`, "BID_LOW_UNJUSTIFIED", `≥ ${money(lot.low_e4)}`);
    const amounts = parts.map((cost) => scaled(plain(typed(`low-${n}-${cost}`)), 4));
    amounts.forEach((value, at) => { if (typeof value === "string") wrong(`low-${n}-${parts[at]}`, value); });
    const sum = amounts.reduce((all, one) => all + (typeof one === "string" ? NaN : one), 0);
    if (first && parts.length > 0 && !Number.isNaN(sum) && sum !== first) wrong(`low-${n}-goods`, "BID_COSTS_DIFFER", `${money(sum)} ≠ ${money(first)}`);
    let multiple = amount(`multiple-${n}`, digits);
    const step = multiple === undefined ? lot.pack : multiple === null ? null : bounded(`multiple-${n}`, multiple);
    let max = amount(`max-${n}`, digits);
    if (max === undefined) max = Math.max(1, Math.floor(lot.quantity / (step || lot.pack))) * (step || lot.pack);
    else if (max !== null) max = bounded(`max-${n}`, max);
    if (step && max && max % step !== 0) wrong(`max-${n}`, "NOT_A_MULTIPLE", amountOf(lot, step));
    let min = facts.whole ? max : amount(`min-${n}`, digits);
    if (min === undefined) min = 0;
    if (min && max) {
      if (min > max) wrong(`min-${n}`, "MINIMUM_ABOVE_MAXIMUM", `≤ ${amountOf(lot, max)}`);
      else if (min > lot.quantity) wrong(facts.whole ? `max-${n}` : `min-${n}`, "MINIMUM_ABOVE_LOT", `≤ ${amountOf(lot, lot.quantity)}`);
      else if (step && min % step !== 0) wrong(`min-${n}`, "NOT_A_MULTIPLE", amountOf(lot, step));
    }
    let before = 0, dearer = first;
    const tiers = rows.map((row) => {
      const at = `from-${n}-${row}`, from = amount(at, digits) ?? 0, own = price(`tier-${n}-${row}`);
      if (from <= before) { if (!problems.has(at)) wrong(at, "TIERS_OVERLAP", `> ${amountOf(lot, before)}`); }
      else if (max && from > max) wrong(at, "TIER_BEYOND_MAXIMUM", `≤ ${amountOf(lot, max)}`);
      else if (step && from % step !== 0) wrong(at, "NOT_A_MULTIPLE", amountOf(lot, step));
      before = Math.max(before, from);
      if (own && dearer && own >= dearer) wrong(`tier-${n}-${row}`, "TIER_PRICE_RISES", `< ${money(dearer)}`);
      if (own) dearer = own;
      return { from, price: plain(typed(`tier-${n}-${row}`)) };
    });
    const line = { lot: n, price: plain(typed(`price-${n}`)) };
    if (tiers.length) line.tiers = tiers;
    line.tier_kind = typed(`kind-${n}`) === "incremental" ? "incremental" : "all_unit";
    if (min) line.min_quantity = min;
    line.max_quantity = max;
    if (multiple) line.multiple = multiple;
    line.delivery = deliveryOf();
    if (parts.length) line.low_price = parts.map((cost) => ({ cost, amount: plain(typed(`low-${n}-${cost}`)) }));
    return line;
  };
  const deliveryOf = () => {
    if (typed("delivery") !== "ex") return { terms: "franco" };
    return { terms: "ex_warehouse", per_km: plain(typed("per_km")), base: plain(typed("base")) || "0" };
  };
  const bundlesOf = (lines) => {
    const found = [], bid = new Set(lines.map((line) => line.lot));
    for (const row of GROUPS.filter((row) => typed(nth("off", row)) || typed(nth("at_least", row)))) {
      const [whenField, thenField, leastField, offField] = ["when", "then", "at_least", "off"].map((name) => nth(name, row));
      const when = Number(typed(whenField)), then = Number(typed(thenField)), lot = lots.get(when);
      for (const [name, number] of [[whenField, when], [thenField, then]]) if (!bid.has(number)) wrong(name, "BUNDLE_LOT_NOT_BID");
      const least = typed(leastField) ? amount(leastField, lot && lot.per === 1 ? 0 : 3) : 0;
      if (least !== null && bounded(leastField, least)) {
        const line = lines.find((one) => one.lot === when);
        if (line && line.max_quantity < least) wrong(leastField, "DISCOUNT_UNREACHABLE", `≤ ${amountOf(lot, line.max_quantity)}`);
      }
      const off = scaled(plain(typed(offField)), 2);
      if (typeof off === "string") wrong(offField, off);
      else if (off <= 0) wrong(offField, "DISCOUNT_NOT_POSITIVE");
      else if (off >= 10000) wrong(offField, "DISCOUNT_TOO_LARGE", "< 100");
      found.push({ kind: "discount", when: [when], at_least: least || 0, then: [then], off_percent: plain(typed(offField)) });
    }
    for (const [kind, word] of [["together", "all_or_nothing"], ["only", "xor"]]) for (const row of GROUPS) {
      const name = nth(kind, row), group = ticked(name).map(Number);
      if (group.length === 1) wrong(name, "BUNDLE_TOO_SMALL", "≥ 2");
      if (group.some((number) => !bid.has(number))) wrong(name, "BUNDLE_LOT_NOT_BID");
      if (group.length) found.push({ kind: word, lots: group });
    }
    return found;
  };
  const documentOf = () => {
    const lines = facts.lots.map(lineOf).filter(Boolean);
    if (lines.length === 0) wrong(`price-${facts.lots[0].number}`, "BID_WITHOUT_LINES");
    if (!facts.places.includes(typed("place"))) wrong("place", "BID_PLACE_UNKNOWN");
    const until = typed("valid_until");
    if (!/^\d{4}-\d\d-\d\d$/.test(until)) wrong("valid_until", "NOT_A_DATE");
    else if (until < facts.last_day) wrong("valid_until", "BID_VALID_TOO_SHORT", `≥ ${facts.last_day}`);
    const held = ticked("certificate");
    if (facts.certificates.some((word) => !held.includes(word))) wrong("certificate", "BID_CERTIFICATE_MISSING");
    if (typed("delivery") === "ex") for (const name of ["per_km", "base"]) {
      const rate = name === "base" && !typed(name) ? 0 : scaled(plain(typed(name)), 4);
      if (typeof rate === "string") wrong(name, rate);
    }
    const fee = (name) => {
      const value = amount(name, 0);
      if (value > facts.largest_fee) wrong(name, "TOO_LARGE", `≤ ${show(facts.largest_fee)}`);
      return value ?? 0;
    };
    const made = { format: "pasok-bid/1", call_id: facts.call, bidder_id: facts.bidder, terms_version: facts.terms, place_id: typed("place"), valid_until: until };
    if (held.length) made.certificates = held;
    made.lines = lines;
    const fees = { per_drop_idr: fee("per_drop"), per_truck_day_idr: fee("per_truck") };
    if (fees.per_drop_idr || fees.per_truck_day_idr) made.fees = fees;
    for (const [name, field] of [["capacity", "capacity_per_day_g"], ["capacity_in_all", "capacity_in_all_g"]]) {
      const grams = amount(name, 3);
      if (grams !== undefined && grams !== null && bounded(name, grams)) made[field] = grams;
    }
    const bundles = bundlesOf(lines);
    if (bundles.length) made.bundles = bundles;
    return made;
  };

  // Problems beside their fields, all at once, and said at the top.
  const alertBox = form.querySelector("[data-alert]"), news = form.querySelector("[data-news]");
  const clear = () => {
    for (const old of form.querySelectorAll(".problem, [role=alert]:not([data-alert])")) old.remove();
    for (const input of form.querySelectorAll("[aria-invalid]")) { input.removeAttribute("aria-invalid"); input.removeAttribute("aria-describedby"); }
    alertBox.hidden = true;
    alertBox.replaceChildren();
  };
  const node = (kind, text, settings = {}) => Object.assign(document.createElement(kind), { textContent: text }, settings);
  const tell = (texts, first) => {
    alertBox.append(node("h2", say.sayWrong), ...texts.map((text) => node("p", text)));
    if (first) {
      const line = document.createElement("p");
      line.append(node("a", say.sayFirst, { href: `#field-${first}` }));
      alertBox.append(line);
    }
    alertBox.hidden = false;
    alertBox.focus();
    alertBox.scrollIntoView({ block: "center" });
  };
  const mark = () => {
    const inOrder = [...form.elements].map((input) => input.name).filter((name, at, all) => problems.has(name) && all.indexOf(name) === at);
    for (const name of inOrder) {
      const input = document.getElementById(`field-${name}`);
      if (!input) continue;
      for (const box of [input.closest("details"), input.closest(".step")]) if (box) { box.open = true; box.hidden = false; }
      const said = problems.get(name).map((text) => node("span", text, { className: "problem", id: `problem-${name}` }));
      (input.closest(".unit") || input).before(...said);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `problem-${name}`);
    }
    tell([], inOrder[0]);
  };

  const summary = (made) => {
    const rows = made.lines.map((line) => {
      const lot = lots.get(line.lot), title = document.getElementById(`lot-${line.lot}`).textContent, row = document.createElement("tr");
      // The price of the highest step, where all of it counts.
      const tier = line.tier_kind === "all_unit" && line.tiers ? line.tiers.at(-1).price : line.price;
      const cells = [`${money(scaled(line.price, 4))} / ${lot.unit}`, amountOf(lot, line.max_quantity), `± Rp\u00a0${show(Math.round(scaled(tier, 4) / 10000 * line.max_quantity / lot.per), 0)}`];
      const heads = [...ready.querySelectorAll("thead th")].slice(1).map((head) => head.textContent);
      row.append(node("th", title, { scope: "row" }), ...cells.map((text) => node("td", text)));
      row.setAttribute("role", "row");
      [...row.children].forEach((cell, at) => { cell.setAttribute("role", at ? "cell" : "rowheader"); if (at) cell.dataset.label = heads[at - 1]; });
      return row;
    });
    ready.querySelector("[data-summary]").replaceChildren(...rows);
  };

  const sealNow = async () => {
    problems = new Map();
    clear();
    ready.hidden = true;
    // A table was read by the server already: its document comes with the page.
    const made = say.document ? JSON.parse(say.document) : documentOf();
    if (problems.size > 0) return mark();
    news.textContent = say.saySealing;
    await new Promise((resolve) => setTimeout(resolve, 30));
    try {
      const bytes = new TextEncoder().encode(JSON.stringify(made));
      const done = await PasokSeal.seal({ call: facts.call, bidder: facts.bidder, recipient: facts.recipient, document: bytes });
      for (const name of ["sealed", "recipient", "commitment"]) ready.elements[name].value = done[name];
      ready.elements.terms_version.value = facts.terms;
      ready.querySelector("[data-commitment]").textContent = done.commitment;
      summary(made);
      form.hidden = true;
      ready.hidden = false;
      ready.focus();
      ready.scrollIntoView({ block: "start" });
    } catch (error) {
      tell([...(facts.words[error.message] || [error.message])]);
    }
    news.textContent = "";
  };
  const back = () => { ready.hidden = true; form.hidden = false; form.querySelector("[data-seal-here]").focus(); };

  form.querySelector("[data-here]").hidden = false;
  form.addEventListener("submit", (event) => {
    const wish = event.submitter ? event.submitter.value : "browser";
    if (wish === "counter" || wish === "check") return;
    // Nothing readable leaves: more steps are shown here, and sealing happens here.
    event.preventDefault();
    event.stopPropagation();
    if (/^(add|more)-/.test(wish)) return more(event.submitter.closest("[data-steps], [data-groups]"));
    sealNow();
  });
  ready.querySelector("[data-back]").addEventListener("click", back);

  const more = (box) => {
    const row = box.querySelector(".step[hidden]"), kind = box.querySelector("[data-kind]");
    if (row) { row.hidden = false; row.querySelector("input, select").focus(); }
    if (kind) kind.hidden = false;
    if (!box.querySelector(".step[hidden]")) box.querySelector("[data-add]").hidden = true;
  };
  // What the phone kept may fill more rows than the page shows.
  const says = (input) => (input.type === "checkbox" ? input.checked : input.value);
  for (const row of form.querySelectorAll("[data-steps] .step[hidden], [data-groups] .step[hidden]")) {
    if (![...row.querySelectorAll("input")].some(says)) continue;
    const box = row.parentElement, kind = box.querySelector("[data-kind]");
    for (const one of box.querySelectorAll(".step")) if (Number(one.dataset.row) <= Number(row.dataset.row)) one.hidden = false;
    if (kind) kind.hidden = false;
  }
  // Rates of freight only for prices at the warehouse.
  const rates = form.querySelector("[data-ex]");
  const freight = () => { rates.hidden = typed("delivery") !== "ex"; };
  if (!rates) return;
  form.addEventListener("change", freight);
  freight();
})();
