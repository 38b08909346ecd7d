// The problem: ids resolved, every pair of demand and offer judged by the published conditions (solver/README.md).

const TABLES = ['places', 'commodities', 'buyers', 'suppliers', 'demands', 'offers'];
const EARTH_RADIUS_M = 6371009n;
// Numbers that may be absent, with what absence means. null: no such limit.
const DEFAULTS = {
  commodities: { grams_per_thousand: 1000n },
  buyers: { budget: null, min_suppliers: null, max_suppliers: null, max_supplier_share_permille: null },
  suppliers: { class: '', active: true, min_order_value: 0n, drop_fee: 0n, trip_fee: 0n, capacity_g_per_day: null, capacity_g: null },
  demands: { accept_up_to: null, day_from: 0n, day_to: 0n, requirements: [], priority: 0n, price_ceiling: null },
  offers: {
    stock_per_day: null, tiers: [], tier_kind: 'all_unit', pack: 1n, min_line: 0n, min_total: 0n, radius_m: null,
    day_from: 0n, day_to: 0n, certificates: [], freight_per_km: 0n, freight_base: 0n,
  },
};
const AMOUNT = [0n, 10n ** 13n];
const PRICE = [0n, 10n ** 15n];
const MONEY = [0n, 4n * 10n ** 18n];
const EARTH = [-(10n ** 7n), 10n ** 7n];
const DAYS = [0n, 9999n];
const RANGES = {
  places: { x_m: EARTH, y_m: EARTH, z_m: EARTH },
  commodities: { grams_per_thousand: [1n, 10n ** 13n] },
  buyers: { budget: MONEY, min_suppliers: AMOUNT, max_suppliers: AMOUNT, max_supplier_share_permille: [0n, 1000n] },
  suppliers: { min_order_value: MONEY, drop_fee: MONEY, trip_fee: MONEY, capacity_g_per_day: AMOUNT, capacity_g: AMOUNT },
  demands: {
    quantity: AMOUNT, accept_up_to: AMOUNT, day_from: DAYS, day_to: DAYS, priority: [0n, 1000n], shortage_penalty: PRICE,
    price_ceiling: PRICE,
  },
  offers: {
    stock: AMOUNT, stock_per_day: AMOUNT, price: PRICE, pack: [1n, 10n ** 13n], min_line: AMOUNT, min_total: AMOUNT,
    radius_m: AMOUNT, day_from: DAYS, day_to: DAYS, freight_per_km: [0n, 10n ** 12n], freight_base: PRICE,
  },
  substitutes: { delivered_units: [1n, 10n ** 13n], wanted_units: [1n, 10n ** 13n], penalty: PRICE },
  pins: { quantity: AMOUNT },
  distances: { distance_m: [0n, 10n ** 8n] },
  class_shares: { min_permille: [0n, 1000n] },
};
// Numbers without which a record says nothing.
const NEEDED = {
  places: ['x_m', 'y_m', 'z_m'], demands: ['quantity', 'shortage_penalty'], offers: ['stock', 'price'],
  substitutes: ['delivered_units', 'wanted_units'], pins: ['quantity'], distances: ['distance_m'], class_shares: ['min_permille'],
};

/** A record by id; one that is missing makes the problem unusable. */
function find(table, id, what) {
  const record = table.get(id);
  if (!record) throw new Broken('PROBLEM_INVALID', `${what} '${id}' is missing or unknown`);
  return record;
}

class Problem {
  constructor(document) {
    if (document.format !== 'pasok-problem/1') throw new Broken('FORMAT', 'the problem has another format');
    this.circuity = document.circuity_permille ?? 1000n;
    for (const table of TABLES) this[table] = this.table(document, table);
    this.checkRanges(document);
    this.pins = document.pins ?? [];
    this.exclusions = document.exclusions ?? [];
    this.bundles = new Map((document.bundles ?? []).map((bundle) => [bundle.id, bundle]));
    this.classShares = new Map((document.class_shares ?? []).map((share) => [share.id, share]));
    const earlier = document.incumbent ?? { lines: [], change_penalty: 0n };
    this.incumbent = earlier.lines;
    this.hasIncumbent = (document.incumbent ?? null) !== null;
    this.changePenalty = earlier.change_penalty;
    this.roads = new Map();
    for (const road of document.distances ?? []) {
      this.roads.set(keyOf(road.from, road.to), road.distance_m);
      this.roads.set(keyOf(road.to, road.from), road.distance_m);
    }
    this.substitutes = new Map((document.substitutes ?? []).map((rule) => [keyOf(rule.wanted, rule.delivered), rule]));
    this.fairness = document.fairness ?? null;
    const share = this.fairness?.min_total_permille ?? 1000n;
    if (share < 0n || share > 1000n) throw new Broken('PROBLEM_INVALID', 'fairness: min_total_permille is out of range');
    this.servedBy = new Map([...this.commodities.keys()].map((good) => [good, new Set([good])]));
    for (const rule of document.substitutes ?? []) {
      find(this.commodities, rule.delivered, 'commodity');
      find(this.servedBy, rule.wanted, 'commodity').add(rule.delivered);
    }
    this.prepareDemands();
    this.prepareOffers();
    this.prepareTerms();
  }

