#!/usr/bin/env python3
"""Verify the record of a Pasok database (SQLite) without any code of Pasok.

Written from docs/record.md alone, for auditors: standard library only. Checks the commitments, the RFC 6962 tree, the
stored head, the signed checkpoints and the hash of every protected row that the log binds.

    verify-record.py FILE [--key VKEY] [--checkpoint NOTE]...      exit 0 if everything holds, 1 if not

A receipt (a .tlog-proof file) is checked without a database:

    verify-record.py --receipt FILE --key VKEY
"""
import argparse
import base64
import hashlib
import json
import sqlite3
import sys


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha(b"\0", data)


def root_of(edge):
    """edge: (leaves, hash) of perfect subtrees, left to right"""
    if not edge:
        return sha()
    root = edge[-1][1]
    for _, left in reversed(edge[:-1]):
        root = sha(b"\1", left, root)
    return root


def push(edge, leaf):
    size, node = 1, leaf
    while edge and edge[-1][0] == size:
        node = sha(b"\1", edge.pop()[1], node)
        size *= 2
    edge.append((size, node))


# Ed25519 verification (RFC 8032), in the plainest form.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    g, h = 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - xx) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def read_key(vkey):
    name, identity, data = vkey.strip().split("+", 2)
    data = base64.b64decode(data)
    if sha(name.encode(), b"\n", data)[:4].hex() != identity or len(data) != 33:
        raise SystemExit("not a public key: " + vkey)
    return name, bytes.fromhex(identity), data[0], data[1:]


def opened(note, vkeys):
    """(size, root) of a checkpoint that one of the keys signed, or None"""
    try:
        return opened_whole(note, vkeys)
    except ValueError:  # what was altered need not even have the form
        return None


def opened_whole(note, vkeys):
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    for vkey in vkeys:
        name, identity, kind, key = read_key(vkey)
        for line in lines.splitlines():
            signer, _, data = line.removeprefix("\u2014 ").partition(" ")
            data = base64.b64decode(data)
            if signer == name and data[:4] == identity and kind == 1 and text.startswith(name + "\n"):
                if not ed25519(key, text.encode(), data[4:]):
                    return None
                _, size, root = text.splitlines()[:3]
                return int(size), base64.b64decode(root)
    return None


