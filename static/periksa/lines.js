// Lines and what they add up to: stock, needs, pins, rules over several lines.

const REFUSAL_CODE = {
  OFFER_EXPIRED: 'WINDOW', DELIVERS_TOO_LATE: 'WINDOW', OUT_OF_DELIVERY_AREA: 'TOO_FAR', PACK_NOT_FILLED: 'PACK_DOES_NOT_FIT',
  BELOW_SUPPLIER_MINIMUM: 'BELOW_MIN_LINE', NO_OFFER_FOR_ITEM: 'COMMODITY_MISMATCH',
};

/** A list that a document must have. */
function listOf(document, name) {
  if (!Array.isArray(document?.[name])) throw new Broken('UNREADABLE', `${name} is missing`);
  return document[name];
}

/** A whole number, which large ones write as text. */
function whole(value) {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^(0|-?[1-9]\d*)$/.test(value)) return BigInt(value);
  throw new Broken('UNREADABLE', `${value} is not a whole number`);
}

class Check {
  constructor(problem, plan) {
    Object.assign(this, { problem, plan, violations: [], lines: [] });
    this.taken = new Sums(); // base units by offer
    this.takenOn = new Sums(); // base units by offer and day
    this.served = new Sums(); // wanted base units by demand
    this.pair = new Sums(); // base units by demand, offer and day
    this.pairAll = new Sums(); // base units by demand and offer
  }

  fault(code, pointer, text) {
    this.violations.push({ code, pointer, text });
  }

  expect(code, pointer, stated, expected) {
    if (stated !== expected) this.fault(code, pointer, `${stated} ≠ ${expected}`);
  }

  readLines() {
    let last = null;
    listOf(this.plan, 'lines').forEach((line, at) => {
      const where = `/lines/${at}`;
      const [demand, offer] = [this.problem.demands.get(line.demand), this.problem.offers.get(line.offer)];
      if (!demand) this.fault('UNKNOWN_DEMAND', where, `demand '${line.demand}'`);
      if (!offer) this.fault('UNKNOWN_OFFER', where, `offer '${line.offer}'`);
      if (!demand || !offer) return;
      if (!(line.quantity >= 1n && line.quantity <= AMOUNT[1])) {
        this.fault('QUANTITY_NOT_POSITIVE', `${where}/quantity`, `${line.quantity}`);
        return;
      }
      if (demand.commodity !== offer.commodity && !this.problem.rule(demand, offer)) {
        this.fault('COMMODITY_MISMATCH', where, 'neither the commodity wanted nor a substitute');
        return;
      }
      this.judgeLine(where, line, demand, offer);
      const order = [demand.at, offer.at, line.day];
      if (last && compare(order, last) <= 0) this.fault('LINE_ORDER', where, 'not ordered by demand, offer, day; or twice');
      last = order;
      this.addLine(at, line, demand, offer);
    });
  }

  judgeLine(where, line, demand, offer) {
    const { quantity } = line;
    if (quantity % offer.pack) this.fault('PACK_NOT_WHOLE', `${where}/quantity`, `${quantity} / ${offer.pack}`);
    if (quantity < offer.min_line) this.fault('BELOW_MIN_LINE', `${where}/quantity`, `${quantity} < ${offer.min_line}`);
    const refusal = this.problem.refusal(demand, offer);
    if (refusal) this.fault(REFUSAL_CODE[refusal] ?? refusal, where, refusal);
    const [first, last] = [most(demand.day_from, offer.day_from), least(demand.day_to, offer.day_to)];
    if (!(line.day >= first && line.day <= last)) this.fault('WINDOW', `${where}/day`, `${line.day}: ${first} – ${last}`);
    this.expect('DISTANCE', `${where}/distance_m`, line.distance_m, this.problem.distance(demand, offer));
    this.expect('UNIT_FREIGHT', `${where}/unit_freight`, line.unit_freight, this.problem.freight(demand, offer));
  }

