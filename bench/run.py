#!/usr/bin/env python3
"""Benchmarks the flow engines against their peers and writes docs/benchmarks.md.

    python3 bench/run.py [--quick] [--limit SECONDS]

PASOK_SOLVER names a binary to use instead of building one. Needs cargo, g++, Debian's liblemon-dev and Python's venv; installs OR-Tools and HiGHS from PyPI into target/bench.
All programs solve the same generated files, in turn, so that a busy machine slows all of them alike. The best of three
runs counts (peers that take long: one run). Ratios use processor time, which neighbours distort least; our engine
and all peers but HiGHS's interior point method use one thread.
"""

import argparse
import datetime
import os
import pathlib
import platform
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
SPARSE = [(13, 8), (13, 32), (14, 8), (14, 32), (15, 8), (15, 32), (16, 8)]


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
        subprocess.run(["cargo", "build", "--release", "-q", "-p", "pasok-solver"], cwd=ROOT, check=True)
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
        best = {}
        for turn in range(3):
            for name in asked:
                if turn and best.get(name, (0, 99))[1] > 10:
                    continue
                print(f"{demands} x {supplies}: {name}", file=sys.stderr, flush=True)
                answer = measure(commands[name], limit)
                if answer is None:
                    best[name] = (None, limit, limit, 0, [])
                    continue
                words, memory = answer
                objective, numbers = int(words[0]), [float(word) for word in words[1:]]
                clock, cpu = (numbers[1], numbers[2]) if name == "LEMON" else (numbers[0], numbers[1])
                if name not in best or cpu < best[name][2]:
                    best[name] = (objective, clock, cpu, memory, numbers)
        path.unlink()
        ours = best["ours"]
        for name, (objective, clock, cpu, memory, _) in best.items():
            if objective is None:
                same = "–"
            elif name.startswith("HiGHS"):
                # A float has 53 bits.
                same = "to 9 digits" if abs(objective - ours[0]) <= ours[0] // 10**9 else "NO"
            else:
                same = "exactly" if objective == ours[0] else "NO"
            ratio = "" if name == "ours" else f"{'> ' if objective is None else ''}{cpu / ours[2]:,.1f}×"
            times = f"> {limit} s | > {limit} s" if objective is None else f"{clock:.3f} s | {cpu:.3f} s"
            rows.append(f"| {demands:,} × {supplies:,} | {name} | {times} | {ratio} | {memory:,.0f} MiB | {same} |")
        _, _, verify, resolve, pivots = ours[4]
        rows.append(
            f"| | *ours: {pivots:,.0f} pivots; certificate verified in {verify:.3f} s; "
            f"largest supplier withdraws, re-solved in {resolve:.3f} s* | | | | | |"
        )
    head = "| demands × supplies | engine | clock | processor | ratio | peak memory | same objective |"
    return [head, "|---|---|--:|--:|--:|--:|---|", *rows]


def sparse(runner, sizes, limit):
    rows = ["| nodes | arcs | ours | LEMON | ratio | same objective |", "|--:|--:|--:|--:|--:|---|"]
    for power, degree in sizes:
        path = WORK / f"sparse-{power}-{degree}.min"
        nodes = 1 << power
        measure([OURS, "generate", "sparse", "--nodes", nodes, "--degree", degree, "--out", path], 600)
        ours, theirs, objectives = [], [], set()
        for turn in range(3):
            print(f"2^{power} nodes, {degree} arcs each", file=sys.stderr, flush=True)
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
        rows.append(f"| {nodes:,} | {nodes * degree:,} | {a:.3f} s | {b:.3f} s | {b / a:.2f}× | {same} |")
    return rows


def machine(python):
    def word(command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    versions = word([python, "-c", "import ortools, highspy; print(ortools.__version__, highspy.Highs().version())"]).split()
    return [
        f"- {datetime.date.today()}, {names[0]}, {len(names)} threads, {platform.system()} {platform.release()}; "
        f"load when started {os.getloadavg()[0]:.1f}",
        f"- {word(['rustc', '-V'])}; {word(['g++', '--version']).splitlines()[0]}, `-O3 -march=native`; LEMON 1.3.1; "
        f"OR-Tools {versions[0]}; HiGHS {versions[1]}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the small instances, and write nothing")
    parser.add_argument("--limit", type=int, default=120, help="processor seconds per run of a peer")
    options = parser.parse_args()
    runner, python = prepare()
    sizes, networks = (TRANSPORT[:2], SPARSE[:2]) if options.quick else (TRANSPORT, SPARSE)
    lines = ["# Benchmarks", "", "Written by `make bench` (`bench/run.py`); do not edit.", "", *machine(python), ""]
    lines += [
        "Every program solves the same generated files in turn; the best of three runs, by processor time of the call that",
        "solves. Building a peer's own graph is not counted against it. The ratio is how many times more processor time",
        "than ours it takes.",
        "",
        "## Transport, all pairs",
        "",
        f"Clustered villages, log-normal stocks of 1.25 times the demand (`pasok-solver generate transport`). Limit {options.limit} s;",
        "HiGHS is asked only up to 200,000 pairs, OR-Tools up to 2.6 million,",
        "LEMON up to 20 million (at 240 million it would need some 26 GB).",
        "",
        *transport(runner, python, sizes, options.limit),
        "",
        "## Sparse networks",
        "",
        "Random networks in the manner of NETGEN (`pasok-solver generate sparse`), processor time.",
        "",
        *sparse(runner, networks, options.limit),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if not options.quick:
        (ROOT / "docs").mkdir(exist_ok=True)
        (ROOT / "docs" / "benchmarks.md").write_text(text)


if __name__ == "__main__":
    main()
