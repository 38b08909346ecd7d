// Proof by cases: a tree of splits whose leaves each have prices of their own (solver/README.md).

const LARGEST_TREE_PRICE = 10n ** 18n;
const TREE_SCALES = new Set(Array.from({ length: 18 }, (_, power) => 10n ** BigInt(power)));
const TREE_ROWS = ['xor', 'max_suppliers', 'max_share', 'class_share', 'budget', 'halves', 'supplier_halves'];

/** What is taken whole or not at all: an all-or-nothing bundle, or the one pack of an offer in none. */
class Package {
  constructor(parts) {
    this.supplier = parts[0].offer.supplier;
    this.pieces = parts.map(({ demand, offer, weight, packs, step }) => ({ demand, offer, packs, steps: packs * (weight / step) }));
    this.cost = total(parts.map(({ cost, packs }) => cost * packs));
    this.demands = new Set(parts.map(({ demand }) => demand.id));
    this.offers = new Set(parts.map(({ offer }) => offer.id));
    this.buyers = new Set(parts.map(({ demand }) => demand.buyer));
  }

  /** In a row of the tree. */
  coefficient(problem, row) {
    const own = this.pieces.filter(({ demand }) => !row.buyer || row.buyer.id === demand.buyer);
    const worth = () => total(own.map(({ offer, packs }) => offer.pack_value * packs));
    switch (row.family) {
      case 'xor': return BigInt([...new Set(row.bundle.offers)].filter((name) => this.offers.has(name)).length);
      case 'max_suppliers': return own.length ? 1n : 0n;
      case 'halves':
      case 'supplier_halves': {
        const touched = row.names.filter((name) => this.demands.has(name)).length + (row.supplier?.id === this.supplier ? 1 : 0);
        return BigInt(Math.floor(touched / 2));
      }
      case 'max_share': return ((row.supplier.id === this.supplier ? 1000n : 0n) - row.buyer.max_supplier_share_permille) * worth();
      case 'budget': return worth() + total(own.map(({ demand, offer, packs }) => offer.pack * packs * problem.freight(demand, offer)));
      default: {
        const only = row.share.buyer ?? null;
        const amount = total(this.pieces.filter(({ demand }) => only === null || only === demand.buyer)
          .map(({ offer, packs }) => packs * (row.share.by === 'value' ? offer.pack_value : offer.pack_grams)));
        const isCounted = row.share.classes.includes(problem.suppliers.get(this.supplier).class);
        return (row.share.min_permille - (isCounted ? 1000n : 0n)) * amount;
      }
    }
  }
}

/** Every leaf has prices that show that no plan of its case costs less than the bound. */
class Cases {
  constructor(check, certificate) {
    Object.assign(this, { check, problem: check.problem, tree: certificate.tree });
    this.target = whole(certificate.bound);
    this.scale = whole(this.tree.scale);
  }

  fault(code, place, text) { this.check.fault(code, `/certificate/tree${place}`, text); }

  /** The bound; null after a violation. */
  prove() {
    const before = this.check.violations.length;
    this.checkControl();
    if (this.prepare()) this.checkNodes();
    return this.check.violations.length === before ? this.target : null;
  }

  checkControl() {
    const [places, prices] = [[], []];
    listOf(this.tree, 'nodes').forEach((node, at) => {
      for (const kind of ['fix', 'leaf', 'empty']) {
        (node[kind] ?? []).forEach((price, place) => { places.push(`/nodes/${at}/${kind}/${place}`); prices.push(whole(price)); });
      }
    });
    const off = total(prices) - whole(this.tree.control?.sum);
    const shift = total(prices.map((price, at) => price * BigInt(at + 1))) - whole(this.tree.control?.weighted);
    if (off || shift) {
      const place = off && shift % off === 0n ? Number(shift / off) : 0;
      this.fault('CONTROL_SUM', places[place - 1] ?? '/control', `${off}, ${shift}`);
    }
  }

  /** Packages and rows; false after a violation. */
  prepare() {
    const before = this.check.violations.length;
    if (!TREE_SCALES.has(this.scale)) this.fault('CERTIFICATE_SHAPE', '/scale', `${this.scale}`);
    this.packages = this.findPackages();
    if (!this.packages) {
      this.fault('CERTIFICATE_SHAPE', '', 'only a tender of packages can have a proof by cases');
      return false;
    }
    this.rows = [];
    let last = null;
    (this.tree.rows ?? []).forEach((stated, at) => {
      const order = [stated.row, stated.key];
      if (last && compare(order, last) <= 0) this.fault('ROW_ORDER', `/rows/${at}`, 'order, or twice');
      last = order;
      this.read(at, stated);
    });
    if (this.check.violations.length > before) return false;
    this.money = this.rows.map(({ family }) => ['max_share', 'class_share', 'budget'].includes(family));
    this.limits = this.rows.map(({ family, buyer, limit }) => ({ xor: 1n, max_suppliers: buyer?.max_suppliers, budget: buyer?.budget })[family] ?? limit ?? 0n);
    this.counted = this.packages.map((one) => this.rows.map((row) => one.coefficient(this.problem, row)));
    this.grain = 0n;
    const measure = (amount) => { this.grain = gcd(this.grain, amount); };
    this.packages.forEach((one) => measure(one.cost));
    for (const demand of this.problem.demands.values()) {
      const penalty = demand.shortage_penalty + demand.premium;
      measure(penalty * demand.quantity);
      measure(penalty * this.reach.get(demand.id)[0]);
    }
    this.grain ||= 1n;
    return true;
  }