  addLine(at, line, demand, offer) {
    const [packs, weight] = [line.quantity / offer.pack, this.problem.weight(demand, offer)];
    this.lines.push({ at, line, demand, offer, packs, weight });
    this.taken.add(offer.id, line.quantity);
    this.takenOn.add(keyOf(offer.id, line.day), line.quantity);
    this.served.add(demand.id, packs * weight);
    this.pair.add(keyOf(demand.id, offer.id, line.day), line.quantity);
    this.pairAll.add(keyOf(demand.id, offer.id), line.quantity);
  }

  /** What the plan has for a pinned line, on its day or over all days. */
  pairQuantity(pin) {
    const day = pin.day ?? null;
    return day === null ? this.pairAll.of(keyOf(pin.demand, pin.offer)) : this.pair.of(keyOf(pin.demand, pin.offer, day));
  }

  checkStock() {
    for (const offer of this.problem.offers.values()) {
      const taken = this.taken.of(offer.id);
      if (taken > offer.stock) this.fault('STOCK', `/offers/${offer.at}/stock`, `${taken} > ${offer.stock}`);
      if (taken > 0n && taken < offer.min_total) this.fault('MIN_TOTAL', `/offers/${offer.at}/min_total`, `${taken} < ${offer.min_total}`);
    }
    for (const [key, taken] of this.takenOn) {
      const offer = this.problem.offers.get(key.split('\u0001')[0]);
      if (offer.stock_per_day !== null && taken > offer.stock_per_day) {
        this.fault('STOCK_DAY', `/offers/${offer.at}/stock_per_day`, `${taken} > ${offer.stock_per_day}`);
      }
    }
  }

  checkNeeds() {
    for (const demand of this.problem.demands.values()) {
      const served = this.served.of(demand.id);
      if (served > demand.quantity) {
        const limit = most(demand.quantity, this.problem.reach(demand)[1]);
        const at = this.lines.find((own) => own.demand === demand)?.at;
        if (served > limit) this.fault('DEMAND_EXCEEDED', `/lines/${at}/quantity`, `'${demand.id}': ${served} > ${limit}`);
      }
    }
    for (const { at, demand, offer, packs, weight } of this.lines) {
      const surplus = this.served.of(demand.id) - demand.quantity;
      const spare = packs > ceilDiv(offer.min_line, offer.pack) ? weight : packs * weight;
      if (surplus > 0n && surplus >= spare && !this.hasOtherPurpose(demand, offer)) {
        this.fault('PACK_BY_TOLERANCE', `/lines/${at}/quantity`, `${surplus} ≥ ${spare}`);
      }
    }
  }

  /** Terms that can make a pack beyond the need worth its price. */
  hasOtherPurpose(demand, offer) {
    const { problem } = this;
    const buyer = problem.buyers.get(demand.buyer);
    return Boolean(problem.pinsOf(demand, offer) || offer.min_total || offer.tiers.length
      || problem.suppliers.get(offer.supplier).min_order_value || buyer.min_suppliers !== null
      || buyer.max_supplier_share_permille !== null || problem.classShares.size || problem.bundles.size
      || problem.incumbent.length || offer.price === 0n);
  }

  checkPins() {
    this.problem.pins.forEach((pin, at) => {
      const quantity = this.pairQuantity(pin);
      if (quantity !== pin.quantity) this.fault('PIN_BROKEN', `/pins/${at}`, `${quantity} ≠ ${pin.quantity}`);
    });
    for (const { at, line, demand, offer } of this.lines) {
      const days = (this.problem.pinsOf(demand, offer) ?? []).map(([day]) => day);
      if (days.length && !days.includes(null) && !days.includes(line.day)) this.fault('PIN_BROKEN', `/lines/${at}/day`, `${line.day}`);
    }
  }

