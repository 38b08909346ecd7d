#!/usr/bin/env python3
"""Time `pasok check` and `pasok audit verify` on a database with a million awarded lines.

    python3 bench/check.py [--weeks 6] [--file FILE] [--keep]

Plays a province's week so often through the services (some 175,000 lines each) that a million lines are awarded, then runs
each command on the result and tells seconds by the clock and the most memory it held. Exit 1 if the check finds anything, takes
more than 60 s or more than 200 MiB.
"""
import argparse
import os
import sqlite3
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASOK = os.path.join(ROOT, "target", "release", "pasok")
MOST_SECONDS, MOST_MIB = 60, 200


def run(*arguments):
    """(exit status, seconds, MiB) of a command."""
    start = time.monotonic()
    child = subprocess.Popen([PASOK, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, time.monotonic() - start, usage.ru_maxrss // 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=6)
    parser.add_argument("--file", default=os.path.join(ROOT, "var", "bench-check.db"))
    parser.add_argument("--keep", action="store_true", help="use the file if it is there, and leave it")
    options = parser.parse_args()
    os.makedirs(os.path.dirname(options.file), exist_ok=True)
    database = ["--database", "sqlite://" + options.file]
    if not (options.keep and os.path.exists(options.file)):
        for end in ("", "-wal", "-shm", ".log-key", ".secret-key"):
            if os.path.exists(options.file + end):
                os.remove(options.file + end)
        status, seconds, _ = run("demo", "--province", "jatim", "--weeks", str(options.weeks), *database)
        if status:
            return "the weeks could not be played"
        print(f"{options.weeks} weeks played in {seconds:.0f} s")
    with sqlite3.connect(options.file) as db:
        lines, entries = (db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("awards", "audit_entries"))
    print(f"{lines:,} awarded lines, {entries:,} entries, {os.path.getsize(options.file) >> 20:,} MiB of database")
    print("load when started: %.1f" % os.getloadavg()[0])
    wrong = []
    for command in (["check"], ["audit", "verify"]):
        status, seconds, mib = run(*command, *database)
        print(f"pasok {' '.join(command)}: {seconds:.1f} s, {mib} MiB, exit {status}")
        if status or (command == ["check"] and lines >= 1_000_000 and (seconds > MOST_SECONDS or mib > MOST_MIB)):
            wrong.append(" ".join(command))
    if not options.keep:
        os.remove(options.file)
    return f"beyond the bar: {', '.join(wrong)}" if wrong else 0


sys.exit(main())
