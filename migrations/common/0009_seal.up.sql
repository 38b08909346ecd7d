-- The committee's key of each call, its officers' seats, the sittings at which they open, minutes; complaints.

-- The public halves only. The secret ones are in three officers' hands, two of whom suffice.
CREATE TABLE call_keys (
    call_id BIGINT NOT NULL PRIMARY KEY REFERENCES calls (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    recipient TEXT NOT NULL,
    -- A key of its own for rehearsals, and a dummy bid sealed to it (base64), with its commitment.
    rehearsal_recipient TEXT NOT NULL,
    dummy TEXT NOT NULL,
    dummy_commitment TEXT NOT NULL,
    founded_at BIGINT NOT NULL,
    rehearsed_at BIGINT
);

CREATE TABLE call_seats (
    call_id BIGINT NOT NULL REFERENCES calls (id),
    seat BIGINT NOT NULL CHECK (seat BETWEEN 1 AND 3),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    member_id BIGINT NOT NULL REFERENCES members (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- Who opens is no secret: the whole market may read it.
    name TEXT NOT NULL,
    -- The public key of the officer's share.
    recipient TEXT NOT NULL,
    -- This seat's part of both keys, encrypted to it (base64); empty until the third seat is taken.
    part TEXT NOT NULL DEFAULT '',
    rehearsal_part TEXT NOT NULL DEFAULT '',
    taken_at BIGINT NOT NULL,
    PRIMARY KEY (call_id, seat),
    UNIQUE (call_id, account_id)
);

-- The first officer's share waits here, encrypted with a code that only this officer was shown, for a few minutes.
CREATE TABLE sittings (
    id BIGINT NOT NULL PRIMARY KEY,
    call_id BIGINT NOT NULL REFERENCES calls (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('rehearsal', 'opening')),
    seat BIGINT NOT NULL,
    member_id BIGINT NOT NULL REFERENCES members (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- Emptied when the sitting ends.
    locked TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1))
);
CREATE INDEX sittings_by_call ON sittings (call_id, id);

CREATE TABLE opening_minutes (
    call_id BIGINT NOT NULL PRIMARY KEY REFERENCES calls (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    first_member BIGINT NOT NULL REFERENCES members (id),
    second_member BIGINT NOT NULL REFERENCES members (id),
    opened_at BIGINT NOT NULL,
    text TEXT NOT NULL,
    CHECK (first_member <> second_member)
);

-- Answers to retries of what happens to a bid before the close. Apart from the others, because those are hashed into the log,
-- and a sealed bid must not make the log grow.
CREATE TABLE sealed_keys (
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

-- What each bidder is told about each lot under one plan. Nobody else's price is in it.
CREATE TABLE bid_answers (
    bid_id BIGINT NOT NULL REFERENCES bids (id),
    lot BIGINT NOT NULL CHECK (lot > 0),
    plan_sha256 TEXT NOT NULL,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    bidder_id BIGINT NOT NULL REFERENCES organisations (id),
    -- Base units that the plan awards.
    awarded BIGINT NOT NULL CHECK (awarded >= 0),
    -- The price at which a losing line would have won something; none where no price would have helped.
    wins_at_e4 BIGINT,
    -- What stood against it other than its price: words of reasons, space-separated.
    rules TEXT NOT NULL DEFAULT '',
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (bid_id, lot, plan_sha256)
);
CREATE INDEX bid_answers_by_round ON bid_answers (round_id, plan_sha256);

-- A bidder's objection; while one is open, the lines it is about are not published.
CREATE TABLE complaints (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    call_id BIGINT NOT NULL REFERENCES calls (id),
    -- Number of the lot; none means the whole call.
    lot BIGINT,
    bidder_id BIGINT NOT NULL REFERENCES organisations (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'upheld', 'dismissed')),
    words TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    answered_by BIGINT REFERENCES members (id),
    answered_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0)
);
CREATE INDEX complaints_by_round ON complaints (round_id, id);
CREATE UNIQUE INDEX complaints_open_once ON complaints (call_id, bidder_id, COALESCE(lot, 0)) WHERE status = 'open';
