"""One peer on a tender of packages: the set packing that a careful user would write.

    python tender.py highs|scip|cpsat PROBLEM.json SECONDS

What `pasok-solver generate packages` makes: every package a yes-or-no column, every lot taken once or paid for as missing,
at most one package of each bidder. Costs are in rupiah.

Prints: objective and proven bound in rupiah (the objective is added up again in whole ticks), seconds by the clock of the
call that solves. `none` where no plan was found.
"""

import json
import sys

import mip


class Packages:
    """Packages with their costs in ticks, and a model as `mip` solves it."""

    def __init__(self, problem):
        self.columns, self.rows = [], []
        offers = {offer["id"]: offer for offer in problem["offers"]}
        lots = {demand["commodity"]: at for at, demand in enumerate(problem["demands"])}
        self.missing = [demand["quantity"] * demand["shortage_penalty"] for demand in problem["demands"]]
        bundled = [bundle["offers"] for bundle in problem["bundles"] if bundle["kind"] == "all_or_nothing"]
        inside = {offer for bundle in bundled for offer in bundle}
        packages = bundled + [[offer] for offer in offers if offer not in inside]
        self.costs = [sum(offers[offer]["pack"] * offers[offer]["price"] for offer in package) for package in packages]
        self.lots = [[lots[offers[offer]["commodity"]] for offer in package] for package in packages]
        self.columns = [(cost / mip.TICKS, 0, 1) for cost in self.costs + self.missing]
        by_lot = [[(len(packages) + at, 1)] for at in range(len(lots))]
        for column, own in enumerate(self.lots):
            for lot in own:
                by_lot[lot].append((column, 1))
        of = {offer: column for column, package in enumerate(packages) for offer in package}
        alike = [bundle["offers"] for bundle in problem["bundles"] if bundle["kind"] == "xor"]
        self.rows = [(1, None, entries) for entries in by_lot]
        self.rows += [(None, 1, [entry for entry in entries if entry[0] < len(packages)]) for entries in by_lot]
        self.rows += [(None, 1, [(column, 1) for column in sorted({of[offer] for offer in group})]) for group in alike]

    def objective(self, values):
        """Ticks of a plan."""
        taken = [column for column, value in enumerate(values[: len(self.costs)]) if value]
        served = {lot for column in taken for lot in self.lots[column]}
        missing = sum(cost for lot, cost in enumerate(self.missing) if lot not in served)
        return sum(self.costs[column] for column in taken) + missing


def main():
    peer, path, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        model = Packages(json.load(file))
    values, bound, clock = {"highs": mip.by_highs, "scip": mip.by_scip, "cpsat": mip.by_cpsat}[peer](model, seconds)
    print(model.objective([round(value) for value in values]) / mip.TICKS if values else "none", bound, clock)


if __name__ == "__main__":
    main()
