-- Who acts here, and what is written down about it. Portable SQL: the same text runs on SQLite and PostgreSQL.
-- Times are microseconds since 1970 UTC, days are 'YYYY-MM-DD', money and quantities are whole numbers.

CREATE TABLE organisations (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('koperasi', 'kdmp', 'mikro', 'kecil', 'menengah', 'besar', 'bumn', 'bumdes', 'yayasan', 'pemerintah')),
    status TEXT NOT NULL CHECK (status IN ('not_yet_operating', 'active', 'dormant', 'suspended')),
    phone TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0)
);

-- An organisation can be several things at once.
CREATE TABLE organisation_capabilities (
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    capability TEXT NOT NULL CHECK (capability IN ('buyer', 'seller', 'kitchen', 'operator', 'observer', 'assistant')),
    PRIMARY KEY (organisation_id, capability)
);

CREATE TABLE members (
    id BIGINT NOT NULL PRIMARY KEY,
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('usaha', 'ketua', 'bendahara', 'gudang', 'pengawas', 'seller', 'operator', 'approver', 'opening_officer', 'observer', 'assistant', 'admin')),
    status TEXT NOT NULL CHECK (status IN ('active', 'left')),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0)
);

CREATE TABLE access_tokens (
    id BIGINT NOT NULL PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES members (id),
    token_hash TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX access_tokens_by_member ON access_tokens (member_id);

CREATE TABLE audit_entries (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    member_id BIGINT REFERENCES members (id),
    organisation_id BIGINT REFERENCES organisations (id),
    market_id BIGINT,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    old_value TEXT NOT NULL DEFAULT '',
    new_value TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject, subject_id, id);
CREATE INDEX audit_entries_by_market ON audit_entries (market_id, id);

-- A retry with the same key gets the stored answer; stored in the same transaction as the effect.
CREATE TABLE idempotency_keys (
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    response_status INTEGER NOT NULL,
    response_headers TEXT NOT NULL DEFAULT '',
    response_body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, operation, key)
);

-- Gapless numbers per organisation, kind and year: taken in the transaction that uses them.
CREATE TABLE number_series (
    organisation_id BIGINT NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    last_serial BIGINT NOT NULL CHECK (last_serial > 0),
    PRIMARY KEY (organisation_id, kind, year)
);