  read(at, stated) {
    const row = { at, family: stated.row, price: 0n };
    if (!TREE_ROWS.includes(stated.row)) { this.fault('UNKNOWN_ROW', `/rows/${at}`, `'${stated.row}'`); return; }
    const reader = new Bound(this.check, {});
    const isHalf = stated.row === 'halves' || stated.row === 'supplier_halves';
    const first = stated.row === 'supplier_halves' ? 's' : '';
    const fields = isHalf ? first.padEnd(Math.max(3, stated.key?.length ?? 0), 'd') : KEYS[stated.row];
    const isKnown = Array.isArray(stated.key) && stated.key.length === fields.length
      && [...fields].every((kind, place) => reader.resolve(row, kind, stated.key[place])) && reader.hasTerm(row)
      && (row.family !== 'max_suppliers' || this.sellsOnce((one) => one.buyers.has(row.buyer.id)))
      && (!isHalf || this.hasHalves(row, stated.key.slice(first.length)));
    if (isKnown) this.rows.push(row); else this.fault('CERTIFICATE_SHAPE', `/rows/${at}`, `${stated.row} ${stated.key} is no row of this problem`);
  }

  /** All packages; null where something can be sold in another way. */
  findPackages() {
    const { problem } = this;
    const every = (table, holds) => [...table.values()].every(holds);
    const isPlain = !problem.pins.length && !problem.hasIncumbent && problem.fairness === null
      && every(problem.buyers, (buyer) => buyer.min_suppliers === null)
      && every(problem.suppliers, (own) => !own.min_order_value && !own.drop_fee && !own.trip_fee && own.capacity_g_per_day === null && own.capacity_g === null)
      && every(problem.offers, (offer) => !offer.tiers.length && offer.stock_per_day === null && !offer.min_total)
      && every(problem.bundles, (bundle) => bundle.kind !== 'discount');
    if (!isPlain) return null;
    const arcs = new Map();
    this.reach = new Map();
    for (const demand of problem.demands.values()) {
      const [step, limit] = problem.reach(demand);
      this.reach.set(demand.id, [step, limit]);
      for (const [offer, weight, cost] of problem.arcs(demand)) {
        if (arcs.has(offer.id)) return null;
        arcs.set(offer.id, { demand, offer, weight, cost, packs: least(limit / weight, offer.packs), step });
      }
    }
    const [packages, bundled] = [[], new Set()];
    for (const bundle of problem.bundles.values()) {
      if (bundle.kind !== 'all_or_nothing') continue;
      if (new Set(bundle.offers.map((name) => problem.offers.get(name).supplier)).size > 1) return null;
      for (const name of bundle.offers) {
        if (bundled.has(name)) return null;
        bundled.add(name);
      }
      // Nothing can be sold of a bundle with an offer that has no place for its stock.
      const parts = bundle.offers.map((name) => arcs.get(name));
      if (parts.length && parts.every((part) => part && part.packs === part.offer.packs)) packages.push(new Package(parts));
    }
    for (const name of problem.offers.keys()) {
      const part = bundled.has(name) ? undefined : arcs.get(name);
      if (part && part.packs > 1n) return null;
      if (part && part.packs === 1n) packages.push(new Package([part]));
    }
    return packages;
  }

  /** At most one package touches each record: demands that one step fills, and a supplier who sells one package. */
  hasHalves(row, names) {
    const isOneStep = (name) => { const [step, limit] = this.reach.get(name); return step === limit; };
    row.names = names;
    row.limit = BigInt(Math.floor((names.length + (row.supplier ? 1 : 0)) / 2));
    return new Set(names).size === names.length && names.every(isOneStep)
      && (!row.supplier || this.sellsOnce((one) => one.supplier === row.supplier.id));
  }

