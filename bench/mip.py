"""One peer on a problem with fees, minimums and tiers: the plain mixed-integer model that a careful user would write.

    python mip.py highs|scip|cpsat PROBLEM.json SECONDS

One day, one pack size per offer, no substitutes, pins, bundles or rules: what `pasok-solver generate problem` makes with
`--drop-fees --minimums --tiers`. Links are strong (k <= U y with the smaller of need and stock). Costs are in rupiah.

Prints: objective and proven bound in rupiah (the objective is added up again from the plan, in whole ticks), seconds by
the clock of the call that solves. `none` where no plan was found.
"""

import json
import math
import sys
import time

TICKS = 10_000_000
RADIUS_M = 6_371_009
THREADS = 2


def half_even(numerator, denominator):
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2))


def road_m(a, b, circuity):
    chord = math.isqrt(sum((a[axis] - b[axis]) ** 2 for axis in ("x_m", "y_m", "z_m")))
    return half_even((chord + half_even(chord**3, 24 * RADIUS_M**2)) * circuity, 1000)


class Lines:
    """All lines that may exist: demand, offer, cost of a pack in ticks, most packs."""

    def __init__(self, problem):
        self.problem = problem
        self.demands, self.offers = problem["demands"], problem["offers"]
        self.suppliers = {supplier["id"]: supplier for supplier in problem["suppliers"]}
        places = {place["id"]: place for place in problem["places"]}
        by_commodity = {}
        for index, offer in enumerate(self.offers):
            by_commodity.setdefault(offer["commodity"], []).append(index)
        roads = {}
        self.rows = []
        for d, demand in enumerate(self.demands):
            for o in by_commodity.get(demand["commodity"], []):
                offer = self.offers[o]
                pair = (demand["place"], offer["place"])
                if pair not in roads:
                    roads[pair] = road_m(places[pair[0]], places[pair[1]], problem["circuity_permille"])
                freight = offer.get("freight_base", 0) + half_even(offer["freight_per_km"] * roads[pair], 1000)
                pack = offer["pack"]
                accept = demand.get("accept_up_to") or demand["quantity"]
                most = min(accept // pack, offer["stock"] // pack)
                cost = pack * (offer["price"] + freight)
                least = max(1, -(-offer.get("min_line", 0) // pack))
                if most >= least and cost <= demand["shortage_penalty"] * pack:
                    self.rows.append((d, o, cost, most, least))

    def objective(self, packs):
        """Ticks of a plan, from whole packs per line."""
        total, taken, served, drops = 0, {}, {}, set()
        for (d, o, cost, _, _), count in zip(self.rows, packs):
            if count:
                demand, offer = self.demands[d], self.offers[o]
                total += cost * count
                taken[o] = taken.get(o, 0) + count * offer["pack"]
                served[d] = served.get(d, 0) + count * offer["pack"]
                drops.add((offer["supplier"], demand["place"]))
        for o, quantity in taken.items():
            reached = [tier["price"] for tier in self.offers[o].get("tiers", []) if quantity >= tier["from_quantity"]]
            if reached:
                total -= quantity * (self.offers[o]["price"] - reached[-1])
        for d, demand in enumerate(self.demands):
            total += demand["shortage_penalty"] * max(0, demand["quantity"] - served.get(d, 0))
        return total + sum(self.suppliers[supplier].get("drop_fee", 0) for supplier, _ in drops)


class Model:
    """Columns (cost in rupiah, lower, upper, integer) and rows (lower, upper, entries), for any solver."""

    def __init__(self, lines):
        self.columns, self.rows = [], []
        self.packs = [self.column(cost / TICKS, 0, most) for _, _, cost, most, _ in lines.rows]
        self.used = {}
        by_demand, by_offer, orders = {}, {}, {}
        for k, (d, o, _, most, least) in zip(self.packs, lines.rows):
            demand, offer = lines.demands[d], lines.offers[o]
            supplier = lines.suppliers[offer["supplier"]]
            by_demand.setdefault(d, []).append((k, offer["pack"]))
            by_offer.setdefault(o, []).append((k, 1))
            if supplier.get("drop_fee", 0):
                self.link(k, most, ("drop", supplier["id"], demand["place"]), supplier["drop_fee"] / TICKS)
            if least > 1:
                y = self.link(k, most, ("line", d, o), 0)
                self.row(0, None, [(k, 1), (y, -least)])
            if supplier.get("min_order_value", 0):
                pair = ("order", supplier["id"], demand["buyer"])
                self.link(k, most, pair, 0)
                orders.setdefault(pair, []).append((k, offer["pack"] * offer["price"] / TICKS))
        for d, demand in enumerate(lines.demands):
            entries = by_demand.get(d, [])
            short = self.column(demand["shortage_penalty"] / TICKS, 0, demand["quantity"])
            self.row(demand["quantity"], None, [*entries, (short, 1)])
            if entries:
                self.row(None, demand.get("accept_up_to") or demand["quantity"], entries)
        for o, entries in by_offer.items():
            offer = lines.offers[o]
            self.row(None, offer["stock"] // offer["pack"], entries)
            self.tiers(offer, entries)
        for pair, entries in orders.items():
            least = lines.suppliers[pair[1]]["min_order_value"] / TICKS
            self.row(0, None, [*entries, (self.used[pair], -least)])

    def tiers(self, offer, entries):
        pack, stock, chosen, discounted = offer["pack"], offer["stock"] // offer["pack"], [], []
        for tier in offer.get("tiers", []):
            reached = self.column(0, 0, 1)
            saved = self.column(-pack * (offer["price"] - tier["price"]) / TICKS, 0, stock)
            self.row(0, None, [*entries, (reached, -(tier["from_quantity"] // pack))])
            self.row(0, None, [(reached, stock), (saved, -1)])
            chosen.append((reached, 1))
            discounted.append((saved, -1))
        if chosen:
            self.row(None, 1, chosen)
            self.row(0, None, [*entries, *discounted])

    def column(self, cost, lower, upper):
        self.columns.append((cost, lower, upper))
        return len(self.columns) - 1

    def row(self, lower, upper, entries):
        self.rows.append((lower, upper, entries))

    def link(self, k, most, key, fee):
        if key not in self.used:
            self.used[key] = self.column(fee, 0, 1)
        self.row(0, None, [(self.used[key], most), (k, -1)])
        return self.used[key]


def by_highs(model, seconds):
    import highspy
    import numpy as np

    infinity = highspy.kHighsInf
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.columns), len(model.rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(part, float) for part in zip(*model.columns))
    lp.row_lower_ = np.array([-infinity if low is None else low for low, _, _ in model.rows], float)
    lp.row_upper_ = np.array([infinity if high is None else high for _, high, _ in model.rows], float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(entries) for _, _, entries in model.rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([at for _, _, entries in model.rows for at, _ in entries], np.int32)
    lp.a_matrix_.value_ = np.array([value for _, _, entries in model.rows for _, value in entries], float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(model.columns)
    highs = highspy.Highs()
    for option, value in [("output_flag", False), ("time_limit", float(seconds)), ("threads", THREADS), ("mip_rel_gap", 0.0)]:
        highs.setOptionValue(option, value)
    highs.passModel(lp)
    start = time.perf_counter()
    highs.run()
    clock = time.perf_counter() - start
    info = highs.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return (list(highs.getSolution().col_value) if found else None), info.mip_dual_bound, clock


def by_scip(model, seconds):
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    columns = [solver.IntVar(low, high, "") for _, low, high in model.columns]
    for low, high, entries in model.rows:
        row = solver.Constraint(-solver.infinity() if low is None else low, solver.infinity() if high is None else high)
        for at, value in entries:
            row.SetCoefficient(columns[at], value)
    for column, (cost, _, _) in zip(columns, model.columns):
        solver.Objective().SetCoefficient(column, cost)
    solver.SetTimeLimit(1000 * seconds)
    start = time.perf_counter()
    status = solver.Solve()
    clock = time.perf_counter() - start
    found = status in (solver.OPTIMAL, solver.FEASIBLE)
    return ([column.solution_value() for column in columns] if found else None), solver.Objective().BestBound(), clock


def by_cpsat(model, seconds):
    from ortools.sat.python import cp_model

    # Thousandths of a rupiah: whole numbers, far inside 64 bits. Order minimums in whole rupiah, rounded against the plan.
    cp = cp_model.CpModel()
    columns = [cp.new_int_var(low, high, "") for _, low, high in model.columns]
    for low, high, entries in model.rows:
        whole = all(float(value).is_integer() for _, value in entries)
        scale = 1 if whole else 1000
        total = sum(math.floor(scale * value) * columns[at] for at, value in entries)
        if low is not None:
            cp.add(total >= scale * low)
        if high is not None:
            cp.add(total <= scale * high)
    cp.minimize(sum(round(1000 * cost) * column for column, (cost, _, _) in zip(columns, model.columns)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = THREADS
    start = time.perf_counter()
    status = solver.solve(cp)
    clock = time.perf_counter() - start
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return ([solver.value(column) for column in columns] if found else None), solver.best_objective_bound / 1000, clock


def main():
    peer, path, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        lines = Lines(json.load(file))
    model = Model(lines)
    values, bound, clock = {"highs": by_highs, "scip": by_scip, "cpsat": by_cpsat}[peer](model, seconds)
    packs = values and [round(value) for value in values[: len(model.packs)]]
    print(lines.objective(packs) / TICKS if packs else "none", bound, clock)


if __name__ == "__main__":
    main()
