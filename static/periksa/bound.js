// The bound: the Lagrangian of the published rows, minimised over the box of each variable.

// What the fields of each family's key are: d demand, o offer, s supplier, b buyer, t day, j tier, i bundle, c class
// share, k incumbent line, g commodity.
const KEYS = {
  stock_day: 'ot', capacity: 'st', capacity_in_all: 's', line_link: 'dot', line_min: 'dot', drop_link: 'dot', trip_link: 'dot', trip_stock: 'ot',
  order_link: 'do', order_min: 'sb', offer_link: 'do', offer_stock: 'o', offer_min: 'o', tier_reach: 'oj', tier_link: 'oj',
  tier_one: 'o', tier_sum: 'o', bundle_all: 'io', bundle_none: 'io', bundle_link: 'ido', xor: 'i', discount_reach: 'i',
  discount_link: 'io', discount_sum: 'io', max_suppliers: 'b', supplier_used: 'sb', buyer_link: 'sb', min_suppliers: 'b',
  max_share: 'sb', class_share: 'c', budget: 'b', keep_low: 'k', keep_high: 'k', fair_total: 'g',
};
// Families whose right side or variable depends on how much one pair can carry.
const PAIR_FAMILIES = new Set(['line_link', 'line_min', 'drop_link', 'trip_link', 'order_link', 'offer_link', 'bundle_link', 'keep_low', 'keep_high']);
// Families without a coefficient on packs.
const NO_PACKS = new Set(['tier_one', 'tier_link', 'xor', 'buyer_link', 'max_suppliers', 'min_suppliers', 'discount_link']);
const MINUS_ONE = new Set(['line_min', 'offer_min', 'tier_reach', 'tier_sum', 'bundle_all', 'supplier_used', 'keep_low', 'discount_sum']);

/** Recomputes what the multipliers prove. */
class Bound {
  constructor(check, certificate) {
    Object.assign(this, { check, problem: check.problem, certificate });
    this.scale = certificate.scale ?? 1n;
    this.total = 0n; // the Lagrangian's value, in ticks / scale
    this.variable = new Sums(); // coefficients of the other variables
    this.touching = new Lists(); // rows by the record that arcs find them by
    this.priced = new Map(); // prices of rows over all suppliers of a buyer
  }

  /** The bound in ticks, rounded up; null after a violation. */
  compute() {
    const rows = (this.certificate.rows ?? []).map((row, at) => this.read(at, row));
    if (rows.includes(null)) return null;
    this.pending = new Map();
    for (const row of rows) {
      this.index(row);
      if (['max_suppliers', 'min_suppliers', 'budget'].includes(row.family)) this.priced.set(keyOf(row.family, row.buyer.id), row.price);
      if (PAIR_FAMILIES.has(row.family)) this.pending.set(row.at, row);
    }
    for (const demand of this.problem.demands.values()) this.addDemand(demand);
    for (const at of this.pending.keys()) this.check.fault('CERTIFICATE_SHAPE', `/certificate/rows/${at}`, 'a pair or day that no line can have');
    for (const offer of this.problem.offers.values()) this.total -= this.certificate.offer_prices[offer.at] * offer.packs;
    for (const row of rows) if (!PAIR_FAMILIES.has(row.family)) this.addRow(row);
    this.addPayingVariables();
    for (const [variable, coefficient] of this.variable) {
      const [largest, cost] = this.box(variable.split('\u0001'));
      this.total += largest * least(0n, this.scale * cost + coefficient);
    }
    this.total += this.scale * this.problem.changePenalty * BigInt(this.problem.incumbent.length);
    return ceilDiv(this.total, this.scale);
  }

  /** The row with its key resolved; null after a violation. */
  read(at, stated) {
    const where = `/certificate/rows/${at}`;
    const fields = Object.hasOwn(KEYS, stated.row) ? KEYS[stated.row] : null;
    if (!fields) { this.check.fault('UNKNOWN_ROW', where, `'${stated.row}'`); return null; }
    const row = { at, family: stated.row, price: stated.price };
    const isKnown = Array.isArray(stated.key) && stated.key.length === fields.length
      && [...fields].every((kind, place) => this.resolve(row, kind, stated.key[place])) && this.hasTerm(row);
    if (!isKnown) { this.check.fault('CERTIFICATE_SHAPE', where, `${stated.row} ${stated.key} is no row of this problem`); return null; }
    return row;
  }

