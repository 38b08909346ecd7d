#!/usr/bin/env python3
"""Benchmarks the solver against its peers and writes docs/benchmarks.md.

    python3 bench/run.py [--full | --quick] [--only transport,sparse,files,integer,tender,province] [--limit SECONDS]

Some twenty minutes; --full gives integer terms four minutes per program instead of 20 seconds, adds dense tori, and takes an
hour. Each section is kept in target/bench, so that `--only` renews one of them.

PASOK_SOLVER names a binary to use instead of building one. Needs cargo, g++, Debian's liblemon-dev and Python's venv; installs OR-Tools and HiGHS from PyPI into target/bench.
All programs solve the same generated files, in turn, so that a busy machine slows all of them alike. The best of three
runs counts (peers that take long: one run). Ratios use processor time, which neighbours distort least; our engine
and all peers but HiGHS's interior point method use one thread.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import re
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
BUILT = ROOT / "target" / "release" / "pasok-solver"
OURS = pathlib.Path(os.environ.get("PASOK_SOLVER", BUILT))
PACKAGES = ["ortools==9.15.6755", "highspy==1.15.1", "numpy"]
TRANSPORT = [(2_000, 100), (8_494, 300), (20_000, 1_000), (80_000, 3_000)]
# Pairs up to which a peer is asked at all: beyond, it needs more than the time limit (HiGHS) or memory (LEMON) at hand.
MOST_PAIRS = {"LEMON": 20_000_000, "OR-Tools": 2_600_000, "HiGHS simplex": 200_000, "HiGHS IPM": 200_000}
# Above that, up to these pairs, HiGHS is timed on each demand's cheapest supplies only, an easier problem than the one that
# the others solve, and stopped after so many times the processor time that ours took.
HIGHS_CHEAPEST, HIGHS_MOST_PAIRS, HIGHS_TIMES = 60, 2_600_000, 550
# Kind, nodes as a power of two, arcs per node.
SPARSE = [("random", power, degree) for power, degree in [(13, 8), (13, 32), (14, 8), (14, 32), (15, 8), (15, 32), (16, 8)]]
SPARSE += [("torus", power, 8) for power in (13, 14, 15, 16)]
SPARSE_FULL = [("torus", 13, 32), ("torus", 14, 32)]
# Buyers, suppliers, commodities.
FILES = [(8_494, 300, 20), (20_000, 1_000, 1), (80_000, 3_000, 1)]
CHANGE = (1_000, 100, 1)
INTEGER = [
    ("city", (51, 30, 20), ["--drop-fees", "--minimums"]),
    ("district with tiers", (20, 10, 5), ["--drop-fees", "--minimums", "--tiers"]),
    ("province with tiers", (8_494, 300, 20), ["--drop-fees", "--minimums", "--tiers"]),
]
# Lots, bidders, packages.
TENDER = (30, 35, 10_000)
# Pairs up to which peers are asked.
INTEGER_MOST_PAIRS, PROVINCE_LIMIT = 100_000, 180


def measure(command, limit):
    """Output words and peak memory in MiB of a command; None when it takes longer than the limit."""
    script = "ulimit -t %d; exec \"$@\"" % limit
    process = subprocess.Popen(["bash", "-c", script, "-", *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        if process.returncode not in (-9, -24):
            sys.exit(f"{command}: {err.decode()}")
        return None
    return (out + b" " + err).decode().split(), usage.ru_maxrss / 1024


def prepare():
    WORK.mkdir(parents=True, exist_ok=True)
    if OURS == BUILT:
        subprocess.run(["cargo", "build", "--release", "-q", "--workspace", "--bin", "pasok-solver"], cwd=ROOT, check=True)
    if not pathlib.Path("/usr/include/lemon/network_simplex.h").exists():
        sys.exit("the benchmark needs LEMON's headers and a C++ compiler: apt-get install liblemon-dev g++")
    runner = WORK / "lemon_runner"
    source = ROOT / "bench" / "lemon_runner.cpp"
    subprocess.run(["g++", "-O3", "-march=native", "-DNDEBUG", "-o", runner, source], check=True)
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return runner, python


def transport(runner, python, sizes, limit):
    rows = []
    for demands, supplies in sizes:
        path = WORK / f"transport-{demands}x{supplies}.bin"
        size = ["--demands", demands, "--supplies", supplies]
        measure([OURS, "generate", "transport", *size, "--out", path], 600)
        commands = {
            "ours": [OURS, "bench", "--repeat", 1, path],
            "LEMON": [runner, "transport", path],
            "OR-Tools": [python, ROOT / "bench" / "peers.py", "ortools", path],
            "HiGHS simplex": [python, ROOT / "bench" / "peers.py", "highs-simplex", path],
            "HiGHS IPM": [python, ROOT / "bench" / "peers.py", "highs-ipm", path],
        }
        asked = [name for name in commands if demands * supplies <= MOST_PAIRS.get(name, 1 << 62)]
        if MOST_PAIRS["HiGHS IPM"] < demands * supplies <= HIGHS_MOST_PAIRS:
            for name in ["HiGHS simplex", "HiGHS IPM"]:
                fewer = f"{name}, {HIGHS_CHEAPEST} cheapest"
                commands[fewer] = [*commands[name], HIGHS_CHEAPEST]
                asked.append(fewer)
        best = {}
        for turn in range(3):
            for name in asked:
                if turn and best.get(name, (0, 99))[1] > 10:
                    continue
                print(f"{demands} x {supplies}: {name}", file=sys.stderr, flush=True)
                most, command = limit, commands[name]
                if "cheapest" in name:
                    most = math.ceil(HIGHS_TIMES * best["ours"][2])
                    command = [*command, most]
                answer = measure(command, most + limit)
                if answer is None:
                    best[name] = (None, most, most, 0, [])
                    continue
                words, memory = answer
                objective, numbers = int(words[0]), [float(word) for word in words[1:]]
                clock, cpu = (numbers[1], numbers[2]) if name == "LEMON" else (numbers[0], numbers[1])
                # The system counts processor time in steps of some milliseconds: below two of them the clock is the measure.
                cpu = clock if cpu < 0.008 else cpu
                if name not in best or cpu < best[name][2]:
                    best[name] = (objective, clock, cpu, memory, numbers)
        path.unlink()
        ours = best["ours"]
        for name, (objective, clock, cpu, memory, _) in best.items():
            if objective is None:
                same = "–"
            elif "cheapest" in name:
                same = "of fewer pairs"
            elif name.startswith("HiGHS"):
                # A float has 53 bits.
                same = "to 9 digits" if abs(objective - ours[0]) <= ours[0] // 10**9 else "NO"
            else:
                same = "exactly" if objective == ours[0] else "NO"
            ratio = "" if name == "ours" else f"{'> ' if objective is None else ''}{cpu / ours[2]:,.1f}×"
            times = f"– | > {cpu} s" if objective is None else f"{clock:.3f} s | {cpu:.3f} s"
            rows.append(f"| {demands:,} × {supplies:,} | {name} | {times} | {ratio} | {memory:,.0f} MiB | {same} |")
        _, _, verify, resolve, pivots = ours[4]
        rows.append(
            f"| | *ours: {pivots:,.0f} pivots; certificate verified in {verify:.3f} s; "
            f"largest supplier withdraws, re-solved in {resolve:.3f} s* | | | | | |"
        )
    head = "| demands × supplies | engine | clock | processor | ratio | peak memory | same objective |"
    return [head, "|---|---|--:|--:|--:|--:|---|", *rows]


def sparse(runner, sizes, limit):
    rows = ["| kind | nodes | arcs | ours | LEMON | ratio | same objective |", "|---|--:|--:|--:|--:|--:|---|"]
    for kind, power, degree in sizes:
        path = WORK / f"sparse-{power}-{degree}.min"
        nodes = 1 << power
        measure([OURS, "generate", "sparse", "--kind", kind, "--nodes", nodes, "--degree", degree, "--out", path], 600)
        with open(path, encoding="ascii") as file:
            _, _, nodes, arcs = next(line for line in file if line.startswith("p")).split()
        ours, theirs, objectives = [], [], set()
        for turn in range(3):
            print(f"{kind}: 2^{power} nodes, {degree} arcs each", file=sys.stderr, flush=True)
            words = measure([OURS, "mcf", "--time", path], limit)[0]
            objectives.add(int(words[1]))
            ours.append(float(words[4]))
            words = measure([runner, "mcf", path], limit)[0]
            objectives.add(int(words[0]))
            theirs.append(float(words[3]))
            if turn == 0 and theirs[0] > 10:
                break
        path.unlink()
        same = "exactly" if len(objectives) == 1 else "NO"
        a, b = min(ours), min(theirs)
        rows.append(f"| {kind} | {int(nodes):,} | {int(arcs):,} | {a:.3f} s | {b:.3f} s | {b / a:.2f}× | {same} |")
    return rows


def generate(size, path, *terms):
    buyers, suppliers, commodities = map(str, size)
    size = ["--buyers", buyers, "--suppliers", suppliers, "--commodities", commodities]
    measure([OURS, "generate", "problem", *size, *terms, "--output", path], 600)


def timings(command, limit):
    """Seconds by phase and in all, and peak memory in MiB, as `--timings` tells them."""
    process = subprocess.run(["timeout", str(limit), *map(str, command), "--timings"], capture_output=True, text=True, check=True)
    lines = [line.split(None, 5) for line in process.stderr.splitlines() if " s  peak " in line]
    seconds = {line[5]: float(line[0]) for line in lines}
    return seconds, max(int(line[3]) for line in lines)


def files(sizes):
    """Problem files through the whole program: read, validated, solved, certified, written, and judged by `check`."""
    head = "| buyers × suppliers × commodities | pairs | reading | model | solving | plan, certificate | solve in all | peak | check in all | peak |"
    rows = [head, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for size in sizes:
        path, plan = WORK / "week.json", WORK / "week.plan.json"
        generate(size, path)
        best = None
        for _ in range(3):
            print(f"file {size}", file=sys.stderr, flush=True)
            solved = timings([OURS, "solve", path, "--output", plan], 600)
            checked = timings([OURS, "check", path, plan], 600)
            if best is None or solved[0]["in all"] + checked[0]["in all"] < best[0][0]["in all"] + best[1][0]["in all"]:
                best = (solved, checked)
        (solve, held), (check, check_held) = best
        put_together = solve["plan put together and certified"] + solve["plan written"]
        buyers, suppliers, commodities = size
        rows.append(
            f"| {buyers:,} × {suppliers:,} × {commodities} | {buyers * suppliers * commodities:,} | {solve['problem read']:.2f} s | "
            f"{solve['validated, model built']:.2f} s | {solve['solved']:.2f} s | {put_together:.2f} s | **{solve['in all']:.2f} s** | "
            f"{held:,} MiB | {check['in all']:.2f} s | {check_held:,} MiB |"
        )
        path.unlink()
        plan.unlink()
    return rows


def change(size):
    """The largest supplier withdraws: solved again from the earlier plan, and afresh."""
    path, plan, changed = WORK / "before.json", WORK / "before.plan.json", WORK / "after.json"
    generate(size, path)
    subprocess.run([OURS, "solve", path, "--output", plan], check=True)
    problem = json.loads(path.read_text())
    largest = max(problem["offers"], key=lambda offer: offer["stock"])["supplier"]
    next(supplier for supplier in problem["suppliers"] if supplier["id"] == largest)["active"] = False
    changed.write_text(json.dumps(problem, separators=(",", ":")))
    warm, cold = [], []
    for _ in range(5):
        warm.append(timings([OURS, "solve", changed, "--warm", plan, "--output", WORK / "warm.json"], 60)[0])
        cold.append(timings([OURS, "solve", changed, "--output", WORK / "cold.json"], 60)[0])
    lines = [json.loads((WORK / name).read_text())["lines"] for name in ("warm.json", "cold.json")]
    same = "the same plan" if lines[0] == lines[1] else "ANOTHER PLAN"
    warm, cold = (min(runs, key=lambda run: run["in all"]) for runs in (warm, cold))
    return [
        f"One change at {size[0] * size[1]:,} pairs (the largest supplier withdraws): solved again from the earlier plan "
        f"(`solve --warm`) in {1000 * warm['in all']:.0f} ms, reading and writing files included, of which the engine "
        f"{1000 * warm['solved']:.0f} ms; afresh {1000 * cold['in all']:.0f} ms and {1000 * cold['solved']:.0f} ms; {same}."
    ]


INTEGER_HEAD = "| instance | program | objective (Rp) | bound (Rp) | gap | over the best bound | clock | peak memory |"
INTEGER_LINE = "|---|---|--:|--:|--:|--:|--:|--:|"


def integer(python, instances, limit):
    rows = [INTEGER_HEAD, INTEGER_LINE]
    for name, size, terms in instances:
        path, plan = WORK / "integer.json", WORK / "integer.plan.json"
        generate(size, path, *terms)
        found = {}
        is_large = math.prod(size) > INTEGER_MOST_PAIRS
        for program in ["ours"] if is_large else ["ours", "highs", "scip", "cpsat"]:
            print(f"{name}: {program}", file=sys.stderr, flush=True)
            if program == "ours":
                found[program] = own(path, plan, max(limit, PROVINCE_LIMIT) if is_large else limit)
            else:
                found[program] = peer([python, ROOT / "bench" / "mip.py", program, path], limit)
        rows += compared(f"{name}, {size[0]} × {size[1]} × {size[2]}", found)
    return rows


def compared(title, found):
    """Rows of what each program found: objective, bound, seconds, MiB."""
    best = max(bound for _, bound, _, _ in found.values() if bound is not None)
    titles = {"ours": "ours (bound proved in integers)", "highs": "HiGHS", "scip": "OR-Tools SCIP", "cpsat": "OR-Tools CP-SAT"}
    rows = []
    for program, (objective, bound, clock, memory) in found.items():
        gap = "–" if objective is None else f"{100 * (objective - bound) / objective:.3f} %"
        over = "–" if objective is None else f"{100 * (objective - best) / best:.3f} %"
        shown = "none" if objective is None else f"{objective:,.0f}"
        proved = "–" if bound is None else f"{bound:,.0f}"
        rows.append(f"| {title} | {titles[program]} | {shown} | {proved} | {gap} | {over} | {clock:.1f} s | {memory:,.0f} MiB |")
    return rows


def peer(command, limit):
    """Objective, bound, seconds and MiB of a peer on integer terms."""
    answer = measure([*command, limit], 8 * limit + 120)
    if answer is None:
        return None, None, limit, 0
    words, memory = answer
    return None if words[-3] == "none" else float(words[-3]), float(words[-2]), float(words[-1]), memory


def own(path, plan, limit):
    """The same of ours."""
    seconds, memory = timings([OURS, "solve", path, "--time-limit", limit, "--output", plan], 4 * limit + 60)
    made = json.loads(plan.read_text())
    objective, bound = (int(text) / 1e7 for text in (made["totals"]["objective"], made["certificate"]["bound"]))
    return objective, bound, seconds["in all"], memory


def tender(python, size, limit):
    """Packages of lots, all or nothing, at most one of each bidder."""
    path, plan = WORK / "tender.json", WORK / "tender.plan.json"
    lots, bidders, packages = size
    measure([OURS, "generate", "packages", "--lots", lots, "--bidders", bidders, "--packages", packages, "--output", path], 600)
    found = {"ours": own(path, plan, max(limit, 60))}
    for program in ["highs", "scip", "cpsat"]:
        print(f"tender: {program}", file=sys.stderr, flush=True)
        found[program] = peer([python, ROOT / "bench" / "tender.py", program, path], max(limit, 60))
    return [INTEGER_HEAD, INTEGER_LINE, *compared(f"{lots} × {bidders} × {packages:,}", found)]


PROVINCE = """set -e; exe=$1; out=$2; url=${PASOK_TEST_POSTGRES_URL:-$3}; TIMEFORMAT=%R
{ time "$exe" demo --province jatim --database "$url" --json >"$out" 2>"$out.news"; } 2>"$out.demo"
{ time "$exe" check --database "$url" >"$out.check" 2>&1; } 2>"$out.checked" """


def province():
    """A province's week through the services, from an empty database to published orders, then every record judged."""
    rows = ["| database | load | close | solve, verify | publish | baselines | in all | peak | solver's peak | `pasok check` |"]
    rows.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    out, database = WORK / "province.json", WORK / "province.db"
    exe = pathlib.Path(os.environ.get("PASOK", ROOT / "target" / "release" / "pasok"))
    for name, wrapper in [("SQLite", []), ("PostgreSQL", [ROOT / "scripts" / "with-postgres.sh"])]:
        print(f"province on {name}", file=sys.stderr, flush=True)
        for old in WORK.glob("province.db*"):
            old.unlink()
        command = [*wrapper, "bash", "-c", PROVINCE, "-", exe, out, f"sqlite://{database}"]
        environment = {key: value for key, value in os.environ.items() if key != "PASOK_TEST_POSTGRES_URL"}
        subprocess.run(command, env=environment, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        phases = {phase["name"]: phase for phase in json.loads(out.read_text())["phases"]}
        spent = " | ".join(f"{phases[name]['ms'] / 1000:.1f} s" for name in ("load", "close", "solve", "publish", "baselines"))
        whole, checked = (float((WORK / f"province.json.{part}").read_text().split()[-1]) for part in ("demo", "checked"))
        peak = max(phase["peak_mib"] for phase in phases.values())
        solver = next(line.split()[-2] for line in (WORK / "province.json.news").read_text().splitlines() if "held at most" in line)
        rows.append(f"| {name} | {spent} | **{whole:.1f} s** | {peak:,} MiB | {solver} MiB | {checked:.1f} s |")
    for old in WORK.glob("province*"):
        old.unlink()
    return rows


def machine(python):
    def word(command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    versions = word([python, "-c", "import ortools, highspy; print(ortools.__version__, highspy.Highs().version())"]).split()
    return [
        f"- {datetime.date.today()}, {names[0]}, {len(names)} threads, {platform.system()} {platform.release()}",
        f"- {word(['rustc', '-V'])}; {word(['g++', '--version']).splitlines()[0]}, `-O3 -march=native`; LEMON 1.3.1; "
        f"OR-Tools {versions[0]}; HiGHS {versions[1]}",
    ]


def sections(options, runner, python):
    """Title and text of each section, by name."""
    small = options.quick
    seconds = 240 if options.full else 20
    networks = SPARSE[:2] + SPARSE[-2:-1] if small else SPARSE + (SPARSE_FULL if options.full else [])
    yield "transport", "Transport, all pairs", lambda: [
        f"Clustered villages, log-normal stocks of 1.25 times the demand (`pasok-solver generate transport`). Limit {options.limit} s;",
        "HiGHS is asked only up to 200,000 pairs, OR-Tools up to 2.6 million,",
        "LEMON up to 20 million (at 240 million it would need some 26 GB). At 8,494 × 300 HiGHS gets only the",
        f"{HIGHS_CHEAPEST} cheapest supplies of each demand, which is easier, and is stopped after {HIGHS_TIMES} times our processor",
        "time, loading not counted: its ratio there is a lower bound.",
        "",
        *transport(runner, python, TRANSPORT[:2] if small else TRANSPORT, options.limit),
    ]
    yield "sparse", "Sparse networks", lambda: [
        "`pasok-solver generate sparse`: random networks in the manner of NETGEN, and grids on a torus in the manner of GOTO.",
        "Processor time.",
        "",
        *sparse(runner, networks, max(options.limit, 600)),
    ]
    yield "files", "Problem files, end to end", lambda: [
        "`pasok-solver generate problem`, then `solve --timings` and `check --timings`: seconds by the clock, threads as many as",
        "cores, best of three. Solving covers judging every pair, the flow, the published order of ties and the certificate's",
        "multipliers; `check` shares no code with it.",
        "",
        *files(FILES[:1] if small else FILES),
        "",
        *change(CHANGE),
    ]
    yield "integer", "Integer terms", lambda: [
        "Drop fees, least lines, least orders and tiers (`generate problem --drop-fees --minimums --tiers`). Peers solve the",
        f"straightforward model with strong links of `bench/mip.py`; two threads and {seconds} s each (SCIP has one thread). The gap is",
        "to a program's own bound; *over the best bound* compares all plans with the highest bound that any of them proved.",
        f"The province ({math.prod(INTEGER[-1][1]):,} pairs) is ours alone, with {max(seconds, PROVINCE_LIMIT)} s; the peers' model of it would have a column and two rows for each pair, and they are not asked.",
        "",
        *integer(python, INTEGER[1:2] if small else INTEGER, 5 if small else seconds),
    ]
    yield "tender", "A tender of packages", lambda: [
        "`pasok-solver generate packages`: lots, bidders, packages of lots all or nothing, at most one of each bidder. Peers solve",
        f"the set packing of `bench/tender.py`; two threads and at most {max(seconds, 60)} s each (SCIP has one thread). Our bound is that of",
        "the certificate, a proof by cases in whole numbers; theirs are in floating point.",
        "",
        *tender(python, TENDER, seconds),
    ]
    yield "province", "A province's week", lambda: [
        "`pasok demo --province jatim`: 8,494 cooperatives, 169,880 lines of demand, 9,009 offers; from an empty database through",
        "the services to published orders (some 175,000 lines), by the clock; then `pasok check` on the result.",
        "PostgreSQL is the throw-away one of `scripts/with-postgres.sh`.",
        "",
        *province(),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the small instances, and write nothing")
    parser.add_argument("--full", action="store_true", help="long limits and the largest networks")
    parser.add_argument("--only", default="transport,sparse,files,integer,tender,province", help="sections to run, parted by commas")
    parser.add_argument("--limit", type=int, default=120, help="processor seconds per run of a peer")
    options = parser.parse_args()
    runner, python = prepare()
    text = ["# Benchmarks", "", "Written by `make bench` (`bench/run.py`); do not edit.", "", *machine(python), ""]
    text += [
        "Every program solves the same generated files in turn; the best of three runs, by processor time of the call that",
        "solves, unless said otherwise. Building a peer's own graph is not counted against it. The ratio is how many times more",
        "processor time than ours it takes.",
    ]
    titles, failed = set(), []
    for name, title, run in sections(options, runner, python):
        kept = WORK / f"section-{name}{'-quick' if options.quick else ''}.md"
        if name in options.only.split(","):
            begun = f"*{datetime.datetime.now():%Y-%m-%d %H:%M}, load when started {os.getloadavg()[0]:.1f}*"
            # A peer that breaks costs its own section, which then stays as it was, and no other.
            try:
                kept.write_text("\n".join([f"## {title}", "", begun, "", *run()]) + "\n")
            except Exception as error:
                failed.append(f"{name}: {error}")
        if kept.exists():
            titles.add(title)
            text += ["", kept.read_text().rstrip()]
    whole = "\n".join(text) + "\n"
    print(whole)
    if not options.quick:
        path = ROOT / "docs" / "benchmarks.md"
        path.write_text(whole + others(path, titles))
    if failed:
        sys.exit("bench: " + "; ".join(failed))


def others(path, titles):
    """The sections of the page that other programs write (`make bench-check`, `make weights`), as they stand."""
    text = path.read_text() if path.exists() else ""
    head = r"^(?:<!-- [^\n]* -->\n)?## "
    parts = re.findall(rf"(?ms){head}.*?(?={head}|\Z)", text)
    kept = [part.rstrip() for part in parts if re.search(r"(?m)^## (.*)$", part).group(1) not in titles]
    return "".join(f"\n{part}\n" for part in kept)


if __name__ == "__main__":
    main()
