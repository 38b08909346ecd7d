// Fair shares: the stated shares, the flow that delivers them, and that nobody holds what a poorer one could use.

const [NOBODY, AT, SPARE] = [0, 1, 2]; // kinds of level: nothing can reach a demand, goods of a standing can, unused stock can

/** Orders units: by class, by fill before the unit, by need. */
const standing = (demand, filled) => ({ kind: AT, priority: demand.priority, filled, quantity: demand.quantity });

function compareStanding(a, b) {
  if (a.kind !== b.kind) return a.kind - b.kind;
  if (a.kind !== AT) return 0;
  // Fractions compared crosswise; a need of nothing is filled to nothing.
  const part = (own) => (own.quantity ? [own.filled, own.quantity] : [0n, 1n]);
  const [[p, q], [r, s]] = [part(a), part(b)];
  return compare([a.priority, p * s, a.quantity], [b.priority, r * q, b.quantity]);
}

/** Shares as the stated flow brings them, with what they are measured by. */
class Pool {
  constructor(check, demands, stated) {
    Object.assign(this, { check, problem: check.problem, demands, stated });
    [this.arcs, this.step, this.base, this.unit, this.flow] = [[], [], [], new Map(), new Map()];
    for (const demand of demands) {
      const arcs = this.problem.arcs(demand);
      this.step.push(arcs.reduce((own, [, weight]) => gcd(own, weight), 0n));
      this.base.push(total(arcs.map(([offer, weight]) => weight * this.problem.pinnedPacks(demand, offer))));
      const own = arcs.filter(([offer]) => offer.commodity === demand.commodity && !this.problem.pinsOf(demand, offer));
      this.arcs.push(own.map(([offer, , cost]) => [offer, cost]));
      this.unit.set(demand.commodity, own.reduce((step, [offer]) => gcd(step, offer.pack), this.unit.get(demand.commodity) ?? 0n));
    }
    this.share = [...this.base];
    this.addFlow();
    stated.shares.forEach((said, at) => check.expect('FAIRNESS', `/fairness/shares/${at}`, said, this.share[at]));
  }

  addFlow() {
    let last = null;
    listOf(this.stated, 'flow').forEach((part, at) => {
      const where = `/fairness/flow/${at}`;
      const [demand, offer] = [this.problem.demands.get(part.demand), this.problem.offers.get(part.offer)];
      if (!demand || !offer) { this.check.fault('FAIRNESS', where, 'no demand or offer has this id'); return; }
      const unit = most(1n, this.unit.get(demand.commodity) ?? 0n);
      const order = [demand.at, offer.at];
      const isWhole = part.quantity >= 1n && part.quantity <= AMOUNT[1] && part.quantity % unit === 0n;
      if (!isWhole || (last && compare(order, last) <= 0)) { this.check.fault('FAIRNESS', where, 'order, twice, or part of a unit'); return; }
      last = order;
      this.flow.set(keyOf(...order), { demand: demand.at, offer: offer.at, quantity: part.quantity });
      this.share[demand.at] += part.quantity;
    });
  }

  /** The standing of the last unit that a demand holds beyond its pins. */
  last(at) {
    const unit = this.unit.get(this.demands[at].commodity);
    return this.share[at] > this.base[at] ? standing(this.demands[at], this.share[at] - unit) : { kind: NOBODY };
  }

  level(at) {
    const rival = this.stated.rivals[at];
    if (rival === -1n) return { kind: NOBODY };
    if (rival === -2n) return { kind: SPARE };
    const other = this.demands[Number(rival)];
    if (!other || other.commodity !== this.demands[at].commodity || this.last(Number(rival)).kind === NOBODY) {
      this.check.fault('FAIRNESS', `/fairness/rivals/${at}`, `${rival} holds none of these goods`);
      return { kind: NOBODY };
    }
    return this.last(Number(rival));
  }

  /** Base units beside the pins; never more than its days can give. */
  supply(offer) {
    let { packs } = offer;
    if (offer.stock_per_day !== null) packs = least(packs, offer.day_packs * most(0n, offer.day_to - offer.day_from + 1n));
    packs -= total(this.problem.pins.filter((pin) => pin.offer === offer.id).map((pin) => pin.quantity / offer.pack));
    return most(0n, packs) * offer.pack;
  }

  /** Most that can be shared to a demand. */
  most(at) {
    const [demand, base] = [this.demands[at], this.base[at]];
    const unit = this.unit.get(demand.commodity);
    if (!this.arcs[at].length || !unit) return base;
    const needed = most(0n, demand.quantity - base);
    const [full, rest] = [base + downTo(needed, unit), needed % unit];
    const saved = (demand.shortage_penalty + demand.premium) * rest;
    const isWorth = this.arcs[at].some(([offer, cost]) => cost * unit <= saved * offer.pack);
    return rest && full + unit <= demand.most && isWorth ? full + unit : full;
  }

