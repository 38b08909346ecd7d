// Prices after tiers and discounts, every total, every shortage with its reason.

Object.assign(Check.prototype, {
  /** Ticks per base unit at the offer's awarded total, less discounts reached. */
  unitPrice(offer) {
    const taken = this.taken.of(offer.id);
    let { price } = offer;
    if (offer.tier_kind === 'all_unit') {
      const tiers = [...offer.tiers].sort((a, b) => compare([a.from_quantity], [b.from_quantity]));
      for (const tier of tiers) if (taken >= tier.from_quantity) price = tier.price;
    }
    for (const bundle of this.problem.bundles.values()) {
      if (bundle.kind !== 'discount' || !bundle.then.includes(offer.id)) continue;
      if (total(bundle.when.map((name) => this.taken.of(name))) >= bundle.at_least) price -= bundle.off;
    }
    return price;
  },

  /** What incremental tiers take off the whole offer. */
  saving(offer) {
    let [saved, price] = [0n, offer.price];
    if (offer.tier_kind === 'incremental') {
      for (const tier of offer.tiers) {
        saved += (price - tier.price) * most(0n, this.taken.of(offer.id) - tier.from_quantity);
        price = tier.price;
      }
    }
    return saved;
  },

  checkMoney() {
    const own = { goods: 0n, freight: 0n, fees: 0n, penalties: 0n, shortage: 0n, priority: 0n, fairness: 0n };
    const [drops, trips, prices] = [new Map(), new Map(), new Map()];
    for (const { at, line, demand, offer } of this.lines) {
      if (!prices.has(offer.id)) prices.set(offer.id, this.unitPrice(offer));
      const price = prices.get(offer.id);
      this.expect('UNIT_PRICE', `/lines/${at}/unit_price`, line.unit_price, price);
      own.goods += price * line.quantity;
      own.freight += this.problem.freight(demand, offer) * line.quantity;
      own.penalties += this.problem.penalty(demand, offer) * line.quantity;
      drops.set(keyOf(offer.supplier, demand.place, line.day), offer.supplier);
      trips.set(keyOf(offer.supplier, line.day), offer.supplier);
    }
    own.goods -= this.checkDiscounts();
    for (const supplier of drops.values()) own.fees += this.problem.suppliers.get(supplier).drop_fee;
    for (const supplier of trips.values()) own.fees += this.problem.suppliers.get(supplier).trip_fee;
    const changed = this.problem.incumbent.filter((line) => this.pairQuantity(line) !== line.quantity);
    own.penalties += this.problem.changePenalty * BigInt(changed.length);
    for (const demand of this.problem.demands.values()) {
      const served = this.served.of(demand.id);
      const short = most(0n, demand.quantity - served);
      own.shortage += short * demand.shortage_penalty;
      own.priority += short * demand.premium;
      own.fairness += most(0n, demand.target - served) * demand.target_penalty;
    }
    this.unfairness = own.fairness;
    this.objective = total(Object.values(own));
    own.objective = this.objective;
    for (const [name, amount] of Object.entries(own)) {
      this.expect('TOTAL', `/totals/${name}`, whole(this.plan.totals?.[name] ?? 0n), amount);
    }
  },

  checkDiscounts() {
    const savings = [...this.problem.offers.values()].map((offer) => [offer.id, this.saving(offer)]);
    const stated = (this.plan.discounts ?? []).map((entry) => [entry.offer, whole(entry.amount)]);
    const expected = savings.filter(([, saved]) => saved !== 0n);
    const text = (list) => list.map(([name, saved]) => keyOf(name, saved)).join('\u0002');
    this.expect('DISCOUNT', '/discounts', text(stated), text(expected));
    return total(savings.map(([, saved]) => saved));
  },

  checkShortages() {
    const { problem } = this;
    const tables = [problem.offers, problem.suppliers, problem.buyers, problem.demands, problem.bundles, problem.classShares, problem.commodities];
    const [stated, seen] = [new Sums(), new Set()];
    let last = 0;
    listOf(this.plan, 'shortages').forEach((entry, at) => {
      const where = `/shortages/${at}`;
      const demand = problem.demands.get(entry.demand);
      if (!demand) { this.fault('UNKNOWN_DEMAND', where, `demand '${entry.demand}'`); return; }
      if (!(entry.quantity >= 1n)) this.fault('SHORTAGE_QUANTITY', where, 'a shortage is at least 1');
      if (demand.at < last || seen.has(keyOf(demand.id, entry.reason))) this.fault('SHORTAGE_ORDER', where, 'order, or twice');
      const cause = entry.limited_by ?? null;
      if (cause !== null && !tables.some((table) => table.has(cause))) this.fault('LIMITED_BY', where, `${cause}`);
      if (!this.isPlausible(demand, entry.reason)) this.fault('REASON', where, entry.reason);
      seen.add(keyOf(demand.id, entry.reason));
      last = demand.at;
      stated.add(demand.id, whole(entry.quantity));
    });
    for (const demand of problem.demands.values()) {
      const missing = most(0n, demand.quantity - this.served.of(demand.id));
      this.expect('SHORTAGE_QUANTITY', `demand '${demand.id}'`, stated.of(demand.id), missing);
    }
  },

  /** Whether the records that a reason speaks of exist. */
  isPlausible(demand, reason) {
    const { problem } = this;
    const rivals = problem.rivals(demand);
    const buyer = problem.buyers.get(demand.buyer);
    const suppliers = rivals.map((offer) => problem.suppliers.get(offer.supplier));
    const somePairFails = () => rivals.some((offer) => problem.refusal(demand, offer) === reason);
    switch (reason) {
      case 'NO_OFFER_FOR_ITEM': return rivals.every((offer) => problem.weight(demand, offer) < 1n);
      case 'STOCK_EXHAUSTED': return rivals.some((offer) => this.isExhausted(demand, offer));
      case 'PACK_NOT_FILLED': return rivals.some((offer) => problem.weight(demand, offer) > 1n) || somePairFails();
      case 'BELOW_SUPPLIER_MINIMUM':
        return rivals.some((offer) => offer.min_line || offer.min_total) || suppliers.some((one) => one.min_order_value);
      case 'BUDGET_LIMIT': return buyer.budget !== null;
      case 'LOWER_PRIORITY': {
        const goods = new Set(rivals.map((offer) => offer.commodity));
        return [...problem.demands.values()].some((other) => other.priority < demand.priority
          && [...problem.servedBy.get(other.commodity)].some((good) => goods.has(good)));
      }
      case 'PINNED_ELSEWHERE': return problem.pins.length > 0;
      case 'RULE_LIMIT':
        return buyer.min_suppliers !== null || buyer.max_suppliers !== null || buyer.max_supplier_share_permille !== null
          || problem.bundles.size > 0 || problem.classShares.size > 0 || Boolean(problem.fairness)
          || suppliers.some((one) => one.capacity_g_per_day !== null || one.capacity_g !== null);
      case 'COST_ABOVE_PENALTY':
        return suppliers.some((one) => one.drop_fee || one.trip_fee) || problem.incumbent.length > 0
          || this.isLastPackTooDear(demand) || somePairFails();
      default: return somePairFails();
    }
  },

  /** The last, only partly needed pack costs no less than the shortage that it would end. */
  isLastPackTooDear(demand) {
    const missing = demand.quantity - this.served.of(demand.id);
    return this.problem.arcs(demand).some(([, weight, cost]) => cost >= demand.shortage_penalty * least(missing, weight));
  },

  isExhausted(demand, offer) {
    if (this.problem.refusal(demand, offer) !== null) return false;
    if (offer.stock - this.taken.of(offer.id) < offer.pack) return true;
    if (offer.stock_per_day === null) return false;
    const [first, last] = [most(demand.day_from, offer.day_from), least(demand.day_to, offer.day_to)];
    for (let day = first; day <= last; day += 1n) {
      if (offer.day_packs * offer.pack - this.takenOn.of(keyOf(offer.id, day)) < offer.pack) return true;
    }
    return false;
  },
});