  table(document, name) {
    const records = new Map();
    if (!Array.isArray(document[name])) throw new Broken('PROBLEM_INVALID', `${name} is missing`);
    document[name].forEach((stated, at) => {
      if (records.has(stated.id)) throw new Broken('PROBLEM_INVALID', `${name}: '${stated.id}' stands twice`);
      records.set(stated.id, { ...DEFAULTS[name], ...stated, at });
    });
    return records;
  }

  checkRanges(document) {
    for (const [table, limits] of Object.entries(RANGES)) {
      for (const record of document[table] ?? []) {
        for (const [name, [low, high]] of Object.entries(limits)) {
          const value = record[name] ?? null;
          const isMissing = value === null && (NEEDED[table] ?? []).includes(name);
          if (isMissing || (value !== null && (typeof value !== 'bigint' || value < low || value > high))) {
            throw new Broken('PROBLEM_INVALID', `${table}: ${name} ${value} is out of range`);
          }
        }
      }
    }
    if (typeof this.circuity !== 'bigint') throw new Broken('PROBLEM_INVALID', 'circuity_permille');
  }

  prepareDemands() {
    const largest = new Map();
    const owners = new Map();
    let last = 0n;
    for (const demand of this.demands.values()) {
      demand.most = demand.accept_up_to ?? demand.quantity;
      find(this.buyers, demand.buyer, 'buyer');
      find(this.places, demand.place, 'place');
      find(this.commodities, demand.commodity, 'commodity');
      if (demand.most < demand.quantity) {
        throw new Broken('PROBLEM_INVALID', `demand '${demand.id}' accepts less than it needs`);
      }
      largest.set(demand.commodity, most(largest.get(demand.commodity) ?? 0n, demand.shortage_penalty));
      last = most(last, demand.priority);
      const known = owners.get(demand.place);
      owners.set(demand.place, known === undefined || known === demand.buyer ? demand.buyer : null);
    }
    this.owner = owners;
    for (const demand of this.demands.values()) {
      const weight = 64n * (1n + largest.get(demand.commodity));
      demand.premium = (last - demand.priority) * weight;
      demand.target = 0n;
      demand.target_penalty = (last + 1n) * weight;
    }
  }

  prepareOffers() {
    this.offersOf = new Lists();
    for (const offer of this.offers.values()) {
      find(this.suppliers, offer.supplier, 'supplier');
      find(this.places, offer.place, 'place');
      const good = find(this.commodities, offer.commodity, 'commodity');
      this.offersOf.push(offer.commodity, offer);
      offer.packs = offer.stock / offer.pack;
      offer.day_packs = least(offer.stock, offer.stock_per_day ?? offer.stock) / offer.pack;
      offer.least = most(1n, ceilDiv(offer.min_line, offer.pack));
      offer.pack_grams = rounded(offer.pack * good.grams_per_thousand, 1000n);
      offer.pack_value = offer.pack * offer.price;
    }
  }

  prepareTerms() {
    this.pinned = new Lists();
    for (const pin of this.pins) {
      find(this.demands, pin.demand, 'demand');
      find(this.offers, pin.offer, 'offer');
      this.pinned.push(keyOf(pin.demand, pin.offer), [pin.day ?? null, pin.quantity]);
    }
    for (const line of this.incumbent) {
      find(this.demands, line.demand, 'demand');
      find(this.offers, line.offer, 'offer');
    }
    for (const bundle of this.bundles.values()) {
      for (const name of [...(bundle.offers ?? []), ...(bundle.when ?? []), ...(bundle.then ?? [])]) find(this.offers, name, 'offer');
    }
    const excluded = (who, whom) => new Set(this.exclusions
      .filter((rule) => (rule[who] ?? null) !== null && (rule[whom] ?? null) !== null).map((rule) => keyOf(rule[who], rule[whom])));
    this.excluded = ['demand', 'buyer'].flatMap((who) => ['offer', 'supplier'].map((whom) => [who, whom, excluded(who, whom)]));
  }

  pinsOf(demand, offer) {
    return this.pins.length ? this.pinned.get(keyOf(demand.id, offer.id)) : undefined;
  }

  /** Metres by road: a stated distance, else chord, great circle (cubic series) and circuity. */
  distance(demand, offer) {
    const stated = this.roads.size ? this.roads.get(keyOf(offer.place, demand.place)) : undefined;
    if (stated !== undefined) return stated;
    const key = keyOf(offer.place, demand.place);
    this.measured ??= new Map();
    let known = this.measured.get(key);
    if (known === undefined) {
      const [here, there] = [this.places.get(offer.place), this.places.get(demand.place)];
      const [x, y, z] = [here.x_m - there.x_m, here.y_m - there.y_m, here.z_m - there.z_m];
      const chord = wholeRoot(x * x + y * y + z * z);
      const circle = chord + rounded(chord ** 3n, 24n * EARTH_RADIUS_M ** 2n);
      known = rounded(circle * this.circuity, 1000n);
      this.measured.set(key, known);
    }
    return known;
  }