  resolve(row, kind, field) {
    const { problem } = this;
    const tables = {
      d: ['demand', problem.demands], o: ['offer', problem.offers], b: ['buyer', problem.buyers], s: ['supplier', problem.suppliers],
      i: ['bundle', problem.bundles], c: ['share', problem.classShares],
    };
    if (kind === 'g') {
      row.floor = (this.check.plan.fairness?.floors ?? []).find((floor) => floor.commodity === field);
      return Boolean(row.floor) && problem.commodities.has(field);
    }
    if (tables[kind]) {
      const [name, table] = tables[kind];
      row[name] = table.get(field);
      return row[name] !== undefined;
    }
    if (typeof field !== 'string' || !/^(0|[1-9]\d{0,18})$/.test(field)) return false;
    const number = BigInt(field);
    if (kind === 't') {
      row.day = number;
      return number <= 9999n;
    }
    if (kind === 'j') {
      row.tier = Number(number);
      return row.offer.tiers[row.tier] !== undefined;
    }
    row.line = Number(number);
    const line = problem.incumbent[row.line];
    if (!line) return false;
    [row.demand, row.offer, row.day] = [problem.demands.get(line.demand), problem.offers.get(line.offer), line.day ?? null];
    return true;
  }

  /** A row only counts where the term that it speaks of is stated. */
  hasTerm(row) {
    const { family, offer, bundle, buyer, supplier } = row;
    if (family.startsWith('bundle_')) return bundle.kind === 'all_or_nothing' && bundle.offers.includes(offer.id);
    switch (family) {
      case 'capacity': return supplier.capacity_g_per_day !== null;
      case 'capacity_in_all': return supplier.capacity_g !== null;
      case 'max_suppliers': return buyer.max_suppliers !== null;
      case 'min_suppliers': return buyer.min_suppliers !== null;
      case 'max_share': return buyer.max_supplier_share_permille !== null;
      case 'budget': return buyer.budget !== null;
      case 'tier_one': case 'tier_sum': return offer.tier_kind === 'all_unit';
      case 'xor': return bundle.kind === 'xor';
      case 'discount_reach': return bundle.kind === 'discount';
      case 'discount_link': case 'discount_sum': return bundle.kind === 'discount' && bundle.then.includes(offer.id);
      case 'keep_low': case 'keep_high': return row.day !== null;
      default: return true;
    }
  }

  /** Files a row under the record by which an arc will look for it. */
  index(row) {
    if (NO_PACKS.has(row.family)) return;
    if (row.family === 'discount_reach') for (const name of row.bundle.when) this.touching.push(keyOf('offer', name), row);
    else if (row.demand) this.touching.push(keyOf('pair', row.demand.id, row.offer.id), row);
    else if (row.offer) this.touching.push(keyOf('offer', row.offer.id), row);
    else if (row.family === 'max_share' || row.family === 'budget') this.touching.push(keyOf('buyer', row.buyer.id), row);
    else if (row.family === 'capacity' || row.family === 'capacity_in_all') this.touching.push(keyOf('supplier', row.supplier.id), row);
    else if (row.family === 'class_share' || row.family === 'fair_total') this.touching.push('all', row);
    else this.touching.push(keyOf('order', row.supplier.id, row.buyer.id), row);
  }

  /** Of one pack of this arc in the row. */
  coefficient(row, demand, offer) {
    if (MINUS_ONE.has(row.family)) return -1n;
    switch (row.family) {
      case 'capacity': case 'capacity_in_all': return offer.pack_grams;
      case 'order_min': return -offer.pack_value;
      case 'discount_reach': return -offer.pack;
      case 'max_share': return ((row.supplier.id === offer.supplier ? 1000n : 0n) - row.buyer.max_supplier_share_permille) * offer.pack_value;
      case 'budget': return offer.pack_value + offer.pack * this.problem.freight(demand, offer);
      case 'class_share': {
        if ((row.share.buyer ?? null) !== null && row.share.buyer !== demand.buyer) return 0n;
        const amount = row.share.by === 'value' ? offer.pack_value : offer.pack_grams;
        const isCounted = row.share.classes.includes(this.problem.suppliers.get(offer.supplier).class);
        return (row.share.min_permille - (isCounted ? 1000n : 0n)) * amount;
      }
      case 'fair_total': return demand.commodity === row.floor.commodity ? -this.problem.weight(demand, offer) : 0n;
      default: return 1n;
    }
  }

