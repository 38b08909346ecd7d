-- The record: every audit entry is a leaf of a Merkle tree (RFC 6962), and every row of a protected table is hashed into it.

-- Entries written before this step were not part of a tree; no installation has any.
DROP TABLE audit_entries;
CREATE TABLE audit_entries (
    id BIGINT NOT NULL PRIMARY KEY,
    leaf_index BIGINT NOT NULL UNIQUE CHECK (leaf_index >= 0),
    at BIGINT NOT NULL,
    member_id BIGINT REFERENCES members (id),
    organisation_id BIGINT REFERENCES organisations (id),
    market_id BIGINT,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    old_value TEXT NOT NULL DEFAULT '',
    new_value TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    -- The leaf holds the commitment, not the three texts: SHA-256 over a random salt and the texts. To forget the texts, the
    -- salt goes with them.
    salt TEXT NOT NULL,
    commitment TEXT NOT NULL
);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject, subject_id, id);
CREATE INDEX audit_entries_by_market ON audit_entries (market_id, leaf_index);

-- One row: the size of the tree and the roots of its largest perfect subtrees, left to right. Locked by each writer in turn.
CREATE TABLE log_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL CHECK (size >= 0),
    edge TEXT NOT NULL
);
INSERT INTO log_head (id, size, edge) VALUES (1, 0, '');

-- Full tiles of 256 hashes, base64 one after the other: level 0 holds leaves, level n roots of full tiles of level n - 1.
CREATE TABLE log_tiles (
    level BIGINT NOT NULL CHECK (level >= 0),
    tile BIGINT NOT NULL CHECK (tile >= 0),
    hashes TEXT NOT NULL,
    root TEXT NOT NULL,
    PRIMARY KEY (level, tile)
);

-- Hashes of the rows that one transaction wrote to one table, a line each: key, tab, hash ('-' for a row that is gone).
CREATE TABLE row_seals (
    table_name TEXT NOT NULL,
    leaf_index BIGINT NOT NULL,
    part BIGINT NOT NULL CHECK (part >= 0),
    layout TEXT NOT NULL,
    rows TEXT NOT NULL,
    PRIMARY KEY (table_name, leaf_index, part)
);

-- Which columns a row's hash covers; named by its own hash.
CREATE TABLE row_layouts (
    layout TEXT NOT NULL PRIMARY KEY,
    table_name TEXT NOT NULL,
    column_list TEXT NOT NULL
);

-- Salts of the hashes of rows about people; deleted when a person is erased.
CREATE TABLE row_salts (
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (table_name, row_key)
);

-- Signed tree heads (C2SP tlog-checkpoint).
CREATE TABLE log_checkpoints (
    size BIGINT NOT NULL PRIMARY KEY CHECK (size > 0),
    made_at BIGINT NOT NULL,
    occasion TEXT NOT NULL,
    note TEXT NOT NULL
);

-- Signature lines of witnesses (C2SP tlog-cosignature).
CREATE TABLE log_cosignatures (
    size BIGINT NOT NULL REFERENCES log_checkpoints (size),
    line TEXT NOT NULL,
    PRIMARY KEY (size, line)
);

-- Public keys that signed this log, and of the witnesses whose signatures are kept.
CREATE TABLE log_keys (
    vkey TEXT NOT NULL PRIMARY KEY,
    added_at BIGINT NOT NULL
);
CREATE TABLE log_witnesses (
    vkey TEXT NOT NULL PRIMARY KEY,
    added_at BIGINT NOT NULL
);