  /** Ticks per base unit of the offer. */
  freight(demand, offer) {
    return offer.freight_base + rounded(offer.freight_per_km * this.distance(demand, offer), 1000n);
  }

  rule(demand, offer) {
    return demand.commodity === offer.commodity ? null : this.substitutes.get(keyOf(demand.commodity, offer.commodity)) ?? null;
  }

  /** Wanted base units that one pack counts for; 0 when the commodity does not count. */
  weight(demand, offer) {
    if (demand.commodity === offer.commodity) return offer.pack;
    const rule = this.rule(demand, offer);
    if (!rule) return 0n;
    if (rule.wanted_units === rule.delivered_units) return offer.pack;
    return rounded(offer.pack * rule.wanted_units, rule.delivered_units);
  }

  penalty(demand, offer) {
    return this.rule(demand, offer)?.penalty ?? 0n;
  }

  isExcluded(demand, offer) {
    const name = { demand: demand.id, buyer: demand.buyer, offer: offer.id, supplier: offer.supplier };
    return this.exclusions.length > 0 && this.excluded.some(([who, whom, pairs]) => pairs.has(keyOf(name[who], name[whom])));
  }

  /** Why this pair can have no line: the first condition that fails, in the published order; null: it can. */
  refusal(demand, offer) {
    const weight = this.weight(demand, offer);
    if (weight < 1n) return 'NO_OFFER_FOR_ITEM';
    if (!this.suppliers.get(offer.supplier).active) return 'SUPPLIER_SUSPENDED';
    if (this.isExcluded(demand, offer)) return 'EXCLUDED';
    if (offer.day_to < demand.day_from) return 'OFFER_EXPIRED';
    if (offer.day_from > demand.day_to) return 'DELIVERS_TOO_LATE';
    if (!demand.requirements.every((need) => offer.certificates.includes(need))) return 'CERTIFICATE_MISSING';
    if (offer.radius_m !== null && this.distance(demand, offer) > offer.radius_m) return 'OUT_OF_DELIVERY_AREA';
    if (demand.price_ceiling !== null && offer.price * offer.pack > demand.price_ceiling * weight) return 'PRICE_ABOVE_CEILING';
    if (weight > demand.most || offer.day_packs < 1n) return 'PACK_NOT_FILLED';
    if (offer.least * weight > demand.most || offer.least > offer.day_packs) return 'BELOW_SUPPLIER_MINIMUM';
    const isTooDear = this.packCost(demand, offer) > demand.shortage_penalty * weight;
    return isTooDear && !this.pinsOf(demand, offer) ? 'COST_ABOVE_PENALTY' : null;
  }

  /** Ticks for one pack: list price, freight, substitution penalty. */
  packCost(demand, offer) {
    return offer.pack * (offer.price + this.freight(demand, offer) + this.penalty(demand, offer));
  }

  /** Offers whose commodity counts for a demand. */
  rivals(demand) {
    return [...this.servedBy.get(demand.commodity)].flatMap((good) => this.offersOf.of(good));
  }

  /** [offer, weight, ticks for a pack] of every allowed pair; kept, as several checks ask. */
  arcs(demand) {
    demand.arcs ??= this.rivals(demand).filter((offer) => this.refusal(demand, offer) === null)
      .map((offer) => [offer, this.weight(demand, offer), this.packCost(demand, offer)]);
    return demand.arcs;
  }

  pinnedPacks(demand, offer) {
    return total((this.pinsOf(demand, offer) ?? []).map(([, quantity]) => quantity / offer.pack));
  }

  /** [step, most]: what can be delivered comes in multiples of step, up to most. */
  reach(demand) {
    const arcs = this.arcs(demand);
    const step = arcs.reduce((own, [, weight]) => gcd(own, weight), 0n);
    const largest = arcs.reduce((own, [offer, weight]) => most(own, offer.least * weight), arcs.length ? 0n : 1n);
    const pinned = total(arcs.map(([offer, weight]) => weight * this.pinnedPacks(demand, offer)));
    return [step, downTo(least(demand.most, most(demand.quantity + largest - 1n, pinned)), step)];
  }

  /** Days on which a line can be; a pair pinned to days has exactly those. */
  days(demand, offer) {
    const [first, last] = [most(demand.day_from, offer.day_from), least(demand.day_to, offer.day_to)];
    const pinned = (this.pinsOf(demand, offer) ?? []).map(([day]) => day).filter((day) => day !== null);
    const days = [];
    for (let day = first; day <= last; day += 1n) if (!pinned.length || pinned.includes(day)) days.push(day);
    return days;
  }
}