  /** Its need at its price, and every arc of it at its reduced cost. */
  addDemand(demand) {
    const [step, limit] = this.problem.reach(demand);
    const price = this.certificate.demand_prices[demand.at];
    const penalty = this.scale * (demand.shortage_penalty + demand.premium);
    const below = this.scale * demand.target_penalty;
    const points = [0n, demand.target, downTo(demand.quantity, step), upTo(demand.quantity, step), limit].filter((served) => served <= limit);
    this.total += least(...points.map((served) => penalty * most(0n, demand.quantity - served)
      + below * most(0n, demand.target - served) + (step ? floorDiv(price * served, step) : 0n)));
    for (const [offer, weight, cost] of this.problem.arcs(demand)) {
      this.addArc(demand, offer, least(limit / weight, offer.packs), this.scale * cost - price * (weight / step));
    }
  }

  addArc(demand, offer, cap, cost) {
    const { problem } = this;
    let flat = cost + this.certificate.offer_prices[offer.at];
    const rows = this.touching.size ? [keyOf('offer', offer.id), keyOf('pair', demand.id, offer.id), keyOf('supplier', offer.supplier),
      keyOf('buyer', demand.buyer), keyOf('order', offer.supplier, demand.buyer), 'all'].flatMap((name) => this.touching.of(name)) : [];
    const byDay = new Sums();
    for (const row of rows) {
      const part = row.price * this.coefficient(row, demand, offer);
      if ((row.day ?? null) === null) flat += part; else byDay.add(row.day, part);
    }
    if (this.priced.has(keyOf('min_suppliers', demand.buyer))) this.variable.add(keyOf('order', offer.supplier, demand.buyer), 0n);
    if (!rows.length && !problem.pins.length && !problem.incumbent.length) {
      this.total += cap * least(0n, flat);
      return;
    }
    const days = problem.days(demand, offer);
    const reduced = days.map((day) => flat + byDay.of(day));
    const cheapest = least(...reduced);
    const pins = problem.pinsOf(demand, offer);
    if (!pins) this.total += cap * least(0n, cheapest);
    for (const [day, quantity] of pins ?? []) {
      this.total += (day === null ? cheapest : reduced[days.indexOf(day)]) * (quantity / offer.pack);
    }
    for (const row of rows) if (PAIR_FAMILIES.has(row.family)) this.addPairRow(row, demand, offer, cap, days);
    problem.incumbent.forEach((line, at) => {
      const isHere = line.demand === demand.id && line.offer === offer.id && days.includes(line.day ?? null);
      const packs = line.quantity / offer.pack;
      if (isHere && line.quantity % offer.pack === 0n && packs <= least(cap, offer.day_packs)) this.variable.add(keyOf('kept', at), 0n);
    });
  }

  /** What a row of one pair gives to other variables; it exists only on days that the arc has. */
  addPairRow(row, demand, offer, cap, days) {
    const day = row.day ?? null;
    if (day !== null && !days.includes(day)) return;
    const dayCap = least(cap, offer.day_packs);
    const kept = row.line === undefined ? 0n : this.problem.incumbent[row.line].quantity / offer.pack;
    if (row.family === 'keep_high' && kept > dayCap) return;
    const line = keyOf('line', demand.id, offer.id, day);
    const [name, factor] = {
      line_link: () => [line, -dayCap],
      line_min: () => [line, offer.least],
      drop_link: () => [keyOf('drop', offer.supplier, demand.place, day), -dayCap],
      trip_link: () => [keyOf('trip', offer.supplier, day), -dayCap],
      order_link: () => [keyOf('order', offer.supplier, demand.buyer), -cap],
      offer_link: () => [keyOf('used', offer.id), -cap],
      bundle_link: () => [keyOf('taken', row.bundle.id), -cap],
      keep_low: () => [keyOf('kept', row.line), kept],
      keep_high: () => [keyOf('kept', row.line), dayCap - kept],
    }[row.family]();
    this.variable.add(name, factor * row.price);
    if (row.family === 'keep_high') this.total -= dayCap * row.price;
    this.pending.delete(row.at);
  }

