-- Calls for bids on pooled need, sealed bids, what they become when opened, and the scenarios compared before an award.

-- How many calls for bids of a round are still sealed: until none is, no plan is computed.
ALTER TABLE rounds ADD COLUMN sealed_calls BIGINT NOT NULL DEFAULT 0 CHECK (sealed_calls >= 0);

-- What volume tiers took off this line, and its part of the seller's fees per drop and truck; both are within the amounts beside them.
ALTER TABLE awards ADD COLUMN rebate_idr BIGINT NOT NULL DEFAULT 0 CHECK (rebate_idr >= 0);
ALTER TABLE awards ADD COLUMN fee_idr BIGINT NOT NULL DEFAULT 0 CHECK (fee_idr >= 0);

CREATE TABLE calls (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    number TEXT NOT NULL,
    serial BIGINT NOT NULL CHECK (serial > 0),
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'closed', 'opened', 'evaluated', 'awarded', 'unsuccessful', 'cancelled')),
    -- Rises with every change of terms; a bid counts only under the terms it was placed or confirmed for.
    terms_version BIGINT NOT NULL DEFAULT 1 CHECK (terms_version > 0),
    terms_changed_at BIGINT,
    terms_change TEXT NOT NULL DEFAULT '',
    closes_at BIGINT NOT NULL,
    min_bids BIGINT NOT NULL CHECK (min_bids > 0),
    partial_awards INTEGER NOT NULL CHECK (partial_awards IN (0, 1)),
    -- Classes of organisations that may bid, space-separated; none named means all.
    who_may_bid TEXT NOT NULL DEFAULT '',
    -- Certificates that every bidder must hold, space-separated.
    certificates TEXT NOT NULL DEFAULT '',
    -- Papers to hand in, a line each.
    documents TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    cloned_from BIGINT REFERENCES calls (id),
    -- Known at close; nobody learns it before.
    bids_received BIGINT CHECK (bids_received >= 0),
    reason TEXT NOT NULL DEFAULT '',
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    opened_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK ((bids_received IS NULL) = (status IN ('draft', 'published', 'cancelled')) OR status = 'cancelled'),
    UNIQUE (market_id, serial)
);
CREATE INDEX calls_by_round ON calls (round_id, id);

CREATE TABLE lots (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    call_id BIGINT NOT NULL REFERENCES calls (id),
    number BIGINT NOT NULL CHECK (number > 0),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    -- Regions whose delivery points belong to the lot, space-separated codes; none named means the whole market.
    area TEXT NOT NULL DEFAULT '',
    area_name TEXT NOT NULL,
    day_from TEXT NOT NULL,
    day_to TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    pack BIGINT NOT NULL CHECK (pack > 0),
    points BIGINT NOT NULL CHECK (points > 0),
    -- Quantities in base units at which bidders are asked for another price, rising, space-separated.
    steps TEXT NOT NULL DEFAULT '',
    requirements TEXT NOT NULL DEFAULT '',
    price_ceiling_e4 BIGINT CHECK (price_ceiling_e4 > 0),
    CHECK (day_from <= day_to),
    UNIQUE (call_id, number)
);

-- One current bid per bidder and call. What it says is in its versions.
CREATE TABLE bids (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    call_id BIGINT NOT NULL REFERENCES calls (id),
    bidder_id BIGINT NOT NULL REFERENCES organisations (id),
    status TEXT NOT NULL CHECK (status IN ('placed', 'withdrawn', 'opened', 'invalid', 'lapsed')),
    -- The version that counts, and the terms it was placed or confirmed for.
    current BIGINT NOT NULL CHECK (current > 0),
    terms_version BIGINT NOT NULL CHECK (terms_version > 0),
    placed_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES members (id),
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    UNIQUE (call_id, bidder_id)
);
CREATE INDEX bids_by_bidder ON bids (bidder_id, id);

-- Every version that was placed: ciphertext and commitment, nothing else.
CREATE TABLE bid_versions (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    call_id BIGINT NOT NULL REFERENCES calls (id),
    bid_id BIGINT NOT NULL REFERENCES bids (id),
    bidder_id BIGINT NOT NULL REFERENCES organisations (id),
    number BIGINT NOT NULL CHECK (number > 0),
    terms_version BIGINT NOT NULL CHECK (terms_version > 0),
    -- Base64 of the sealed bytes, and the SHA-256 that the bidder committed to, in hexadecimal.
    sealed TEXT NOT NULL,
    commitment TEXT NOT NULL,
    -- Where it was sealed: in the bidder's browser, by the offline file, at the counter by the server.
    sealed_where TEXT NOT NULL CHECK (sealed_where IN ('browser', 'offline', 'counter')),
    placed_by BIGINT NOT NULL REFERENCES members (id),
    placed_at BIGINT NOT NULL,
    UNIQUE (bid_id, number)
);

-- What the opening found in the version that counted.
CREATE TABLE bid_openings (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    call_id BIGINT NOT NULL REFERENCES calls (id),
    bid_id BIGINT NOT NULL UNIQUE REFERENCES bids (id),
    bid_version_id BIGINT NOT NULL REFERENCES bid_versions (id),
    bidder_id BIGINT NOT NULL REFERENCES organisations (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('valid', 'invalid')),
    -- The bid as JSON, canonical; empty where the seal could not be opened.
    document TEXT NOT NULL,
    -- Why it is invalid: a line each, pointer and code.
    problems TEXT NOT NULL DEFAULT '',
    opened_at BIGINT NOT NULL
);
CREATE INDEX bid_openings_by_call ON bid_openings (call_id, id);

-- Terms of an offer that came from a bid: the round it belongs to, its area, tiers and least total, as JSON.
CREATE TABLE offer_terms (
    offer_id BIGINT NOT NULL PRIMARY KEY REFERENCES offers (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    lot_id BIGINT NOT NULL REFERENCES lots (id),
    terms TEXT NOT NULL
);
CREATE INDEX offer_terms_by_round ON offer_terms (round_id, offer_id);

-- Terms of a whole bid: fees per drop and truck, capacity a day, bundles, as JSON.
CREATE TABLE seller_terms (
    bid_id BIGINT NOT NULL PRIMARY KEY REFERENCES bids (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    terms TEXT NOT NULL
);
CREATE INDEX seller_terms_by_round ON seller_terms (round_id, bid_id);

-- The round's problem under one set of rules, and its plan.
CREATE TABLE scenarios (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    name TEXT NOT NULL,
    rules TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'solved', 'failed')),
    failure TEXT NOT NULL DEFAULT '',
    -- The round's snapshot that it varies, and the problem that it solves (both in round_snapshots).
    base_sha256 TEXT NOT NULL,
    snapshot_sha256 TEXT NOT NULL,
    plan TEXT NOT NULL DEFAULT '',
    plan_sha256 TEXT NOT NULL DEFAULT '',
    solve_ms BIGINT NOT NULL DEFAULT 0,
    -- Why this one was proposed, where it was.
    reason TEXT NOT NULL DEFAULT '',
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    UNIQUE (round_id, base_sha256, name)
);