  /** Whether no supplier can sell two of these packages. */
  sellsOnce(isCounted) {
    const rivals = new Lists();
    for (const bundle of this.problem.bundles.values()) if (bundle.kind === 'xor') bundle.offers.forEach((name) => rivals.push(name, bundle.id));
    const shared = new Lists();
    for (const one of this.packages.filter(isCounted)) {
      shared.push(one.supplier, new Set([...one.offers].flatMap((name) => rivals.of(name))));
    }
    return [...shared.values()].every((own) => own.length === 1 || [...own[0]].some((name) => own.every((names) => names.has(name))));
  }

  checkNodes() {
    const cases = [{ open: this.packages.map((_, at) => at), some: [] }]; // packages still open, and sets of which at least one is taken
    for (const [at, node] of this.tree.nodes.entries()) {
      const where = `/nodes/${at}`;
      if (!cases.length) { this.fault('CERTIFICATE_SHAPE', where, 'the tree is complete before this node'); return; }
      const { open, some } = cases.pop();
      if (node.split) {
        const isNamed = this.named(where, node.split);
        if (!isNamed) continue;
        cases.push({ open, some: [...some, open.filter(isNamed)] });
        cases.push({ open: open.filter((one) => !isNamed(one)), some });
        continue;
      }
      const kind = ['fix', 'empty', 'leaf'].find((own) => node[own]) ?? 'leaf';
      const found = this.lagrangian(where, listOf(node, kind), open, some, kind === 'empty' ? 0n : 1n);
      if (!found) continue;
      if (kind === 'empty') {
        if (found.value <= 0n) this.fault('BOUND', where, 'these prices do not show that the case is empty');
      } else if (kind === 'fix') {
        cases.push({ open: open.filter((one) => !this.reaches(found.value + most(0n, found.reduced.get(one)))), some });
      } else if (!this.reaches(found.value)) {
        this.fault('BOUND', where, 'these prices do not reach the bound');
      }
    }
    if (cases.length) this.fault('CERTIFICATE_SHAPE', '/nodes', `${cases.length} cases are left without a node`);
  }

  /** Every plan costs a multiple of the grain. */
  reaches(value) { return ceilDiv(value, this.scale * this.grain) * this.grain >= this.target; }

  named(where, split) {
    const names = ['supplier', 'demand', 'offer'].map((kind) => split[kind] ?? null);
    const tables = [this.problem.suppliers, this.problem.demands, this.problem.offers];
    if (names.every((name) => name === null) || names.some((name, at) => name !== null && !tables[at].has(name))) {
      this.fault('CERTIFICATE_SHAPE', where, 'a split names a supplier, a demand or an offer');
      return null;
    }
    const [supplier, demand, offer] = names;
    return (at) => {
      const one = this.packages[at];
      return (supplier === null || one.supplier === supplier) && (demand === null || one.demands.has(demand)) && (offer === null || one.offers.has(offer));
    };
  }

  /** The least cost of the case in ticks / scale, and what each open package adds at least; null after a violation. Costs: 1, or 0 to leave them out. */
  lagrangian(where, prices, open, some, costs) {
    const [demands, rows] = [this.problem.demands.size, this.rows.length];
    if (prices.length !== demands + rows + some.length) {
      this.fault('CERTIFICATE_SHAPE', where, 'prices: one for each demand, row, and split answered with');
      return null;
    }
    if (prices.some((price, at) => price > LARGEST_TREE_PRICE || price < (at < demands ? -LARGEST_TREE_PRICE : 0n))) {
      this.fault('PRICE_SIGN', where, 'a price has the wrong sign or size');
      return null;
    }
    let value = this.scale * total([...this.problem.demands.values()].map((demand) => this.need(demand, prices[demand.at], costs)));
    const priced = [];
    for (let row = 0; row < rows; row += 1) {
      const price = prices[demands + row] * (this.money[row] ? 1n : this.scale);
      if (price) priced.push([row, price]);
      value -= price * this.limits[row];
    }
    const bonus = new Sums();
    some.forEach((set, at) => {
      const price = prices[demands + rows + at];
      value += this.scale * price;
      if (price) set.forEach((one) => bonus.add(one, price));
    });
    const reduced = new Map();
    for (const at of open) {
      const [one, counted] = [this.packages[at], this.counted[at]];
      let own = costs * one.cost - bonus.of(at);
      for (const { demand, steps } of one.pieces) own -= prices[demand.at] * steps;
      own *= this.scale;
      for (const [row, price] of priced) own += price * counted[row];
      value += least(0n, own);
      reduced.set(at, own);
    }
    return { value, reduced };
  }

  need(demand, price, costs) {
    const [step, limit] = this.reach.get(demand.id);
    const penalty = costs * (demand.shortage_penalty + demand.premium);
    const points = [0n, downTo(demand.quantity, step), upTo(demand.quantity, step), limit].filter((served) => served <= limit);
    return least(...points.map((served) => penalty * most(0n, demand.quantity - served) + (step ? price * (served / step) : 0n)));
  }
}
