// The certificate, and the table of contents of a check.

const LARGEST_PRICE = 10n ** 17n;
const SCALES = new Set(Array.from({ length: 10 }, (_, power) => 10n ** BigInt(power)));

Object.assign(Check.prototype, {
  checkCertificate() {
    const certificate = this.plan.certificate ?? {};
    for (const name of ['demand_prices', 'offer_prices']) listOf(certificate, name).forEach(whole);
    const before = this.violations.length;
    this.checkControl(certificate);
    const isShaped = this.checkShape(certificate);
    let bound = isShaped ? new Bound(this, certificate).compute() : null;
    if ((certificate.tree ?? null) !== null) {
      const proved = new Cases(this, certificate).prove();
      bound = bound === null ? null : proved;
    }
    if (bound === null || this.violations.length > before) return;
    const gap = this.objective - bound;
    this.expect('BOUND', '/certificate/bound', whole(certificate.bound), bound);
    if (whole(certificate.gap) !== gap || gap < 0n) this.fault('GAP', '/certificate/gap', `${certificate.gap} ≠ ${gap}`);
    if ((this.plan.status === 'optimal') !== (gap === 0n)) this.fault('STATUS', '/status', `${this.plan.status}: ${gap}`);
    this.gap = gap;
  },

  /** Two sums over all multipliers tell that one was altered, and which. */
  checkControl(certificate) {
    const [names, prices] = [[], []];
    for (const table of ['demand_prices', 'offer_prices']) {
      certificate[table].forEach((price, at) => { names.push(`/certificate/${table}/${at}`); prices.push(price); });
    }
    (certificate.rows ?? []).forEach((row, at) => { names.push(`/certificate/rows/${at}/price`); prices.push(whole(row.price)); });
    const off = total(prices) - whole(certificate.control?.sum);
    const shift = total(prices.map((price, at) => price * BigInt(at + 1))) - whole(certificate.control?.weighted);
    if (off || shift) {
      const place = off && shift % off === 0n ? Number(shift / off) : 0;
      this.fault('CONTROL_SUM', names[place - 1] ?? '/certificate/control', `${off}, ${shift}`);
    }
  },

  checkShape(certificate) {
    const before = this.violations.length;
    for (const [name, table, low] of [['demand_prices', this.problem.demands, -LARGEST_PRICE], ['offer_prices', this.problem.offers, 0n]]) {
      if (certificate[name].length !== table.size) this.fault('CERTIFICATE_SHAPE', `/certificate/${name}`, `${certificate[name].length} ≠ ${table.size}`);
      certificate[name].forEach((price, at) => {
        if (price < low || price > LARGEST_PRICE) this.fault('PRICE_SIGN', `/certificate/${name}/${at}`, `${price}`);
      });
    }
    if (!SCALES.has(certificate.scale ?? 1n)) this.fault('CERTIFICATE_SHAPE', '/certificate/scale', `${certificate.scale}`);
    let last = null;
    (certificate.rows ?? []).forEach((row, at) => {
      const order = [row.row, row.key];
      if (last && compare(order, last) <= 0) this.fault('ROW_ORDER', `/certificate/rows/${at}`, 'order, or twice');
      last = order;
      if (row.price === 0n) this.fault('ROW_ORDER', `/certificate/rows/${at}/price`, 'a row without price is left out');
      else if (row.price < 0n || row.price > LARGEST_PRICE) this.fault('PRICE_SIGN', `/certificate/rows/${at}/price`, `${row.price}`);
    });
    return this.violations.length === before;
  },
});

/** The check of a plan, done. */
function judged(problem, sha256, plan, document) {
  const done = new Check(problem, plan);
  done.expect('FORMAT', '/format', plan.format, 'pasok-plan/1');
  done.expect('PROBLEM_HASH', '/problem_sha256', plan.problem_sha256, sha256);
  done.checkShares();
  done.readLines();
  done.checkStock();
  done.checkNeeds();
  done.checkPins();
  done.checkRules();
  done.checkShortages();
  done.checkMoney();
  done.checkWithout(document, sha256);
  done.checkCertificate();
  return done;
}

/** Judges a problem and a plan as bytes. Answers violations and figures; an empty list: allowed, and every number true. */
function checkPlan(problemBytes, planBytes) {
  const sha256 = hexOf(sha256Of(problemBytes));
  try {
    const read = (bytes) => readJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    const [document, plan] = [read(problemBytes), read(planBytes)];
    const problem = new Problem(document);
    const done = judged(problem, sha256, plan, document);
    const figures = { demands: problem.demands.size, offers: problem.offers.size, lines: done.lines.length, objective: done.objective, gap: done.gap };
    return { sha256, violations: done.violations, figures };
  } catch (error) {
    // What cannot even be read is refused like any other fault; a slip of ours must not look like a plan that holds.
    return { sha256, violations: [{ code: error.code ?? 'UNREADABLE', pointer: '', text: error.message }], figures: null };
  }
}
