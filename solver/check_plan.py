#!/usr/bin/env python3
"""A second, independent checker of Pasok plans, for auditors: Python's standard library, whole numbers, no solver.

    check_plan.py PROBLEM.json PLAN.json      exit 0: the plan is allowed and every number in it is true
                                              exit 1: it is not; the first violations are named
                                              exit 2: a file cannot be read
    check_plan.py --batch FILE                one {"problem", "sha256", "plan"} per line; prints one verdict per line

It was written from the published formulation (README.md beside this file) and shares nothing with the solver or with
the first checker but the names of the codes. Read it from the bottom up: `check` is the table of contents.
Quantities are base units (gram, millilitre, piece), money is in ticks (1 rupiah = 10,000,000 ticks).
"""

import hashlib
import json
import math
import sys
from collections import defaultdict
from fractions import Fraction

SHOWN = 20  # violations printed on the terminal
TABLES = ("places", "commodities", "buyers", "suppliers", "demands", "offers")
EARTH_RADIUS_M = 6_371_009


class Broken(Exception):
    """The document cannot be judged at all."""


def rounded(numerator, denominator):
    """To the nearest whole number, ties to even."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def down_to(value, step):
    return value - value % step if step else 0


def up_to(value, step):
    return -(-value // step) * step if step else 0


# ----------------------------------------------------------------------------------------------------------------------
# The problem
# ----------------------------------------------------------------------------------------------------------------------

# Numbers that may be absent, with what absence means. None: no such limit.
DEFAULTS = {
    "commodities": {"grams_per_thousand": 1000},
    "buyers": {"budget": None, "min_suppliers": None, "max_suppliers": None, "max_supplier_share_permille": None},
    "suppliers": {"class": "", "active": True, "min_order_value": 0, "drop_fee": 0, "trip_fee": 0,
                  "capacity_g_per_day": None, "capacity_g": None},
    "demands": {"accept_up_to": None, "day_from": 0, "day_to": 0, "requirements": [], "priority": 0,
                "price_ceiling": None},
    "offers": {"stock_per_day": None, "tiers": [], "tier_kind": "all_unit", "pack": 1, "min_line": 0, "min_total": 0,
               "radius_m": None, "day_from": 0, "day_to": 0, "certificates": [], "freight_per_km": 0,
               "freight_base": 0},
}
CAPACITIES = ("capacity_g_per_day", "capacity_g")
# Ranges that both checkers judge: least, most. The problem's own validation is stricter.
AMOUNT, PRICE, MONEY = (0, 10**13), (0, 10**15), (0, 4 * 10**18)
RANGES = {
    "places": {"x_m": (-10**7, 10**7), "y_m": (-10**7, 10**7), "z_m": (-10**7, 10**7)},
    "commodities": {"grams_per_thousand": (1, 10**13)},
    "buyers": {"budget": MONEY, "min_suppliers": AMOUNT, "max_suppliers": AMOUNT,
               "max_supplier_share_permille": (0, 1000)},
    "suppliers": {"min_order_value": MONEY, "drop_fee": MONEY, "trip_fee": MONEY, "capacity_g_per_day": AMOUNT,
                  "capacity_g": AMOUNT},
    "demands": {"quantity": AMOUNT, "accept_up_to": AMOUNT, "day_from": (0, 9999), "day_to": (0, 9999),
                "priority": (0, 1000), "shortage_penalty": PRICE, "price_ceiling": PRICE},
    "offers": {"stock": AMOUNT, "stock_per_day": AMOUNT, "price": PRICE, "pack": (1, 10**13), "min_line": AMOUNT,
               "min_total": AMOUNT, "radius_m": AMOUNT, "day_from": (0, 9999), "day_to": (0, 9999),
               "freight_per_km": (0, 10**12), "freight_base": PRICE},
    "substitutes": {"delivered_units": (1, 10**13), "wanted_units": (1, 10**13), "penalty": PRICE},
    "pins": {"quantity": AMOUNT},
    "distances": {"distance_m": (0, 10**8)},
    "class_shares": {"min_permille": (0, 1000)},
}


class Problem:
    """The problem with ids resolved. Records are plain dicts, found by id."""

    def __init__(self, document):
        if document["format"] != "pasok-problem/1":
            raise Broken("FORMAT", "the problem has another format")
        self.circuity = document.get("circuity_permille", 1000)
        for table in TABLES:
            setattr(self, table, {})
            for place, record in enumerate(document[table]):
                record = {**DEFAULTS.get(table, {}), **record, "at": place}
                if record["id"] in getattr(self, table):
                    raise Broken("PROBLEM_INVALID", f"{table}: '{record['id']}' stands twice")
                getattr(self, table)[record["id"]] = record
        for table, limits in RANGES.items():
            for record in document.get(table, []):
                for name, (least, most) in limits.items():
                    if record.get(name) is not None and not least <= record[name] <= most:
                        raise Broken("PROBLEM_INVALID", f"{table}: {name} {record[name]} is out of range")
        self.pins = document.get("pins", [])
        self.exclusions = document.get("exclusions", [])
        self.bundles = {bundle["id"]: bundle for bundle in document.get("bundles", [])}
        self.class_shares = {share["id"]: share for share in document.get("class_shares", [])}
        incumbent = document.get("incumbent") or {"lines": [], "change_penalty": 0}
        self.incumbent, self.change_penalty = incumbent["lines"], incumbent["change_penalty"]
        self.has_incumbent = bool(document.get("incumbent"))
        self.roads, self.last_pair, self.last_distance_m = {}, None, None
        for road in document.get("distances", []):
            self.roads[road["from"], road["to"]] = self.roads[road["to"], road["from"]] = road["distance_m"]
        self.substitutes = {(rule["wanted"], rule["delivered"]): rule for rule in document.get("substitutes", [])}
        self.fairness = document.get("fairness")
        if self.fairness and not 0 <= self.fairness.get("min_total_permille", 1000) <= 1000:
            raise Broken("PROBLEM_INVALID", "fairness: min_total_permille is out of range")
        self.served_by = {good: {good} for good in self.commodities}
        for wanted, delivered in self.substitutes:
            self.served_by[wanted].add(self.commodities[delivered]["id"])
        self.prepare()

    def prepare(self):
        """What many checks need: offers by commodity, pins by pair, who owns a place, the weight of a class."""
        for demand in self.demands.values():
            demand["most"] = demand["quantity"] if demand["accept_up_to"] is None else demand["accept_up_to"]
            self.buyers[demand["buyer"]], self.places[demand["place"]], self.commodities[demand["commodity"]]
            if demand["most"] < demand["quantity"]:
                raise Broken("PROBLEM_INVALID", f"demand '{demand['id']}' accepts less than it needs")
        self.offers_of = defaultdict(list)
        for offer in self.offers.values():
            self.suppliers[offer["supplier"]], self.places[offer["place"]]
            self.offers_of[self.commodities[offer["commodity"]]["id"]].append(offer)
            per_day = offer["stock"] if offer["stock_per_day"] is None else offer["stock_per_day"]
            offer["packs"] = offer["stock"] // offer["pack"]
            offer["day_packs"] = min(offer["stock"], per_day) // offer["pack"]
            offer["least"] = max(1, -(-offer["min_line"] // offer["pack"]))
            grams = self.commodities[offer["commodity"]]["grams_per_thousand"]
            offer["pack_grams"] = rounded(offer["pack"] * grams, 1000)
            offer["pack_value"] = offer["pack"] * offer["price"]
        self.pinned = defaultdict(list)
        for pin in self.pins:
            self.demands[pin["demand"]], self.offers[pin["offer"]]
            self.pinned[pin["demand"], pin["offer"]].append((pin.get("day"), pin["quantity"]))
        owners = defaultdict(set)
        for demand in self.demands.values():
            owners[demand["place"]].add(demand["buyer"])
        self.owner = {place: min(buyers) for place, buyers in owners.items() if len(buyers) == 1}
        largest = defaultdict(int)
        for demand in self.demands.values():
            largest[demand["commodity"]] = max(largest[demand["commodity"]], demand["shortage_penalty"])
        last = max((demand["priority"] for demand in self.demands.values()), default=0)
        for demand in self.demands.values():
            weight = 64 * (1 + largest[demand["commodity"]])
            demand["premium"] = (last - demand["priority"]) * weight
            demand["target"], demand["target_penalty"] = 0, (last + 1) * weight

    def distance_m(self, demand, offer):
        """Metres by road: a stated distance, else chord, great circle (cubic series) and circuity."""
        pair = offer["place"], demand["place"]
        if pair != self.last_pair:  # the same pair is asked for several times in a row
            self.last_pair, self.last_distance_m = pair, self.measure(offer, demand)
        return self.last_distance_m

    def measure(self, offer, demand):
        stated = self.roads.get((offer["place"], demand["place"]))
        if stated is not None:
            return stated
        here, there = self.places[offer["place"]], self.places[demand["place"]]
        x, y, z = here["x_m"] - there["x_m"], here["y_m"] - there["y_m"], here["z_m"] - there["z_m"]
        chord = math.isqrt(x * x + y * y + z * z)
        great_circle = chord + rounded(chord**3, 24 * EARTH_RADIUS_M**2)
        return rounded(great_circle * self.circuity, 1000)

    def freight(self, demand, offer):
        """Ticks per base unit of the offer."""
        return offer["freight_base"] + rounded(offer["freight_per_km"] * self.distance_m(demand, offer), 1000)

    def weight(self, demand, offer):
        """Wanted base units that one pack counts for; 0 when the commodity does not count."""
        if demand["commodity"] == offer["commodity"]:
            return offer["pack"]
        rule = self.substitutes.get((demand["commodity"], offer["commodity"]))
        if rule is None:
            return 0
        if rule["wanted_units"] == rule["delivered_units"]:
            return offer["pack"]
        return rounded(offer["pack"] * rule["wanted_units"], rule["delivered_units"])

    def penalty(self, demand, offer):
        rule = self.substitutes.get((demand["commodity"], offer["commodity"]))
        return rule.get("penalty", 0) if rule and demand["commodity"] != offer["commodity"] else 0

    def is_excluded(self, demand, offer):
        for rule in self.exclusions:
            who = rule.get("demand") == demand["id"] or rule.get("buyer") == demand["buyer"]
            if who and (rule.get("offer") == offer["id"] or rule.get("supplier") == offer["supplier"]):
                return True
        return False

    def refusal(self, demand, offer):
        """Why this pair can have no line: the first condition that fails, in the published order; None: it can."""
        weight, most = self.weight(demand, offer), demand["most"]
        if weight < 1:
            return "NO_OFFER_FOR_ITEM"
        if not self.suppliers[offer["supplier"]]["active"]:
            return "SUPPLIER_SUSPENDED"
        if self.is_excluded(demand, offer):
            return "EXCLUDED"
        if offer["day_to"] < demand["day_from"]:
            return "OFFER_EXPIRED"
        if offer["day_from"] > demand["day_to"]:
            return "DELIVERS_TOO_LATE"
        if not all(need in offer["certificates"] for need in demand["requirements"]):
            return "CERTIFICATE_MISSING"
        if offer["radius_m"] is not None and self.distance_m(demand, offer) > offer["radius_m"]:
            return "OUT_OF_DELIVERY_AREA"
        ceiling = demand["price_ceiling"]
        if ceiling is not None and offer["price"] * offer["pack"] > ceiling * weight:
            return "PRICE_ABOVE_CEILING"
        if weight > most or offer["day_packs"] < 1:
            return "PACK_NOT_FILLED"
        if offer["least"] * weight > most or offer["least"] > offer["day_packs"]:
            return "BELOW_SUPPLIER_MINIMUM"
        if self.pack_cost(demand, offer) > demand["shortage_penalty"] * weight:
            if (demand["id"], offer["id"]) not in self.pinned:
                return "COST_ABOVE_PENALTY"
        return None

    def pack_cost(self, demand, offer):
        """Ticks for one pack: list price, freight, substitution penalty."""
        return offer["pack"] * (offer["price"] + self.freight(demand, offer) + self.penalty(demand, offer))

    def rivals(self, demand):
        """Offers whose commodity counts for a demand."""
        wanted = demand["commodity"]
        return [offer for good in self.served_by[wanted] for offer in self.offers_of[good]]

    def arcs(self, demand):
        """(offer, weight, ticks for a pack) of every allowed pair."""
        allowed = (offer for offer in self.rivals(demand) if self.refusal(demand, offer) is None)
        return [(offer, self.weight(demand, offer), self.pack_cost(demand, offer)) for offer in allowed]

    def pinned_packs(self, demand, offer):
        pins = self.pinned.get((demand["id"], offer["id"]), []) if self.pins else []
        return sum(quantity // offer["pack"] for _, quantity in pins)

    def reach(self, demand, arcs):
        """(step, most): what can be delivered comes in multiples of step, up to most."""
        step = math.gcd(*(weight for _, weight, _ in arcs)) if arcs else 0
        largest = max((offer["least"] * weight for offer, weight, _ in arcs), default=1)
        pinned = sum(weight * self.pinned_packs(demand, offer) for offer, weight, _ in arcs) if self.pins else 0
        return step, down_to(min(demand["most"], max(demand["quantity"] + largest - 1, pinned)), step)

    def days(self, demand, offer):
        """Days on which a line can be; a pair pinned to days has exactly those."""
        both = range(max(demand["day_from"], offer["day_from"]), min(demand["day_to"], offer["day_to"]) + 1)
        pinned = [day for day, _ in self.pinned.get((demand["id"], offer["id"]), []) if day is not None]
        return [day for day in both if not pinned or day in pinned]


# ----------------------------------------------------------------------------------------------------------------------
# Lines and what they add up to
# ----------------------------------------------------------------------------------------------------------------------

REFUSAL_CODE = {
    "OFFER_EXPIRED": "WINDOW",
    "DELIVERS_TOO_LATE": "WINDOW",
    "OUT_OF_DELIVERY_AREA": "TOO_FAR",
    "PACK_NOT_FILLED": "PACK_DOES_NOT_FIT",
    "BELOW_SUPPLIER_MINIMUM": "BELOW_MIN_LINE",
}


class Check:
    """One check: the problem, the plan, and the violations found so far."""

    def __init__(self, problem, plan):
        self.problem, self.plan, self.violations = problem, plan, []
        self.lines = []  # (place in the plan, stated line, demand, offer, packs, weight)
        self.taken = defaultdict(int)  # base units by offer
        self.taken_on = defaultdict(int)  # base units by (offer, day)
        self.served = defaultdict(int)  # wanted base units by demand
        self.pair = defaultdict(int)  # base units by (demand, offer, day)

    def fault(self, code, pointer, text):
        self.violations.append((code, pointer, text))

    def expect(self, code, pointer, stated, expected):
        if stated != expected:
            self.fault(code, pointer, f"states {stated}, should be {expected}")

    def read_lines(self):
        last = None
        for at, line in enumerate(self.plan["lines"]):
            where = f"/lines/{at}"
            demand, offer = self.problem.demands.get(line["demand"]), self.problem.offers.get(line["offer"])
            if demand is None or offer is None:
                if demand is None:
                    self.fault("UNKNOWN_DEMAND", where, f"no demand '{line['demand']}'")
                if offer is None:
                    self.fault("UNKNOWN_OFFER", where, f"no offer '{line['offer']}'")
                continue
            if not 1 <= line["quantity"] <= 10**13:
                self.fault("QUANTITY_NOT_POSITIVE", where + "/quantity", f"{line['quantity']} base units")
                continue
            if demand["commodity"] != offer["commodity"] and \
                    (demand["commodity"], offer["commodity"]) not in self.problem.substitutes:
                self.fault("COMMODITY_MISMATCH", where, "neither the commodity wanted nor a substitute")
                continue
            self.judge_line(where, line, demand, offer)
            order = (demand["at"], offer["at"], line["day"])
            if last is not None and order <= last:
                self.fault("LINE_ORDER", where, "not ordered by demand, offer, day; or twice")
            last = order
            self.add_line(at, line, demand, offer)

    def judge_line(self, where, line, demand, offer):
        quantity = line["quantity"]
        if quantity % offer["pack"]:
            self.fault("PACK_NOT_WHOLE", where + "/quantity", f"{quantity} is no multiple of {offer['pack']}")
        if quantity < offer["min_line"]:
            self.fault("BELOW_MIN_LINE", where + "/quantity", f"{quantity} is below {offer['min_line']}")
        refusal = self.problem.refusal(demand, offer)
        if refusal == "NO_OFFER_FOR_ITEM":
            self.fault("COMMODITY_MISMATCH", where, "a pack counts for nothing of what was wanted")
        elif refusal:
            self.fault(REFUSAL_CODE.get(refusal, refusal), where, f"this pair is not allowed: {refusal}")
        first, last = max(demand["day_from"], offer["day_from"]), min(demand["day_to"], offer["day_to"])
        if not first <= line["day"] <= last:
            self.fault("WINDOW", where + "/day", f"day {line['day']} is not in {first} to {last}")
        self.expect("DISTANCE", where + "/distance_m", line["distance_m"], self.problem.distance_m(demand, offer))
        self.expect("UNIT_FREIGHT", where + "/unit_freight", line["unit_freight"], self.problem.freight(demand, offer))

    def add_line(self, at, line, demand, offer):
        packs, weight = line["quantity"] // offer["pack"], self.problem.weight(demand, offer)
        self.lines.append((at, line, demand, offer, packs, weight))
        self.taken[offer["id"]] += line["quantity"]
        self.taken_on[offer["id"], line["day"]] += line["quantity"]
        self.served[demand["id"]] += packs * weight
        self.pair[demand["id"], offer["id"], line["day"]] += line["quantity"]

    def pair_quantity(self, pin):
        """What the plan has for a pinned line, on its day or over all days."""
        if pin.get("day") is not None:
            return self.pair.get((pin["demand"], pin["offer"], pin["day"]), 0)
        whole = (q for (demand, offer, _), q in self.pair.items() if (demand, offer) == (pin["demand"], pin["offer"]))
        return sum(whole)

    def check_stock(self):
        for offer in self.problem.offers.values():
            taken, where = self.taken[offer["id"]], f"/offers/{offer['at']}"
            if taken > offer["stock"]:
                self.fault("STOCK", where + "/stock", f"{taken} taken of {offer['stock']}")
            if 0 < taken < offer["min_total"]:
                self.fault("MIN_TOTAL", where + "/min_total", f"{taken} taken, at least {offer['min_total']}")
        for (name, day), taken in self.taken_on.items():
            limit = self.problem.offers[name]["stock_per_day"]
            if limit is not None and taken > limit:
                self.fault("STOCK_DAY", f"/offers/{self.problem.offers[name]['at']}", f"{taken} of {limit} on day {day}")

    def check_needs(self):
        for demand in self.problem.demands.values():
            served = self.served[demand["id"]]
            if served > demand["quantity"]:
                most = max(demand["quantity"], self.problem.reach(demand, self.problem.arcs(demand))[1])
                if served > most:
                    at = next((at for at, _, own, *_ in self.lines if own is demand), None)
                    self.fault("DEMAND_EXCEEDED", f"/lines/{at}/quantity", f"'{demand['id']}': {served} of {most}")
        for at, _, demand, offer, packs, weight in self.lines:
            surplus = self.served[demand["id"]] - demand["quantity"]
            least = -(-offer["min_line"] // offer["pack"])
            spare = weight if packs > least else packs * weight
            if surplus > 0 and surplus >= spare and not self.has_other_purpose(demand, offer):
                self.fault("PACK_BY_TOLERANCE", f"/lines/{at}/quantity", f"{surplus} beyond the need, a pack is {spare}")

    def has_other_purpose(self, demand, offer):
        """Terms that can make a pack beyond the need worth its price."""
        problem, buyer = self.problem, self.problem.buyers[demand["buyer"]]
        return bool(
            (demand["id"], offer["id"]) in problem.pinned or offer["min_total"] or offer["tiers"]
            or problem.suppliers[offer["supplier"]]["min_order_value"] or buyer["min_suppliers"] is not None
            or buyer["max_supplier_share_permille"] is not None or problem.class_shares or problem.bundles
            or problem.incumbent or offer["price"] == 0)

    def check_pins(self):
        for at, pin in enumerate(self.problem.pins):
            if self.pair_quantity(pin) != pin["quantity"]:
                self.fault("PIN_BROKEN", f"/pins/{at}", f"{self.pair_quantity(pin)} instead of {pin['quantity']}")
        for at, line, demand, offer, _, _ in self.lines:
            days = [day for day, _ in self.problem.pinned.get((demand["id"], offer["id"]), [])]
            if days and None not in days and line["day"] not in days:
                self.fault("PIN_BROKEN", f"/lines/{at}/day", f"pinned to other days than {line['day']}")
        for at, line, demand, offer, _, _ in self.lines:
            days = [day for day, _ in self.problem.pinned.get((demand["id"], offer["id"]), [])]
            if days and None not in days and line["day"] not in days:
                self.fault("PIN_BROKEN", f"/lines/{at}/day", "pinned to other days")

    # --- rules over several lines -------------------------------------------------------------------------------------

    def check_rules(self):
        loads, in_all, orders = defaultdict(int), defaultdict(int), defaultdict(int)
        goods, freight, drops = defaultdict(lambda: defaultdict(int)), defaultdict(int), defaultdict(set)
        for _, line, demand, offer, packs, _ in self.lines:
            supplier, buyer = offer["supplier"], demand["buyer"]
            loads[supplier, line["day"]] += packs * offer["pack_grams"]
            in_all[supplier] += packs * offer["pack_grams"]
            value = line["quantity"] * offer["price"]
            orders[supplier, buyer] += value
            goods[buyer][supplier] += value
            freight[buyer] += line["quantity"] * self.problem.freight(demand, offer)
            drops[buyer].add((supplier, demand["place"], line["day"]))
        for (supplier, day), load in loads.items():
            limit = self.problem.suppliers[supplier]["capacity_g_per_day"]
            if limit is not None and load > limit:
                self.fault("CAPACITY", f"supplier '{supplier}'", f"{load} g on day {day}, at most {limit}")
        for supplier, load in in_all.items():
            limit = self.problem.suppliers[supplier]["capacity_g"]
            if limit is not None and load > limit:
                self.fault("CAPACITY", f"supplier '{supplier}'", f"{load} g in all, at most {limit}")
        for (supplier, buyer), value in orders.items():
            least = self.problem.suppliers[supplier]["min_order_value"]
            if value < least:
                self.fault("MIN_ORDER_VALUE", f"supplier '{supplier}'", f"'{buyer}' orders {value}, at least {least}")
        for buyer, by_supplier in goods.items():
            self.check_buyer(self.problem.buyers[buyer], by_supplier, freight[buyer], drops[buyer])
        self.check_bundles()
        self.check_class_shares()

    def check_buyer(self, buyer, by_supplier, freight, drops):
        where, count, total = f"buyer '{buyer['id']}'", len(by_supplier), sum(by_supplier.values())
        if buyer["min_suppliers"] is not None and count < buyer["min_suppliers"]:
            self.fault("MIN_SUPPLIERS", where, f"{count} suppliers, at least {buyer['min_suppliers']}")
        if buyer["max_suppliers"] is not None and count > buyer["max_suppliers"]:
            self.fault("MAX_SUPPLIERS", where, f"{count} suppliers, at most {buyer['max_suppliers']}")
        if buyer["budget"] is not None:
            own = [supplier for supplier, place, _ in drops if self.problem.owner.get(place) == buyer["id"]]
            spent = total + freight + sum(self.problem.suppliers[supplier]["drop_fee"] for supplier in own)
            if spent > buyer["budget"]:
                self.fault("BUDGET", where, f"{spent} ticks of {buyer['budget']}")
        most = buyer["max_supplier_share_permille"]
        for supplier, value in by_supplier.items():
            if most is not None and value * 1000 > total * most:
                self.fault("SUPPLIER_SHARE", where, f"'{supplier}' has {value} of {total}")

    def check_bundles(self):
        for name, bundle in self.problem.bundles.items():
            offers = [self.problem.offers[offer] for offer in bundle.get("offers", [])]
            touched = [offer for offer in offers if self.taken[offer["id"]]]
            whole = all(self.taken[offer["id"]] == offer["packs"] * offer["pack"] for offer in offers)
            if bundle["kind"] == "all_or_nothing" and touched and not whole:
                self.fault("BUNDLE", name, "taken in part")
            if bundle["kind"] == "xor" and len(touched) > 1:
                self.fault("BUNDLE", name, f"{len(touched)} offers taken, one at most")

    def check_class_shares(self):
        for name, share in self.problem.class_shares.items():
            total = counted = 0
            for _, line, demand, offer, packs, _ in self.lines:
                if share.get("buyer") in (None, demand["buyer"]):
                    by_value = share["by"] == "value"
                    amount = line["quantity"] * offer["price"] if by_value else packs * offer["pack_grams"]
                    total += amount
                    if self.problem.suppliers[offer["supplier"]]["class"] in share["classes"]:
                        counted += amount
            if counted * 1000 < total * share["min_permille"]:
                self.fault("CLASS_SHARE", name, f"{counted} of {total}, at least {share['min_permille']} permille")

    # --- money --------------------------------------------------------------------------------------------------------

    def unit_price(self, offer):
        """Ticks per base unit at the offer's awarded total, less discounts reached."""
        price, taken = offer["price"], self.taken[offer["id"]]
        if offer["tier_kind"] == "all_unit":
            for tier in sorted(offer["tiers"], key=lambda tier: tier["from_quantity"]):
                if taken >= tier["from_quantity"]:
                    price = tier["price"]
        for bundle in self.problem.bundles.values():
            if bundle["kind"] == "discount" and offer["id"] in bundle["then"]:
                if sum(self.taken[name] for name in bundle["when"]) >= bundle["at_least"]:
                    price -= bundle["off"]
        return price

    def saving(self, offer):
        """What incremental tiers take off the whole offer."""
        saved, price = 0, offer["price"]
        if offer["tier_kind"] == "incremental":
            for tier in offer["tiers"]:
                saved += (price - tier["price"]) * max(0, self.taken[offer["id"]] - tier["from_quantity"])
                price = tier["price"]
        return saved

    def check_money(self):
        own = dict.fromkeys(("goods", "freight", "fees", "penalties", "shortage", "priority", "fairness"), 0)
        drops, trips, prices = set(), set(), {}
        for at, line, demand, offer, _, _ in self.lines:
            if offer["id"] not in prices:
                prices[offer["id"]] = self.unit_price(offer)
            price = prices[offer["id"]]
            self.expect("UNIT_PRICE", f"/lines/{at}/unit_price", line["unit_price"], price)
            own["goods"] += price * line["quantity"]
            own["freight"] += self.problem.freight(demand, offer) * line["quantity"]
            own["penalties"] += self.problem.penalty(demand, offer) * line["quantity"]
            drops.add((offer["supplier"], demand["place"], line["day"]))
            trips.add((offer["supplier"], line["day"]))
        savings = [(offer["id"], self.saving(offer)) for offer in self.problem.offers.values()]
        own["goods"] -= sum(saved for _, saved in savings)
        stated = [(entry["offer"], int(entry["amount"])) for entry in self.plan.get("discounts", [])]
        self.expect("DISCOUNT", "/discounts", stated, [(name, saved) for name, saved in savings if saved])
        own["fees"] += sum(self.problem.suppliers[supplier]["drop_fee"] for supplier, _, _ in drops)
        own["fees"] += sum(self.problem.suppliers[supplier]["trip_fee"] for supplier, _ in trips)
        changed = [line for line in self.problem.incumbent if self.pair_quantity(line) != line["quantity"]]
        own["penalties"] += self.problem.change_penalty * len(changed)
        for demand in self.problem.demands.values():
            short = max(0, demand["quantity"] - self.served[demand["id"]])
            own["shortage"] += short * demand["shortage_penalty"]
            own["priority"] += short * demand["premium"]
            below = max(0, demand["target"] - self.served[demand["id"]])
            own["fairness"] += below * demand["target_penalty"]
        self.unfairness = own["fairness"]
        self.objective = own["objective"] = sum(own.values())
        for name, amount in own.items():
            self.expect("TOTAL", f"/totals/{name}", int(self.plan["totals"].get(name, 0)), amount)

    # --- fair shares --------------------------------------------------------------------------------------------------

    def check_shares(self):
        """The stated shares, the flow that delivers them, and that nobody holds what a poorer one could use."""
        problem, stated = self.problem, self.plan.get("fairness")
        if not problem.fairness or not stated:
            if problem.fairness or stated:
                self.fault("FAIRNESS", "/fairness", "fair shares are stated where none are asked for, or the reverse")
            return
        demands = list(problem.demands.values())
        for name in ("shares", "rivals"):
            if len(stated[name]) != len(demands):
                self.fault("FAIRNESS", f"/fairness/{name}", f"{len(stated[name])} for {len(demands)} demands")
                return
        numbers = stated["shares"] + stated["rivals"]
        sums = sum(numbers), sum(place * number for place, number in enumerate(numbers, 1))
        self.expect("CONTROL_SUM", "/fairness/control", tuple(map(int, (stated["control"]["sum"],
                                                                        stated["control"]["weighted"]))), sums)
        before = len(self.violations)
        pool = Pool(self, demands, stated)
        if len(self.violations) == before:
            pool.check_rivals()
        for demand, share in zip(demands, stated["shares"]):
            step = pool.step[demand["at"]]
            demand["target"] = min(down_to(max(0, share), step), up_to(demand["quantity"], step))

    def check_without(self, document, problem_sha256):
        """The plan without the rule is judged like any other; totals and cost are compared with it."""
        stated = self.plan.get("fairness")
        if not self.problem.fairness or not stated:
            return
        plain = {name: value for name, value in document.items() if name != "fairness"}
        other = judged(Problem(plain), problem_sha256, stated["without"], plain)
        for code, pointer, text in other.violations:
            self.fault(code, "/fairness/without" + pointer, text)
        self.expect("TOTAL", "/fairness/cost", int(stated["cost"]), self.objective - self.unfairness - other.objective)
        own, free = self.shipped(), other.shipped()
        goods = [good for good in self.problem.commodities if good in own]
        for at, floor in enumerate(stated["floors"]):
            where = f"/fairness/floors/{at}"
            if at >= len(goods) or floor["commodity"] != goods[at]:
                self.fault("FAIR_TOTAL", where, "not in the order of the commodities that are asked for")
                return
            good = goods[at]
            least = -(-free[good] * self.problem.fairness.get("min_total_permille", 1000) // 1000)
            for name, expected in (("without", free[good]), ("least", least), ("shipped", own[good])):
                self.expect("FAIR_TOTAL", f"{where}/{name}", int(floor[name]), expected)
            if own[good] < least:
                self.fault("FAIR_TOTAL", where, f"{own[good]} delivered, at least {least}")
        if len(stated["floors"]) < len(goods):
            self.fault("FAIR_TOTAL", "/fairness/floors", "a commodity is missing")

    def shipped(self):
        """Wanted base units delivered, by commodity that is asked for."""
        totals = defaultdict(int)
        for demand in self.problem.demands.values():
            totals[demand["commodity"]] += self.served[demand["id"]]
        return totals

    # --- shortages ----------------------------------------------------------------------------------------------------

    def check_shortages(self):
        stated, seen, last = defaultdict(int), set(), 0
        problem = self.problem
        known = set().union(problem.offers, problem.suppliers, problem.buyers, problem.demands, problem.bundles,
                            problem.class_shares, problem.commodities)
        for at, entry in enumerate(self.plan["shortages"]):
            where, demand = f"/shortages/{at}", problem.demands.get(entry["demand"])
            if demand is None:
                self.fault("UNKNOWN_DEMAND", where, f"no demand '{entry['demand']}'")
                continue
            if entry["quantity"] < 1:
                self.fault("SHORTAGE_QUANTITY", where, "a shortage is at least 1")
            if demand["at"] < last or (demand["id"], entry["reason"]) in seen:
                self.fault("SHORTAGE_ORDER", where, "not in the problem's order; or a reason twice")
            if entry.get("limited_by") is not None and entry["limited_by"] not in known:
                self.fault("LIMITED_BY", where, f"no record '{entry['limited_by']}'")
            if not self.is_plausible(demand, entry["reason"]):
                self.fault("REASON", where, f"{entry['reason']} cannot be the cause")
            seen.add((demand["id"], entry["reason"]))
            last = demand["at"]
            stated[demand["id"]] += entry["quantity"]
        for demand in problem.demands.values():
            missing = max(0, demand["quantity"] - self.served[demand["id"]])
            self.expect("SHORTAGE_QUANTITY", f"demand '{demand['id']}'", stated[demand["id"]], missing)

    def is_plausible(self, demand, reason):
        """Whether the records that a reason speaks of exist. That lifting it helps is for `explain` to show."""
        problem, rivals = self.problem, self.problem.rivals(demand)
        buyer = problem.buyers[demand["buyer"]]
        suppliers = [problem.suppliers[offer["supplier"]] for offer in rivals]
        some_pair_fails = lambda: any(problem.refusal(demand, offer) == reason for offer in rivals)
        match reason:
            case "NO_OFFER_FOR_ITEM":
                return all(problem.weight(demand, offer) < 1 for offer in rivals)
            case "STOCK_EXHAUSTED":
                return any(self.is_exhausted(demand, offer) for offer in rivals)
            case "PACK_NOT_FILLED":
                return any(problem.weight(demand, offer) > 1 for offer in rivals) or some_pair_fails()
            case "BELOW_SUPPLIER_MINIMUM":
                return any(offer["min_line"] or offer["min_total"] for offer in rivals) or \
                    any(supplier["min_order_value"] for supplier in suppliers)
            case "BUDGET_LIMIT":
                return buyer["budget"] is not None
            case "LOWER_PRIORITY":
                goods = {offer["commodity"] for offer in rivals}
                return any(other["priority"] < demand["priority"] and goods & problem.served_by[other["commodity"]]
                           for other in problem.demands.values())
            case "PINNED_ELSEWHERE":
                return bool(problem.pins)
            case "RULE_LIMIT":
                named = ("min_suppliers", "max_suppliers", "max_supplier_share_permille")
                return any(buyer[name] is not None for name in named) or bool(problem.bundles) or \
                    bool(problem.class_shares) or problem.fairness or \
                    any(supplier[name] is not None for supplier in suppliers for name in CAPACITIES)
            case "COST_ABOVE_PENALTY":
                fees = any(supplier["drop_fee"] or supplier["trip_fee"] for supplier in suppliers)
                return fees or bool(problem.incumbent) or self.is_last_pack_too_dear(demand) or some_pair_fails()
        return some_pair_fails()

    def is_last_pack_too_dear(self, demand):
        """The last, only partly needed pack costs no less than the shortage that it would end."""
        missing = demand["quantity"] - self.served[demand["id"]]
        return any(cost >= demand["shortage_penalty"] * min(missing, weight)
                   for _, weight, cost in self.problem.arcs(demand))

    def is_exhausted(self, demand, offer):
        if self.problem.refusal(demand, offer) is not None:
            return False
        if offer["stock"] - self.taken[offer["id"]] < offer["pack"]:
            return True
        first, last = max(demand["day_from"], offer["day_from"]), min(demand["day_to"], offer["day_to"])
        left = lambda day: offer["day_packs"] * offer["pack"] - self.taken_on.get((offer["id"], day), 0)
        return offer["stock_per_day"] is not None and any(left(day) < offer["pack"] for day in range(first, last + 1))

    # --- certificate --------------------------------------------------------------------------------------------------

    def check_certificate(self):
        certificate = self.plan["certificate"]
        self.check_control(certificate)
        before = len(self.violations)
        bound = Bound(self, certificate).compute() if self.check_shape(certificate) else None
        if certificate.get("tree") is not None:
            proved = Cases(self, certificate).prove()
            bound = proved if bound is not None else None
        if bound is None or len(self.violations) > before:
            return
        gap = self.objective - bound
        self.expect("BOUND", "/certificate/bound", int(certificate["bound"]), bound)
        if int(certificate["gap"]) != gap or gap < 0:
            self.fault("GAP", "/certificate/gap", f"states {certificate['gap']}, objective minus bound is {gap}")
        if (self.plan["status"] == "optimal") != (gap == 0):
            self.fault("STATUS", "/status", f"a gap of {gap} is not '{self.plan['status']}'")

    def check_control(self, certificate):
        """Two sums over all multipliers tell that one was altered, and which."""
        prices = certificate["demand_prices"] + certificate["offer_prices"]
        names = [f"/certificate/demand_prices/{at}" for at in range(len(certificate["demand_prices"]))]
        names += [f"/certificate/offer_prices/{at}" for at in range(len(certificate["offer_prices"]))]
        for at, row in enumerate(certificate.get("rows", [])):
            names.append(f"/certificate/rows/{at}/price")
        prices = prices + [row["price"] for row in certificate.get("rows", [])]
        off = sum(prices) - int(certificate["control"]["sum"])
        shift = sum(place * price for place, price in enumerate(prices, 1)) - int(certificate["control"]["weighted"])
        if off or shift:
            place = shift // off if off and shift % off == 0 else 0
            where = names[place - 1] if 1 <= place <= len(names) else "/certificate/control"
            self.fault("CONTROL_SUM", where, f"the control sums differ by {off} and {shift}")

    def check_shape(self, certificate):
        before, largest = len(self.violations), 10**17
        for name, table in (("demand_prices", self.problem.demands), ("offer_prices", self.problem.offers)):
            if len(certificate[name]) != len(table):
                self.fault("CERTIFICATE_SHAPE", f"/certificate/{name}", f"{len(certificate[name])} for {len(table)}")
            least = -largest if name == "demand_prices" else 0
            for at, price in enumerate(certificate[name]):
                if not least <= price <= largest:
                    self.fault("PRICE_SIGN", f"/certificate/{name}/{at}", f"{price} has the wrong sign or size")
        if certificate.get("scale", 1) not in [10**power for power in range(10)]:
            self.fault("CERTIFICATE_SHAPE", "/certificate/scale", "the scale is not a power of ten up to 10^9")
        last = None
        for at, row in enumerate(certificate.get("rows", [])):
            order = (row["row"], row["key"])
            if last is not None and order <= last:
                self.fault("ROW_ORDER", f"/certificate/rows/{at}", "not ordered by family and key; or twice")
            last = order
            if row["price"] == 0:
                self.fault("ROW_ORDER", f"/certificate/rows/{at}/price", "a row without price is left out")
            elif not 0 < row["price"] <= largest:
                self.fault("PRICE_SIGN", f"/certificate/rows/{at}/price", f"{row['price']} has the wrong sign or size")
        return len(self.violations) == before


# ----------------------------------------------------------------------------------------------------------------------
# Fair shares
# ----------------------------------------------------------------------------------------------------------------------

NOBODY, AT, SPARE = 0, 1, 2  # kinds of level: nothing can reach a demand, goods of a standing can, unused stock can


def standing(demand, filled):
    """Orders units: by class, by fill before the unit, by need."""
    return AT, demand["priority"], Fraction(filled, demand["quantity"]) if demand["quantity"] else 0, demand["quantity"]


class Pool:
    """Shares as the stated flow brings them, with what they are measured by."""

    def __init__(self, check, demands, stated):
        self.check, self.problem, self.demands, self.stated = check, check.problem, demands, stated
        self.arcs, self.step, self.base, self.unit = [], [], [], defaultdict(int)
        for demand in demands:
            arcs = self.problem.arcs(demand)
            self.step.append(math.gcd(*(weight for _, weight, _ in arcs)) if arcs else 0)
            self.base.append(sum(weight * self.problem.pinned_packs(demand, offer) for offer, weight, _ in arcs))
            own = [(offer, cost) for offer, _, cost in arcs if offer["commodity"] == demand["commodity"]
                   and (demand["id"], offer["id"]) not in self.problem.pinned]
            self.arcs.append(own)
            self.unit[demand["commodity"]] = math.gcd(self.unit[demand["commodity"]], *(offer["pack"] for offer, _ in own))
        self.share, self.flow = list(self.base), {}
        self.add_flow()
        for at, (said, own) in enumerate(zip(stated["shares"], self.share)):
            check.expect("FAIRNESS", f"/fairness/shares/{at}", said, own)

    def add_flow(self):
        last = None
        for at, part in enumerate(self.stated["flow"]):
            where = f"/fairness/flow/{at}"
            demand, offer = self.problem.demands.get(part["demand"]), self.problem.offers.get(part["offer"])
            if demand is None or offer is None:
                self.check.fault("FAIRNESS", where, "no demand or offer has this id")
                continue
            unit, order = max(1, self.unit[demand["commodity"]]), (demand["at"], offer["at"])
            whole = 1 <= part["quantity"] <= 10**13 and part["quantity"] % unit == 0
            if not whole or (last is not None and order <= last):
                self.check.fault("FAIRNESS", where, f"not in order, twice, or no multiple of {unit}")
                continue
            last = order
            self.flow[order] = part["quantity"]
            self.share[demand["at"]] += part["quantity"]

    def last(self, at):
        """The standing of the last unit that a demand holds beyond its pins."""
        unit = self.unit[self.demands[at]["commodity"]]
        return standing(self.demands[at], self.share[at] - unit) if self.share[at] > self.base[at] else (NOBODY,)

    def level(self, at):
        rival = self.stated["rivals"][at]
        if rival in (-1, -2):
            return (NOBODY,) if rival == -1 else (SPARE,)
        known = 0 <= rival < len(self.demands) and self.demands[rival]["commodity"] == self.demands[at]["commodity"]
        if not known or self.last(rival) == (NOBODY,):
            self.check.fault("FAIRNESS", f"/fairness/rivals/{at}", f"{rival} holds none of these goods")
            return (NOBODY,)
        return self.last(rival)

    def supply(self, offer):
        """Base units beside the pins; never more than its days can give."""
        packs = offer["packs"]
        if offer["stock_per_day"] is not None:
            packs = min(packs, offer["day_packs"] * max(0, offer["day_to"] - offer["day_from"] + 1))
        packs -= sum(pin["quantity"] // offer["pack"] for pin in self.problem.pins if pin["offer"] == offer["id"])
        return max(0, packs) * offer["pack"]

    def most(self, at):
        """Most that can be shared to a demand."""
        demand, base, unit = self.demands[at], self.base[at], self.unit[self.demands[at]["commodity"]]
        if not self.arcs[at] or unit == 0:
            return base
        needed = max(0, demand["quantity"] - base)
        full, rest = base + down_to(needed, unit), needed % unit
        saved = (demand["shortage_penalty"] + demand["premium"]) * rest
        worth = any(cost * unit <= saved * offer["pack"] for offer, cost in self.arcs[at])
        return full + unit if rest and full + unit <= demand["most"] and worth else full

    def check_rivals(self):
        levels = [self.level(at) for at in range(len(self.demands))]
        taken, passes = defaultdict(int), defaultdict(lambda: (NOBODY,))
        for (demand, offer), quantity in self.flow.items():
            taken[offer] += quantity
            passes[offer] = max(passes[offer], levels[demand])
        for offer in self.problem.offers.values():
            supply = self.supply(offer)
            if taken[offer["at"]] < supply:
                passes[offer["at"]] = (SPARE,)
            if taken[offer["at"]] > supply:
                self.check.fault("FAIRNESS", "/fairness/flow", f"{taken[offer['at']]} of '{offer['id']}', {supply} there")
        parts = defaultdict(set)
        for demand, offer in self.flow:
            parts[demand].add(offer)
        for at in range(len(self.demands)):
            self.judge(at, levels[at], passes, parts[at])

    def judge(self, at, level, passes, parts):
        where, most = f"/fairness/shares/{at}", self.most(at)
        if self.share[at] > most:
            self.check.fault("FAIRNESS", where, f"a share of {self.share[at]}, at most {most}")
        following = standing(self.demands[at], self.share[at]) if self.share[at] < most else (SPARE,)
        if not self.last(at) <= level <= following:
            self.check.fault("FAIRNESS", f"/fairness/rivals/{at}", "not between the last unit held and the next one")
        if not parts <= {offer["at"] for offer, _ in self.arcs[at]}:
            self.check.fault("FAIRNESS", where, "from an offer that this demand cannot draw on")
        if any(passes[offer["at"]] > level for offer, _ in self.arcs[at]):
            self.check.fault("FAIRNESS", where, "goods that this demand could use are held by one that is served better")


# ----------------------------------------------------------------------------------------------------------------------
# The bound: the Lagrangian of the published rows, minimised over the box of each variable
# ----------------------------------------------------------------------------------------------------------------------

# What the fields of each family's key are: d demand, o offer, s supplier, b buyer, t day, j tier, i bundle,
# c class share, k incumbent line, g commodity.
KEYS = {
    "stock_day": "ot", "capacity": "st", "capacity_in_all": "s", "line_link": "dot", "line_min": "dot", "drop_link": "dot", "trip_link": "dot",
    "trip_stock": "ot", "order_link": "do", "order_min": "sb", "offer_link": "do", "offer_stock": "o", "offer_min": "o",
    "tier_reach": "oj", "tier_link": "oj", "tier_one": "o", "tier_sum": "o", "bundle_all": "io", "bundle_none": "io",
    "bundle_link": "ido", "xor": "i", "discount_reach": "i", "discount_link": "io", "discount_sum": "io",
    "max_suppliers": "b", "supplier_used": "sb", "buyer_link": "sb", "min_suppliers": "b", "max_share": "sb",
    "class_share": "c", "budget": "b", "keep_low": "k", "keep_high": "k", "fair_total": "g",
}
# Families whose right side or variable depends on how much one pair can carry.
PAIR_FAMILIES = {"line_link", "line_min", "drop_link", "trip_link", "order_link", "offer_link", "bundle_link",
                 "keep_low", "keep_high"}


class Row:
    """A priced row: `price` and the records its key names."""

    def __init__(self, at, family, price):
        self.at, self.family, self.price = at, family, price
        self.demand = self.offer = self.supplier = self.buyer = self.day = self.tier = None
        self.bundle = self.share = self.line = self.floor = None


class Bound:
    """Recomputes what the multipliers prove."""

    def __init__(self, check, certificate):
        self.check, self.problem, self.certificate = check, check.problem, certificate
        self.scale = certificate.get("scale", 1)
        self.total = 0  # the Lagrangian's value, in ticks / scale
        self.variable = defaultdict(int)  # coefficients of the other variables
        self.touching = defaultdict(list)  # rows by the record that arcs find them by
        self.priced = {}  # prices of rows over all suppliers of a buyer, by family and buyer

    def compute(self):
        """The bound in ticks, rounded up; None after a violation."""
        rows = [self.read(at, row) for at, row in enumerate(self.certificate.get("rows", []))]
        if None in rows:
            return None
        for row in rows:
            self.index(row)
            if row.family in ("max_suppliers", "min_suppliers", "budget"):
                self.priced[row.family, row.buyer["id"]] = row.price
        self.pending = {row.at: row for row in rows if row.family in PAIR_FAMILIES}
        for demand in self.problem.demands.values():
            self.add_demand(demand)
        for row in self.pending.values():
            self.check.fault("CERTIFICATE_SHAPE", f"/certificate/rows/{row.at}", "a pair or day that no line can have")
        for offer, price in zip(self.problem.offers.values(), self.certificate["offer_prices"]):
            self.total -= price * offer["packs"]
        for row in rows:
            if row.family not in PAIR_FAMILIES:
                self.add_row(row)
        self.add_paying_variables()
        for variable, coefficient in self.variable.items():
            most, cost = self.box(variable)
            self.total += most * min(0, self.scale * cost + coefficient)
        self.total += self.scale * self.problem.change_penalty * len(self.problem.incumbent)
        return -(-self.total // self.scale)

    def read(self, at, stated):
        """The row with its key resolved; None after a violation."""
        family, key, problem = stated["row"], stated["key"], self.problem
        where = f"/certificate/rows/{at}"
        if family not in KEYS:
            self.check.fault("UNKNOWN_ROW", where, f"'{family}' is no published row")
            return None
        row = Row(at, family, stated["price"])
        try:
            if len(key) != len(KEYS[family]):
                raise KeyError(family)
            for kind, field in zip(KEYS[family], key):
                self.resolve(row, kind, field)
            self.require_term(row)
        except (KeyError, ValueError, IndexError):
            self.check.fault("CERTIFICATE_SHAPE", where, f"{family} {key} is no row of this problem")
            return None
        return row

    def resolve(self, row, kind, field):
        problem = self.problem
        tables = {"d": ("demand", problem.demands), "o": ("offer", problem.offers), "b": ("buyer", problem.buyers),
                  "s": ("supplier", problem.suppliers), "i": ("bundle", problem.bundles),
                  "c": ("share", problem.class_shares)}
        if kind == "g":
            stated = self.check.plan.get("fairness") or {"floors": []}
            row.floor = {floor["commodity"]: floor for floor in reversed(stated["floors"])}[field]
            self.problem.commodities[field]
            return
        if kind in tables:
            name, table = tables[kind]
            setattr(row, name, table[field])
            return
        number = int(field)
        if str(number) != field or not 0 <= number <= (9999 if kind == "t" else 2**63):
            raise ValueError(field)
        if kind == "t":
            row.day = number
        elif kind == "j":
            row.offer["tiers"][number]
            row.tier = number
        else:
            line = problem.incumbent[number]
            row.line, row.demand, row.offer = number, problem.demands[line["demand"]], problem.offers[line["offer"]]
            row.day = line["day"]

    def require_term(self, row):
        """A row only counts where the term that it speaks of is stated."""
        stated = {
            "capacity": lambda: row.supplier["capacity_g_per_day"] is not None,
            "capacity_in_all": lambda: row.supplier["capacity_g"] is not None,
            "max_suppliers": lambda: row.buyer["max_suppliers"] is not None,
            "min_suppliers": lambda: row.buyer["min_suppliers"] is not None,
            "max_share": lambda: row.buyer["max_supplier_share_permille"] is not None,
            "budget": lambda: row.buyer["budget"] is not None,
            "tier_one": lambda: row.offer["tier_kind"] == "all_unit",
            "tier_sum": lambda: row.offer["tier_kind"] == "all_unit",
            "xor": lambda: row.bundle["kind"] == "xor",
            "discount_reach": lambda: row.bundle["kind"] == "discount",
            "discount_link": lambda: row.bundle["kind"] == "discount" and row.offer["id"] in row.bundle["then"],
            "discount_sum": lambda: row.bundle["kind"] == "discount" and row.offer["id"] in row.bundle["then"],
            "keep_low": lambda: row.day is not None,
            "keep_high": lambda: row.day is not None,
        }
        if row.family.startswith("bundle_"):
            holds = row.bundle["kind"] == "all_or_nothing" and row.offer["id"] in row.bundle["offers"]
        else:
            holds = stated.get(row.family, lambda: True)()
        if not holds:
            raise KeyError(row.family)

    def index(self, row):
        """Files a row under the record by which an arc will look for it."""
        if row.family in ("tier_one", "xor", "buyer_link", "max_suppliers", "min_suppliers", "discount_link"):
            return  # no coefficient on packs
        if row.family == "tier_link":
            return
        if row.family == "discount_reach":
            for name in row.bundle["when"]:
                self.touching["offer", name].append(row)
        elif row.demand is not None:
            self.touching["pair", row.demand["id"], row.offer["id"]].append(row)
        elif row.offer is not None:
            self.touching["offer", row.offer["id"]].append(row)
        elif row.family in ("max_share", "budget"):
            self.touching["buyer", row.buyer["id"]].append(row)
        elif row.family in ("capacity", "capacity_in_all"):
            self.touching["supplier", row.supplier["id"]].append(row)
        elif row.family in ("class_share", "fair_total"):
            self.touching["all",].append(row)
        else:
            self.touching["order", row.supplier["id"], row.buyer["id"]].append(row)

    def coefficient(self, row, demand, offer):
        """Of one pack of this arc in the row."""
        match row.family:
            case "line_min" | "offer_min" | "tier_reach" | "tier_sum" | "bundle_all" | "supplier_used" | "keep_low" | \
                    "discount_sum":
                return -1
            case "capacity" | "capacity_in_all":
                return offer["pack_grams"]
            case "order_min":
                return -offer["pack_value"]
            case "discount_reach":
                return -offer["pack"]
            case "max_share":
                own = 1000 if row.supplier["id"] == offer["supplier"] else 0
                return (own - row.buyer["max_supplier_share_permille"]) * offer["pack_value"]
            case "budget":
                return offer["pack_value"] + offer["pack"] * self.problem.freight(demand, offer)
            case "class_share":
                if row.share.get("buyer") not in (None, demand["buyer"]):
                    return 0
                amount = offer["pack_value"] if row.share["by"] == "value" else offer["pack_grams"]
                counted = self.problem.suppliers[offer["supplier"]]["class"] in row.share["classes"]
                return (row.share["min_permille"] - (1000 if counted else 0)) * amount
            case "fair_total":
                wanted = demand["commodity"] == row.floor["commodity"]
                return -self.problem.weight(demand, offer) if wanted else 0
        return 1

    def add_demand(self, demand):
        """Its need at its price, and every arc of it at its reduced cost."""
        arcs = self.problem.arcs(demand)
        step, most = self.problem.reach(demand, arcs)
        price = self.certificate["demand_prices"][demand["at"]]
        penalty = self.scale * (demand["shortage_penalty"] + demand["premium"])
        below = self.scale * demand["target_penalty"]
        points = {0, demand["target"], down_to(demand["quantity"], step), up_to(demand["quantity"], step), most}
        self.total += min(penalty * max(0, demand["quantity"] - served) + below * max(0, demand["target"] - served)
                          + (price * served // step if step else 0) for served in points if served <= most)
        for offer, weight, cost in arcs:
            flat = self.scale * cost - price * (weight // step)
            self.add_arc(demand, offer, min(most // weight, offer["packs"]), flat)

    def add_arc(self, demand, offer, cap, flat):
        supplier, buyer = offer["supplier"], demand["buyer"]
        names = (("offer", offer["id"]), ("pair", demand["id"], offer["id"]), ("supplier", supplier),
                 ("buyer", buyer), ("order", supplier, buyer), ("all",))
        rows = [row for name in names for row in self.touching.get(name, ())] if self.touching else []
        flat += self.certificate["offer_prices"][offer["at"]]
        by_day = defaultdict(int)
        for row in rows:
            part = row.price * self.coefficient(row, demand, offer)
            if row.day is None:
                flat += part
            else:
                by_day[row.day] += part
        if not by_day and not rows and not self.problem.pins and not self.problem.incumbent:
            self.total += cap * min(0, flat)
            if ("min_suppliers", buyer) in self.priced:
                self.variable["order", supplier, buyer] += 0
            return
        days = self.problem.days(demand, offer)
        reduced = {day: flat + by_day.get(day, 0) for day in days} if by_day else dict.fromkeys(days, flat)
        pins = self.problem.pinned.get((demand["id"], offer["id"]))
        if pins is None:
            self.total += cap * min(0, min(reduced.values()))
        else:
            for day, quantity in pins:
                unit = min(reduced.values()) if day is None else reduced[day]
                self.total += unit * (quantity // offer["pack"])
        for row in rows:
            if row.family in PAIR_FAMILIES:
                self.add_pair_row(row, demand, offer, cap, days)
        if ("min_suppliers", buyer) in self.priced:
            self.variable["order", supplier, buyer] += 0
        for at, line in enumerate(self.problem.incumbent):
            if (line["demand"], line["offer"]) == (demand["id"], offer["id"]) and line.get("day") in days:
                packs, rest = divmod(line["quantity"], offer["pack"])
                if rest == 0 and packs <= min(cap, offer["day_packs"]):
                    self.variable["kept", at] += 0

    def add_pair_row(self, row, demand, offer, cap, days):
        """What a row of one pair gives to other variables; it exists only on days that the arc has."""
        if row.day is not None and row.day not in days:
            return
        day_cap, supplier = min(cap, offer["day_packs"]), offer["supplier"]
        kept = self.problem.incumbent[row.line]["quantity"] // offer["pack"] if row.line is not None else None
        if row.family == "keep_high" and kept > day_cap:
            return
        line = ("line", demand["id"], offer["id"], row.day)
        name, factor = {
            "line_link": (line, -day_cap),
            "line_min": (line, offer["least"]),
            "drop_link": (("drop", supplier, demand["place"], row.day), -day_cap),
            "trip_link": (("trip", supplier, row.day), -day_cap),
            "order_link": (("order", supplier, demand["buyer"]), -cap),
            "offer_link": (("used", offer["id"]), -cap),
            "bundle_link": (("taken", row.bundle and row.bundle["id"]), -cap),
            "keep_low": (("kept", row.line), kept),
            "keep_high": (("kept", row.line), day_cap - kept if kept is not None else 0),
        }[row.family]
        self.variable[name] += factor * row.price
        if row.family == "keep_high":
            self.total -= day_cap * row.price
        self.pending.pop(row.at, None)

    def add_row(self, row):
        """Right-hand side and coefficients of other variables, for rows that do not belong to one pair."""
        problem, variable, price, offer = self.problem, self.variable, row.price, row.offer
        start = offer["tiers"][row.tier]["from_quantity"] // offer["pack"] if row.tier is not None else 0
        match row.family:
            case "stock_day":
                self.total -= price * offer["day_packs"]
            case "capacity":
                self.total -= price * row.supplier["capacity_g_per_day"]
            case "capacity_in_all":
                self.total -= price * row.supplier["capacity_g"]
            case "trip_stock":
                variable["trip", offer["supplier"], row.day] -= price * offer["day_packs"]
            case "order_min":
                variable["order", row.supplier["id"], row.buyer["id"]] += price * row.supplier["min_order_value"]
            case "supplier_used":
                variable["order", row.supplier["id"], row.buyer["id"]] += price
            case "buyer_link":
                variable["order", row.supplier["id"], row.buyer["id"]] += price
                variable["buys", row.buyer["id"]] -= price
            case "offer_stock":
                variable["used", offer["id"]] -= price * offer["packs"]
            case "offer_min":
                variable["used", offer["id"]] += price * -(-offer["min_total"] // offer["pack"])
            case "tier_reach":
                variable["reached", offer["id"], row.tier] += price * start
                if offer["tier_kind"] == "incremental":
                    variable["tier", offer["id"], row.tier] += price
            case "tier_link":
                room = offer["packs"] - (start if offer["tier_kind"] == "incremental" else 0)
                variable["tier", offer["id"], row.tier] += price
                variable["reached", offer["id"], row.tier] -= price * room
            case "tier_one" | "tier_sum":
                for tier in range(len(offer["tiers"])):
                    variable["reached" if row.family == "tier_one" else "tier", offer["id"], tier] += price
                self.total -= price if row.family == "tier_one" else 0
            case "bundle_all":
                variable["taken", row.bundle["id"]] += price * offer["packs"]
            case "bundle_none":
                variable["taken", row.bundle["id"]] -= price * offer["packs"]
            case "xor":
                self.total -= price
                for name in row.bundle["offers"]:
                    variable["used", name] += price
            case "discount_reach":
                variable["discount", row.bundle["id"]] += price * row.bundle["at_least"]
            case "discount_link":
                variable["off", row.bundle["id"], offer["id"]] += price
                variable["discount", row.bundle["id"]] -= price * offer["packs"]
            case "discount_sum":
                variable["off", row.bundle["id"], offer["id"]] += price
            case "max_suppliers":
                self.total -= price * row.buyer["max_suppliers"]
            case "min_suppliers":
                variable["buys", row.buyer["id"]] += price * row.buyer["min_suppliers"]
            case "budget":
                self.total -= price * row.buyer["budget"]
            case "fair_total":
                self.total += price * int(row.floor["least"])

    def add_paying_variables(self):
        """Variables whose cost is below zero count even where no row prices them."""
        for offer in self.problem.offers.values():
            for tier in range(len(offer["tiers"])):
                self.variable["tier", offer["id"], tier] += 0
        for name, bundle in self.problem.bundles.items():
            for offer in bundle.get("then", []):
                self.variable["off", name, offer] += 0
        # Rows over all orders of a buyer, or all drops at its places.
        for variable in self.variable:
            if variable[0] == "order":
                self.variable[variable] += self.priced.get(("max_suppliers", variable[2]), 0)
                self.variable[variable] -= self.priced.get(("min_suppliers", variable[2]), 0)
            if variable[0] == "drop":
                price = self.priced.get(("budget", self.problem.owner.get(variable[2])), 0)
                self.variable[variable] += price * self.problem.suppliers[variable[1]]["drop_fee"]

    def box(self, variable):
        """(largest value, cost in ticks) of a variable; the least is 0."""
        problem, (kind, name, *rest) = self.problem, variable
        match kind:
            case "drop":
                return 1, problem.suppliers[name]["drop_fee"]
            case "trip":
                return 1, problem.suppliers[name]["trip_fee"]
            case "kept":
                return 1, -problem.change_penalty
            case "off":
                offer = problem.offers[rest[0]]
                return offer["packs"], -offer["pack"] * problem.bundles[name]["off"]
            case "tier":
                offer, tier = problem.offers[name], rest[0]
                own, start = offer["tiers"][tier]["price"], offer["tiers"][tier]["from_quantity"] // offer["pack"]
                if offer["tier_kind"] == "all_unit":
                    return offer["packs"], -offer["pack"] * (offer["price"] - own)
                before = offer["tiers"][tier - 1]["price"] if tier else offer["price"]
                return max(0, offer["packs"] - start), -offer["pack"] * (before - own)
        return 1, 0


# ----------------------------------------------------------------------------------------------------------------------
# Proof by cases
# ----------------------------------------------------------------------------------------------------------------------


class Package:
    """What is taken whole or not at all: an all-or-nothing bundle, or the one pack of an offer in none."""

    def __init__(self, problem, parts):
        self.supplier = parts[0][1]["supplier"]
        self.pieces = [(demand, offer, packs, packs * (weight // step)) for demand, offer, weight, _, packs, step in parts]
        self.cost = sum(cost * packs for _, _, _, cost, packs, _ in parts)
        self.demands = {demand["id"] for demand, *_ in self.pieces}
        self.offers = {offer["id"] for _, offer, *_ in self.pieces}
        self.buyers = {demand["buyer"] for demand, *_ in self.pieces}

    def coefficient(self, problem, row):
        """In a row of the tree."""
        buyer = row.buyer["id"] if row.buyer else None
        own = [piece for piece in self.pieces if buyer is None or piece[0]["buyer"] == buyer]
        worth = sum(offer["pack_value"] * packs for _, offer, packs, _ in own)
        match row.family:
            case "xor":
                return len(self.offers & set(row.bundle["offers"]))
            case "max_suppliers":
                return 1 if own else 0
            case "halves" | "supplier_halves":
                return (len(self.demands & row.records) + (row.supplier is not None and row.supplier["id"] == self.supplier)) // 2
            case "max_share":
                mine = 1000 if self.supplier == row.supplier["id"] else 0
                return (mine - row.buyer["max_supplier_share_permille"]) * worth
            case "budget":
                return worth + sum(offer["pack"] * packs * problem.freight(demand, offer) for demand, offer, packs, _ in own)
        only = row.share.get("buyer")
        amount = sum(packs * (offer["pack_value"] if row.share["by"] == "value" else offer["pack_grams"])
                     for demand, offer, packs, _ in self.pieces if only in (None, demand["buyer"]))
        counted = problem.suppliers[self.supplier]["class"] in row.share["classes"]
        return (row.share["min_permille"] - (1000 if counted else 0)) * amount


class Cases:
    """A tree of splits; every leaf has prices that show that no plan of its case costs less than the bound."""

    def __init__(self, check, certificate):
        self.check, self.problem, self.tree = check, check.problem, certificate["tree"]
        self.target, self.scale = int(certificate["bound"]), self.tree["scale"]

    def fault(self, code, place, text):
        self.check.fault(code, f"/certificate/tree{place}", text)

    def prove(self):
        """The bound; None after a violation."""
        before = len(self.check.violations)
        self.check_control()
        if self.prepare():
            self.check_nodes()
        return self.target if len(self.check.violations) == before else None

    def check_control(self):
        places, prices = [], []
        for at, node in enumerate(self.tree["nodes"]):
            for kind in ("fix", "leaf", "empty"):
                for place, price in enumerate(node.get(kind, [])):
                    places.append(f"/nodes/{at}/{kind}/{place}")
                    prices.append(price)
        off = sum(prices) - int(self.tree["control"]["sum"])
        shift = sum(place * price for place, price in enumerate(prices, 1)) - int(self.tree["control"]["weighted"])
        if off or shift:
            place = shift // off if off and shift % off == 0 else 0
            where = places[place - 1] if 1 <= place <= len(places) else "/control"
            self.fault("CONTROL_SUM", where, f"the control sums differ by {off} and {shift}")

    def prepare(self):
        """Packages and rows; False after a violation."""
        before = len(self.check.violations)
        if self.scale not in [10**power for power in range(18)]:
            self.fault("CERTIFICATE_SHAPE", "/scale", "the scale is not a power of ten up to 10^17")
        self.packages = self.find_packages()
        if self.packages is None:
            self.fault("CERTIFICATE_SHAPE", "", "only a tender of packages can have a proof by cases")
            return False
        self.rows, last = [], None
        for at, stated in enumerate(self.tree.get("rows", [])):
            order = (stated["row"], stated["key"])
            if last is not None and order <= last:
                self.fault("ROW_ORDER", f"/rows/{at}", "not ordered by family and key; or twice")
            last = order
            self.read(at, stated)
        if len(self.check.violations) > before:
            return False
        self.money = [row.family in ("max_share", "class_share", "budget") for row in self.rows]
        limits = {"xor": lambda row: 1, "max_suppliers": lambda row: row.buyer["max_suppliers"],
                  "budget": lambda row: row.buyer["budget"]}
        limits["halves"] = limits["supplier_halves"] = lambda row: (len(row.records) + (row.supplier is not None)) // 2
        self.limits = [limits.get(row.family, lambda row: 0)(row) for row in self.rows]
        self.counted = [[package.coefficient(self.problem, row) for row in self.rows] for package in self.packages]
        self.penalties = [demand["shortage_penalty"] + demand["premium"] for demand in self.problem.demands.values()]
        self.grain = math.gcd(*(package.cost for package in self.packages))
        for demand, penalty in zip(self.problem.demands.values(), self.penalties):
            self.grain = math.gcd(self.grain, penalty * demand["quantity"], penalty * self.reach[demand["at"]][0])
        self.grain = self.grain or 1
        return True

    def read(self, at, stated):
        family = stated["row"]
        kinds = KEYS.get(family, "")
        if family in ("halves", "supplier_halves"):
            kinds = "s"[: family == "supplier_halves"].ljust(max(3, len(stated["key"])), "d")
        elif family not in ("xor", "max_suppliers", "max_share", "class_share", "budget"):
            self.fault("UNKNOWN_ROW", f"/rows/{at}", f"'{family}' is no row of a tree")
            return
        row, reader = Row(at, family, 0), Bound(self.check, {})
        try:
            if len(stated["key"]) != len(kinds):
                raise KeyError(family)
            for kind, field in zip(kinds, stated["key"]):
                reader.resolve(row, kind, field)
            reader.require_term(row)
            if family == "max_suppliers" and not self.sells_once(lambda package: row.buyer["id"] in package.buyers):
                raise KeyError(family)
            if family in ("halves", "supplier_halves"):
                self.require_halves(row, stated["key"][family == "supplier_halves":])
        except (KeyError, ValueError, IndexError):
            self.fault("CERTIFICATE_SHAPE", f"/rows/{at}", f"{family} {stated['key']} is no row of this problem")
            return
        self.rows.append(row)

    def find_packages(self):
        """All packages; None where something can be sold in another way."""
        problem = self.problem
        plain = not problem.pins and not problem.has_incumbent and not problem.fairness
        plain = plain and all(buyer["min_suppliers"] is None for buyer in problem.buyers.values())
        plain = plain and not any(supplier["min_order_value"] or supplier["drop_fee"] or supplier["trip_fee"]
                                  or any(supplier[name] is not None for name in CAPACITIES)
                                  for supplier in problem.suppliers.values())
        plain = plain and not any(offer["tiers"] or offer["stock_per_day"] is not None or offer["min_total"]
                                  for offer in problem.offers.values())
        if not plain or any(bundle["kind"] == "discount" for bundle in problem.bundles.values()):
            return None
        arcs, self.reach = {}, []
        for demand in problem.demands.values():
            own = problem.arcs(demand)
            self.reach.append(problem.reach(demand, own))
            step, most = self.reach[-1]
            for offer, weight, cost in own:
                if offer["id"] in arcs:
                    return None
                arcs[offer["id"]] = demand, offer, weight, cost, min(most // weight, offer["packs"]), step
        packages, bundled = [], set()
        for bundle in problem.bundles.values():
            if bundle["kind"] != "all_or_nothing":
                continue
            names = bundle["offers"]
            if len({problem.offers[name]["supplier"] for name in names}) > 1 or bundled & set(names) or len(set(names)) < len(names):
                return None
            bundled |= set(names)
            # Nothing can be sold of a bundle with an offer that has no place for its stock.
            if names and all(name in arcs and arcs[name][4] == problem.offers[name]["packs"] for name in names):
                packages.append(Package(problem, [arcs[name] for name in names]))
        for name in problem.offers:
            if name in arcs and name not in bundled:
                if arcs[name][4] > 1:
                    return None
                if arcs[name][4] == 1:
                    packages.append(Package(problem, [arcs[name]]))
        return packages

    def require_halves(self, row, names):
        """At most one package touches each record: demands that one step fills, and a supplier who sells one package."""
        row.records = set(names)
        demands = [self.problem.demands[name] for name in names]
        once = row.supplier is None or self.sells_once(lambda package: package.supplier == row.supplier["id"])
        if not once or len(row.records) < len(names) or any(len(set(self.reach[demand["at"]])) > 1 for demand in demands):
            raise KeyError(row.family)

    def sells_once(self, is_counted):
        """Whether no supplier can sell two of these packages."""
        rivals = defaultdict(set)
        for bundle in self.problem.bundles.values():
            if bundle["kind"] == "xor":
                for name in bundle["offers"]:
                    rivals[name].add(bundle["id"])
        shared = defaultdict(list)
        for package in self.packages:
            if is_counted(package):
                shared[package.supplier].append(set().union(*(rivals[name] for name in package.offers)))
        return all(len(own) == 1 or set.intersection(*own) for own in shared.values())

    def check_nodes(self):
        cases = [(list(range(len(self.packages))), [])]  # open packages, and sets of which at least one is taken
        for at, node in enumerate(self.tree["nodes"]):
            where = f"/nodes/{at}"
            if not cases:
                self.fault("CERTIFICATE_SHAPE", where, "the tree is complete before this node")
                return
            still_open, some = cases.pop()
            if "split" in node:
                chosen = self.named(where, node["split"], still_open)
                if chosen is not None:
                    cases.append((still_open, some + [chosen]))
                    cases.append(([package for package in still_open if package not in chosen], some))
                continue
            (kind, prices), = node.items()
            value, reduced = self.lagrangian(where, prices, still_open, some, 0 if kind == "empty" else 1)
            if value is None:
                continue
            if kind == "empty":
                if value <= 0:
                    self.fault("BOUND", where, "these prices do not show that the case is empty")
                continue
            if kind == "fix":
                cases.append(([package for package in still_open if not self.reaches(value + max(0, reduced[package]))], some))
            elif not self.reaches(value):
                self.fault("BOUND", where, "these prices do not reach the bound")
        if cases:
            self.fault("CERTIFICATE_SHAPE", "/nodes", f"{len(cases)} cases are left without a node")

    def reaches(self, value):
        """Every plan costs a multiple of the grain."""
        return -(-value // (self.scale * self.grain)) * self.grain >= self.target

    def named(self, where, split, still_open):
        supplier, demand, offer = (split.get(name) for name in ("supplier", "demand", "offer"))
        tables = (supplier, self.problem.suppliers), (demand, self.problem.demands), (offer, self.problem.offers)
        if (supplier, demand, offer) == (None, None, None) or any(name is not None and name not in table for name, table in tables):
            self.fault("CERTIFICATE_SHAPE", where, "a split names a supplier, a demand or an offer")
            return None
        packages = ((at, self.packages[at]) for at in still_open)
        return {at for at, package in packages if supplier in (None, package.supplier)
                and (demand is None or demand in package.demands) and (offer is None or offer in package.offers)}

    def lagrangian(self, where, prices, still_open, some, costs):
        """(least cost of the case in ticks / scale, what each open package adds at least); costs: 1, or 0 to leave them out."""
        demands, rows = len(self.problem.demands), len(self.rows)
        if len(prices) != demands + rows + len(some):
            self.fault("CERTIFICATE_SHAPE", where, "prices: one for each demand, row, and split answered with")
            return None, None
        if any(abs(price) > 10**18 for price in prices) or any(price < 0 for price in prices[demands:]):
            self.fault("PRICE_SIGN", where, "a price has the wrong sign or size")
            return None, None
        value = self.scale * sum(self.need(demand, prices[demand["at"]], costs) for demand in self.problem.demands.values())
        priced = [(at, price * (1 if self.money[at] else self.scale))
                  for at, price in enumerate(prices[demands:demands + rows]) if price]
        value -= sum(price * self.limits[at] for at, price in priced)
        bonus = defaultdict(int)
        for packages, price in zip(some, prices[demands + rows:]):
            value += self.scale * price
            for package in packages:
                bonus[package] += price
        reduced = {}
        for at in still_open:
            package, counted = self.packages[at], self.counted[at]
            own = costs * package.cost - bonus[at] - sum(prices[demand["at"]] * steps for demand, _, _, steps in package.pieces)
            reduced[at] = self.scale * own + sum(price * counted[row] for row, price in priced)
            value += min(0, reduced[at])
        return value, reduced

    def need(self, demand, price, costs):
        (step, most), penalty = self.reach[demand["at"]], costs * self.penalties[demand["at"]]
        points = {0, down_to(demand["quantity"], step), up_to(demand["quantity"], step), most}
        return min(penalty * max(0, demand["quantity"] - served) + (price * (served // step) if step else 0)
                   for served in points if served <= most)


# ----------------------------------------------------------------------------------------------------------------------
# The table of contents, and the command line
# ----------------------------------------------------------------------------------------------------------------------


def check(problem_document, problem_sha256, plan):
    """All violations as (code, place, text); an empty list: the plan is allowed and true."""
    try:
        problem = Problem(problem_document)
    except Broken as broken:
        return [(broken.args[0], "", broken.args[1])]
    except KeyError as missing:
        return [("PROBLEM_INVALID", "", f"{missing} is missing or unknown")]
    return judged(problem, problem_sha256, plan, problem_document).violations


def judged(problem, problem_sha256, plan, problem_document):
    """The check of a plan, done."""
    done = Check(problem, plan)
    done.expect("FORMAT", "/format", plan["format"], "pasok-plan/1")
    done.expect("PROBLEM_HASH", "/problem_sha256", plan["problem_sha256"], problem_sha256)
    done.check_shares()
    done.read_lines()
    done.check_stock()
    done.check_needs()
    done.check_pins()
    done.check_rules()
    done.check_shortages()
    done.check_money()
    done.check_without(problem_document, problem_sha256)
    done.check_certificate()
    return done


def whole_numbers_only(text):
    raise ValueError(f"{text} is not a whole number")


def read(text):
    return json.loads(text, parse_float=whole_numbers_only, parse_constant=whole_numbers_only)


def run_batch(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            case = read(line)
            violations = check(case["problem"], case["sha256"], case["plan"])
            print(json.dumps({"ok": not violations, "codes": sorted({code for code, _, _ in violations})}))
    return 0


def run(problem_path, plan_path):
    try:
        with open(problem_path, "rb") as file:
            data = file.read()
        with open(plan_path, encoding="utf-8") as file:
            plan = read(file.read())
        violations = check(read(data), hashlib.sha256(data).hexdigest(), plan)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {type(error).__name__} {error}", file=sys.stderr)
        return 2
    for code, place, text in violations[:SHOWN]:
        print(f"{code} {place}: {text}")
    if violations:
        print(f"REFUSED: {len(violations)} violations")
        return 1
    print(f"OK: objective {plan['totals']['objective']}, gap {plan['certificate']['gap']} ticks, all numbers true")
    return 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--batch":
        return run_batch(arguments[1])
    if len(arguments) == 2:
        return run(*arguments)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