  checkRivals() {
    const levels = this.demands.map((_, at) => this.level(at));
    const [taken, passes, parts] = [new Sums(), new Map(), new Lists()];
    const raise = (offer, level) => {
      if (compareStanding(level, passes.get(offer) ?? { kind: NOBODY }) > 0) passes.set(offer, level);
    };
    for (const { demand, offer, quantity } of this.flow.values()) {
      taken.add(offer, quantity);
      raise(offer, levels[demand]);
      parts.push(demand, offer);
    }
    for (const offer of this.problem.offers.values()) {
      const [own, supply] = [taken.of(offer.at), this.supply(offer)];
      if (own < supply) passes.set(offer.at, { kind: SPARE });
      if (own > supply) this.check.fault('FAIRNESS', '/fairness/flow', `${own} of '${offer.id}', ${supply} there`);
    }
    this.demands.forEach((_, at) => this.judge(at, levels[at], passes, parts.of(at)));
  }

  judge(at, level, passes, parts) {
    const [where, limit] = [`/fairness/shares/${at}`, this.most(at)];
    if (this.share[at] > limit) this.check.fault('FAIRNESS', where, `${this.share[at]} > ${limit}`);
    const next = this.share[at] < limit ? standing(this.demands[at], this.share[at]) : { kind: SPARE };
    if (compareStanding(this.last(at), level) > 0 || compareStanding(level, next) > 0) {
      this.check.fault('FAIRNESS', `/fairness/rivals/${at}`, 'not between the last unit held and the next one');
    }
    const own = new Set(this.arcs[at].map(([offer]) => offer.at));
    if (!parts.every((offer) => own.has(offer))) this.check.fault('FAIRNESS', where, 'from an offer that this demand cannot draw on');
    if ([...own].some((offer) => compareStanding(passes.get(offer) ?? { kind: NOBODY }, level) > 0)) {
      this.check.fault('FAIRNESS', where, 'goods that this demand could use are held by one that is served better');
    }
  }
}

Object.assign(Check.prototype, {
  checkShares() {
    const [{ problem }, stated] = [this, this.plan.fairness ?? null];
    if (!problem.fairness || !stated) {
      if (problem.fairness || stated) this.fault('FAIRNESS', '/fairness', 'stated where none are asked for, or the reverse');
      return;
    }
    const demands = [...problem.demands.values()];
    for (const name of ['shares', 'rivals']) {
      if (listOf(stated, name).length !== demands.length) {
        this.fault('FAIRNESS', `/fairness/${name}`, `${stated[name].length} ≠ ${demands.length}`);
        return;
      }
    }
    const numbers = [...stated.shares, ...stated.rivals].map(whole);
    const sums = [total(numbers), total(numbers.map((number, at) => number * BigInt(at + 1)))];
    const control = [whole(stated.control?.sum), whole(stated.control?.weighted)];
    this.expect('CONTROL_SUM', '/fairness/control', control.join(), sums.join());
    const before = this.violations.length;
    const pool = new Pool(this, demands, stated);
    if (this.violations.length === before) pool.checkRivals();
    demands.forEach((demand, at) => {
      const step = pool.step[at];
      demand.target = least(downTo(most(0n, stated.shares[at]), step), upTo(demand.quantity, step));
    });
  },

  /** The plan without the rule is judged like any other; totals and cost are compared with it. */
  checkWithout(document, sha256) {
    const stated = this.plan.fairness ?? null;
    if (!this.problem.fairness || !stated) return;
    const plain = { ...document };
    delete plain.fairness;
    const other = judged(new Problem(plain), sha256, stated.without, plain);
    for (const { code, pointer, text } of other.violations) this.fault(code, `/fairness/without${pointer}`, text);
    this.expect('TOTAL', '/fairness/cost', whole(stated.cost), this.objective - this.unfairness - other.objective);
    const [own, free] = [this.shipped(), other.shipped()];
    const goods = [...this.problem.commodities.keys()].filter((good) => own.has(good));
    const floors = listOf(stated, 'floors');
    for (const [at, floor] of floors.entries()) {
      const good = goods[at];
      if (floor.commodity !== good) { this.fault('FAIR_TOTAL', `/fairness/floors/${at}`, 'not in order'); return; }
      const limit = ceilDiv(free.of(good) * (this.problem.fairness.min_total_permille ?? 1000n), 1000n);
      for (const [name, expected] of [['without', free.of(good)], ['least', limit], ['shipped', own.of(good)]]) {
        this.expect('FAIR_TOTAL', `/fairness/floors/${at}/${name}`, whole(floor[name]), expected);
      }
      if (own.of(good) < limit) this.fault('FAIR_TOTAL', `/fairness/floors/${at}`, `${own.of(good)} < ${limit}`);
    }
    if (floors.length < goods.length) this.fault('FAIR_TOTAL', '/fairness/floors', 'a commodity is missing');
  },

  /** Wanted base units delivered, by commodity that is asked for. */
  shipped() {
    const sums = new Sums();
    for (const demand of this.problem.demands.values()) sums.add(demand.commodity, this.served.of(demand.id));
    return sums;
  },
});
