"""Runs one peer on one transport instance (binary form, see solver/src/instances.rs).

    python peers.py ortools|highs-simplex|highs-ipm FILE [CHEAPEST SECONDS]

With CHEAPEST, HiGHS gets only that many cheapest pairs of each demand: an easier problem, whose optimum is no lower. It is
stopped by the system after so many seconds of processor time for the call that solves.
Prints: objective, seconds by the clock, seconds of processor time, for the call that solves; building is not counted.
"""

import math
import resource
import struct
import sys
import time

import numpy as np


def read(path):
    with open(path, "rb") as file:
        magic, demands, supplies = struct.unpack("<4sII", file.read(12))
        assert magic == b"PSKT"
        quantity, penalty = (np.fromfile(file, "<i8", demands) for _ in range(2))
        stock = np.fromfile(file, "<i8", supplies)
        costs = np.fromfile(file, "<i4", demands * supplies).reshape(demands, supplies)
    return quantity, penalty, stock, costs


def timed(call):
    clock, cpu = time.perf_counter(), time.process_time()
    answer = call()
    return answer, time.perf_counter() - clock, time.process_time() - cpu


def by_ortools(quantity, penalty, stock, costs):
    from ortools.graph.python import min_cost_flow

    n, m = costs.shape
    root = n + m
    flow = min_cost_flow.SimpleMinCostFlow()
    heads = np.concatenate([np.repeat(np.arange(n), m), np.arange(n), np.full(m, root)]).astype(np.int32)
    tails = np.concatenate([np.tile(np.arange(n, root), n), np.full(n, root), np.arange(n, root)]).astype(np.int32)
    room = np.minimum(quantity[:, None], stock[None, :]).ravel()
    capacity = np.concatenate([room, quantity, stock]).astype(np.int64)
    cost = np.concatenate([costs.ravel(), penalty, np.zeros(m)]).astype(np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, cost)
    supply = np.concatenate([-quantity, stock, [quantity.sum() - stock.sum()]])
    flow.set_nodes_supplies(np.arange(root + 1, dtype=np.int32), supply.astype(np.int64))
    status, clock, cpu = timed(flow.solve)
    assert status == flow.OPTIMAL, status
    carried = flow.flows(arcs)
    used = np.flatnonzero(carried)
    return sum(int(a) * int(b) for a, b in zip(carried[used], cost[used])), clock, cpu


def by_highs(method, cheapest, seconds, quantity, penalty, stock, costs):
    import highspy

    n, m = costs.shape
    wide = min(cheapest, m)
    columns = np.sort(np.argpartition(costs, wide - 1, axis=1)[:, :wide], axis=1)
    costs = np.take_along_axis(costs, columns, axis=1)
    pairs_count = n * wide
    # Rupiah per kilogram and kilograms, so that floating point has a fair chance.
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs_count + n, n + m
    model.col_cost_ = np.concatenate([costs.ravel(), penalty]) / 10_000
    model.col_lower_ = np.zeros(pairs_count + n)
    model.col_upper_ = np.full(pairs_count + n, highspy.kHighsInf)
    model.row_lower_ = np.concatenate([quantity / 1000, np.full(m, -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([quantity / 1000, stock / 1000])
    pairs = np.empty(2 * pairs_count, np.int32)
    pairs[0::2] = np.repeat(np.arange(n), wide)
    pairs[1::2] = n + columns.ravel()
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([2 * np.arange(pairs_count + 1), 2 * pairs_count + 1 + np.arange(n)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([pairs, np.arange(n)]).astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * pairs_count + n)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", method)
    highs.passModel(model)
    if seconds:
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = math.ceil(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    _, clock, cpu = timed(highs.run)
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal, highs.getModelStatus()
    return round(highs.getObjectiveValue() * 10_000_000), clock, cpu


if __name__ == "__main__":
    peer, instance = sys.argv[1], read(sys.argv[2])
    if peer == "ortools":
        answer = by_ortools(*instance)
    else:
        cheapest = int(sys.argv[3]) if len(sys.argv) > 3 else instance[2].size
        seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 0
        answer = by_highs(peer.removeprefix("highs-"), cheapest, seconds, *instance)
    print(*answer)