  checkRules() {
    const [loads, inAll, orders, freight, goods, drops] = [new Sums(), new Sums(), new Sums(), new Sums(), new Map(), new Map()];
    for (const { line, demand, offer, packs } of this.lines) {
      const value = line.quantity * offer.price;
      loads.add(keyOf(offer.supplier, line.day), packs * offer.pack_grams);
      inAll.add(offer.supplier, packs * offer.pack_grams);
      orders.add(keyOf(offer.supplier, demand.buyer), value);
      freight.add(demand.buyer, line.quantity * this.problem.freight(demand, offer));
      if (!goods.has(demand.buyer)) { goods.set(demand.buyer, new Sums()); drops.set(demand.buyer, new Map()); }
      goods.get(demand.buyer).add(offer.supplier, value);
      drops.get(demand.buyer).set(keyOf(offer.supplier, demand.place, line.day), [offer.supplier, demand.place]);
    }
    for (const [key, load] of loads) {
      const [name, day] = key.split('\u0001');
      const limit = this.problem.suppliers.get(name).capacity_g_per_day;
      if (limit !== null && load > limit) this.fault('CAPACITY', name, `${load} > ${limit} (${day})`);
    }
    for (const [name, load] of inAll) {
      const limit = this.problem.suppliers.get(name).capacity_g;
      if (limit !== null && load > limit) this.fault('CAPACITY', name, `${load} > ${limit}`);
    }
    for (const [key, value] of orders) {
      const [name, buyer] = key.split('\u0001');
      const limit = this.problem.suppliers.get(name).min_order_value;
      if (value < limit) this.fault('MIN_ORDER_VALUE', name, `${buyer}: ${value} < ${limit}`);
    }
    for (const [id, bySupplier] of goods) {
      this.checkBuyer(this.problem.buyers.get(id), bySupplier, freight.of(id), [...drops.get(id).values()]);
    }
    this.checkBundles();
    this.checkClassShares();
  }

  checkBuyer(buyer, bySupplier, freight, drops) {
    const [count, sum] = [BigInt(bySupplier.size), total([...bySupplier.values()])];
    if (buyer.min_suppliers !== null && count < buyer.min_suppliers) this.fault('MIN_SUPPLIERS', buyer.id, `${count} < ${buyer.min_suppliers}`);
    if (buyer.max_suppliers !== null && count > buyer.max_suppliers) this.fault('MAX_SUPPLIERS', buyer.id, `${count} > ${buyer.max_suppliers}`);
    if (buyer.budget !== null) {
      const own = drops.filter(([, place]) => this.problem.owner.get(place) === buyer.id);
      const spent = sum + freight + total(own.map(([supplier]) => this.problem.suppliers.get(supplier).drop_fee));
      if (spent > buyer.budget) this.fault('BUDGET', buyer.id, `${spent} > ${buyer.budget}`);
    }
    for (const [supplier, value] of bySupplier) {
      const limit = buyer.max_supplier_share_permille;
      if (limit !== null && value * 1000n > sum * limit) this.fault('SUPPLIER_SHARE', buyer.id, `${supplier}: ${value} / ${sum}`);
    }
  }

  checkBundles() {
    for (const [name, bundle] of this.problem.bundles) {
      const offers = (bundle.offers ?? []).map((id) => this.problem.offers.get(id));
      const touched = offers.filter((offer) => this.taken.of(offer.id) > 0n);
      const isWhole = offers.every((offer) => this.taken.of(offer.id) === offer.packs * offer.pack);
      if (bundle.kind === 'all_or_nothing' && touched.length && !isWhole) this.fault('BUNDLE', name, 'taken in part');
      if (bundle.kind === 'xor' && touched.length > 1) this.fault('BUNDLE', name, `${touched.length} > 1`);
    }
  }

  checkClassShares() {
    for (const [name, share] of this.problem.classShares) {
      let [sum, counted] = [0n, 0n];
      for (const { line, demand, offer, packs } of this.lines) {
        if ((share.buyer ?? null) !== null && share.buyer !== demand.buyer) continue;
        const amount = share.by === 'value' ? line.quantity * offer.price : packs * offer.pack_grams;
        sum += amount;
        if (share.classes.includes(this.problem.suppliers.get(offer.supplier).class)) counted += amount;
      }
      if (counted * 1000n < sum * share.min_permille) this.fault('CLASS_SHARE', name, `${counted} / ${sum}`);
    }
  }
}