def included(leaf, index, size, path, root):
    at, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = sha(b"\1", sibling, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha(b"\1", node, sibling)
        at, last = at >> 1, last >> 1
    return index < size and last == 0 and node == root


def check_receipt(path, vkey):
    head, _, note = open(path, encoding="utf-8").read().partition("\n\n")
    first, extra, index, *hashes = head.splitlines()
    tree = opened(note, [vkey])
    leaf = base64.b64decode(extra.removeprefix("extra "))
    path = [base64.b64decode(text) for text in hashes]
    holds = first == "c2sp.org/tlog-proof@v1" and tree is not None
    return holds and included(leaf_hash(leaf), int(index.removeprefix("index ")), tree[0], path, tree[1])


FIELDS = ["id", "at", "member_id", "organisation_id", "market_id", "subject", "subject_id", "event", "commitment"]
NAMES = ["id", "at", "member", "organisation", "market", "subject", "subject_id", "event", "commitment"]


def leaf_bytes(row):
    pairs = [("v", 1)] + [(name, row[field]) for name, field in zip(NAMES, FIELDS) if row[field] is not None]
    return json.dumps(dict(pairs), separators=(",", ":"), ensure_ascii=False).encode()


def commitment(row):
    texts = [row[name].encode() for name in ("old_value", "new_value", "reason")]
    return sha(b"\2", bytes.fromhex(row["salt"]), *[len(t).to_bytes(8, "big") + t for t in texts]).hex()


def verify_log(db, vkeys, kept, wrong):
    heads = {row["size"]: row["note"] for row in db.execute("SELECT size, note FROM log_checkpoints")}
    edge, size, stated = [], 0, {}
    for row in db.execute("SELECT * FROM audit_entries ORDER BY leaf_index"):
        if row["leaf_index"] != size:
            wrong.append(f"leaf {size} is missing")
            break
        if row["salt"] and commitment(row) != row["commitment"]:
            wrong.append(f"leaf {size}: the texts are not those committed to")
        if row["subject"] == "row_seals":
            for line in row["new_value"].splitlines():
                table, layout, _, digest = line.split(" ")
                stated[(table, size)] = (layout, digest)
        push(edge, leaf_hash(leaf_bytes(row)))
        size += 1
        for note in [heads.pop(size, None)] + kept:
            head = note and opened(note, vkeys)
            if note in kept and head and head[0] != size:
                continue
            if note and head != (size, root_of(edge)):
                wrong.append(f"checkpoint {size} is not of this log")
    wrong.extend(f"checkpoint {left} is not of this log" for left in heads)
    for note in kept:
        head = opened(note, vkeys)
        if head is None or head[0] > size:
            wrong.append("a kept checkpoint is not of this log")
    stored = db.execute("SELECT size, edge FROM log_head").fetchone()
    if (stored["size"], stored["edge"]) != (size, " ".join(node.hex() for _, node in edge)):
        wrong.append("log_head is not the head of the entries")
    return size, stated


# docs/record-tables.md: a large text is bound by its SHA-256, which is in the row.
DOCUMENTS = [("round_snapshots", "problem", "sha256"), ("solve_runs", "plan", "plan_sha256")]


def verify_documents(db, wrong):
    for table, text, digest in DOCUMENTS:
        for row in db.execute(f"SELECT {text} AS text, {digest} AS digest FROM {table}"):
            if (sha(row["text"].encode()).hex() if row["text"] else "") != row["digest"]:
                wrong.append(f"{table}: a {text} does not match its {digest}")


def key_text(value):
    return "".join(ESCAPED.get(letter, letter) for letter in str(value))


ESCAPED = {chr(n): "\\u{%x}" % n for n in [*range(32), 127]}
ESCAPED.update({"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"})


def key_columns(db, table):
    return [row["name"] for row in sorted(db.execute(f"PRAGMA table_info({table})"), key=lambda r: r["pk"]) if row["pk"]]


def verify_rows(db, stated, wrong):
    rows = 0
    latest, texts = {}, {}
    for row in db.execute("SELECT * FROM row_seals ORDER BY leaf_index, part"):
        texts.setdefault((row["table_name"], row["leaf_index"]), []).append(row["rows"])
        for line in row["rows"].splitlines():
            key, digest = line.split("\t")
            latest[(row["table_name"], key)] = (row["layout"], digest)
    for place, parts in texts.items():
        if place not in stated or sha("".join(parts).encode()).hex() != stated[place][1]:
            wrong.append(f"seal of {place[0]} at leaf {place[1]} is not what its entry binds")
    wrong.extend(f"seal of {t} at leaf {leaf} is missing" for t, leaf in stated if (t, leaf) not in texts)
    layouts = {r["layout"]: r for r in db.execute("SELECT * FROM row_layouts")}
    salts = {(r["table_name"], r["row_key"]): r["salt"] for r in db.execute("SELECT * FROM row_salts")}
    for table in sorted({table for table, _ in latest}):
        keys = key_columns(db, table)
        names = {layout for (t, _), (layout, _) in latest.items() if t == table}
        for name in names:
            listed = layouts[name]["column_list"]
            if sha(f"{table}\n{listed}".encode())[:8].hex() != name:
                wrong.append(f"layout {name} is not what its name says")
            columns = ",".join(column.split(":")[0] for column in listed.split(","))
            for row in db.execute(f"SELECT {','.join(keys)}, json_array({columns}) AS content FROM {table}"):
                key = "\x1f".join(key_text(row[k]) for k in keys)
                layout, digest = latest.get((table, key), (name, None))
                if layout != name:
                    continue
                rows += 1
                latest.pop((table, key), None)
                salt = bytes.fromhex(salts.get((table, key), ""))
                found = base64.b64encode(sha(b"\3", salt, f"{table}\n{row['content']}".encode())).decode().rstrip("=")
                if found != digest:
                    wrong.append(f"{table} {key} is not as it was recorded")
    wrong.extend(f"{table} {key} is missing" for (table, key), (_, digest) in latest.items() if digest != "-")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--key")
    parser.add_argument("--checkpoint", action="append", default=[])
    parser.add_argument("--receipt")
    options = parser.parse_args()
    if options.receipt:
        holds = check_receipt(options.receipt, options.key)
        print("holds" if holds else "does NOT hold")
        return 0 if holds else 1
    db = sqlite3.connect(f"file:{options.file}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    wrong = []
    vkeys = [options.key] if options.key else [row["vkey"] for row in db.execute("SELECT vkey FROM log_keys")]
    kept = [open(path, encoding="utf-8").read() for path in options.checkpoint]
    size, stated = verify_log(db, vkeys, kept, wrong)
    rows = verify_rows(db, stated, wrong)
    verify_documents(db, wrong)
    print("\n".join(wrong + [f"{'NOT ok' if wrong else 'ok'}: {size} entries, {rows} rows, {len(wrong)} findings"]))
    return 1 if wrong else 0


sys.exit(main())