  /** Right-hand side and coefficients of other variables, for rows that do not belong to one pair. */
  addRow(row) {
    const { price, offer, bundle, buyer, supplier, tier } = row;
    const add = (amount, ...name) => this.variable.add(keyOf(...name), amount);
    const start = tier === undefined ? 0n : offer.tiers[tier].from_quantity / offer.pack;
    const isIncremental = offer?.tier_kind === 'incremental';
    const each = (kind) => offer.tiers.forEach((_, at) => add(price, kind, offer.id, at));
    ({
      stock_day: () => { this.total -= price * offer.day_packs; },
      capacity: () => { this.total -= price * supplier.capacity_g_per_day; },
      capacity_in_all: () => { this.total -= price * supplier.capacity_g; },
      trip_stock: () => add(-price * offer.day_packs, 'trip', offer.supplier, row.day),
      order_min: () => add(price * supplier.min_order_value, 'order', supplier.id, buyer.id),
      supplier_used: () => add(price, 'order', supplier.id, buyer.id),
      buyer_link: () => { add(price, 'order', supplier.id, buyer.id); add(-price, 'buys', buyer.id); },
      offer_stock: () => add(-price * offer.packs, 'used', offer.id),
      offer_min: () => add(price * ceilDiv(offer.min_total, offer.pack), 'used', offer.id),
      tier_reach: () => { add(price * start, 'reached', offer.id, tier); if (isIncremental) add(price, 'tier', offer.id, tier); },
      tier_link: () => { add(price, 'tier', offer.id, tier); add(-price * (offer.packs - (isIncremental ? start : 0n)), 'reached', offer.id, tier); },
      tier_one: () => { each('reached'); this.total -= price; },
      tier_sum: () => each('tier'),
      bundle_all: () => add(price * offer.packs, 'taken', bundle.id),
      bundle_none: () => add(-price * offer.packs, 'taken', bundle.id),
      xor: () => { this.total -= price; bundle.offers.forEach((name) => add(price, 'used', name)); },
      discount_reach: () => add(price * bundle.at_least, 'discount', bundle.id),
      discount_link: () => { add(price, 'off', bundle.id, offer.id); add(-price * offer.packs, 'discount', bundle.id); },
      discount_sum: () => add(price, 'off', bundle.id, offer.id),
      max_suppliers: () => { this.total -= price * buyer.max_suppliers; },
      min_suppliers: () => add(price * buyer.min_suppliers, 'buys', buyer.id),
      budget: () => { this.total -= price * buyer.budget; },
      fair_total: () => { this.total += price * whole(row.floor.least); },
      max_share: () => {}, class_share: () => {},
    })[row.family]();
  }

  /** Variables whose cost is below zero count even where no row prices them; and rows over all orders of a buyer. */
  addPayingVariables() {
    for (const offer of this.problem.offers.values()) offer.tiers.forEach((_, at) => this.variable.add(keyOf('tier', offer.id, at), 0n));
    for (const bundle of this.problem.bundles.values()) for (const name of bundle.then ?? []) this.variable.add(keyOf('off', bundle.id, name), 0n);
    const priced = (family, buyer) => this.priced.get(keyOf(family, buyer)) ?? 0n;
    for (const variable of this.variable.keys()) {
      const [kind, supplier, other] = variable.split('\u0001');
      if (kind === 'order') this.variable.add(variable, priced('max_suppliers', other) - priced('min_suppliers', other));
      if (kind === 'drop') this.variable.add(variable, priced('budget', this.problem.owner.get(other)) * this.problem.suppliers.get(supplier).drop_fee);
    }
  }

  /** [largest value, cost in ticks] of a variable; the least is 0. */
  box([kind, name, ...rest]) {
    const { problem } = this;
    switch (kind) {
      case 'drop': return [1n, problem.suppliers.get(name).drop_fee];
      case 'trip': return [1n, problem.suppliers.get(name).trip_fee];
      case 'kept': return [1n, -problem.changePenalty];
      case 'off': {
        const offer = problem.offers.get(rest[0]);
        return [offer.packs, -offer.pack * problem.bundles.get(name).off];
      }
      case 'tier': {
        const [offer, at] = [problem.offers.get(name), Number(rest[0])];
        const { price, from_quantity: from } = offer.tiers[at];
        if (offer.tier_kind === 'all_unit') return [offer.packs, -offer.pack * (offer.price - price)];
        const before = at ? offer.tiers[at - 1].price : offer.price;
        return [most(0n, offer.packs - from / offer.pack), -offer.pack * (before - price)];
      }
      default: return [1n, 0n];
    }
  }
}
