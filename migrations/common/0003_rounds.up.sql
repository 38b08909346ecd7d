-- The main loop: need and supply, a round that matches them, orders.

CREATE TABLE rounds (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    number TEXT NOT NULL,
    serial BIGINT NOT NULL CHECK (serial > 0),
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('collecting', 'closed', 'solving', 'proposed', 'approved', 'published', 'cancelled', 'failed')),
    delivery_from TEXT NOT NULL,
    delivery_to TEXT NOT NULL,
    closes_at BIGINT NOT NULL,
    snapshot_sha256 TEXT NOT NULL DEFAULT '',
    failure TEXT NOT NULL DEFAULT '',
    proposed_by BIGINT REFERENCES members (id),
    approved_by BIGINT REFERENCES members (id),
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (delivery_from <= delivery_to),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    UNIQUE (market_id, serial)
);

-- No row for a round: it covers every commodity.
CREATE TABLE round_commodities (
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    PRIMARY KEY (round_id, commodity_id)
);

CREATE TABLE demands (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    place_id BIGINT NOT NULL REFERENCES places (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    accept_up_to BIGINT NOT NULL,
    entered_unit TEXT NOT NULL,
    day_from TEXT NOT NULL,
    day_to TEXT NOT NULL,
    requirements TEXT NOT NULL DEFAULT '',
    priority INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 9),
    price_ceiling_e4 BIGINT CHECK (price_ceiling_e4 > 0),
    status TEXT NOT NULL CHECK (status IN ('open', 'withdrawn')),
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (accept_up_to >= quantity),
    CHECK (day_from <= day_to),
    UNIQUE (round_id, buyer_id, place_id, commodity_id, day_from, day_to)
);
CREATE INDEX demands_by_buyer ON demands (buyer_id, id);

CREATE TABLE offers (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    place_id BIGINT NOT NULL REFERENCES places (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    lot TEXT NOT NULL DEFAULT '',
    price_e4 BIGINT NOT NULL CHECK (price_e4 > 0),
    stock BIGINT NOT NULL CHECK (stock > 0),
    reserved BIGINT NOT NULL DEFAULT 0,
    stock_per_day BIGINT CHECK (stock_per_day > 0),
    pack BIGINT NOT NULL CHECK (pack > 0),
    entered_unit TEXT NOT NULL,
    min_line BIGINT NOT NULL DEFAULT 0 CHECK (min_line >= 0),
    radius_m BIGINT CHECK (radius_m > 0),
    day_from TEXT NOT NULL,
    day_to TEXT NOT NULL,
    certificates TEXT NOT NULL DEFAULT '',
    -- 'market': the market's tariff comes on top; 'included': the price is delivered; 'stated': the seller's own tariff,
    -- in ten-thousandths of a rupiah per pricing unit (and kilometre of road).
    freight_terms TEXT NOT NULL CHECK (freight_terms IN ('market', 'included', 'stated')),
    freight_per_km_e4 BIGINT NOT NULL DEFAULT 0 CHECK (freight_per_km_e4 >= 0),
    freight_base_e4 BIGINT NOT NULL DEFAULT 0 CHECK (freight_base_e4 >= 0),
    status TEXT NOT NULL CHECK (status IN ('open', 'withdrawn')),
    created_by BIGINT NOT NULL REFERENCES members (id),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    CHECK (freight_terms = 'stated' OR (freight_per_km_e4 = 0 AND freight_base_e4 = 0)),
    CHECK (reserved >= 0 AND reserved <= stock),
    CHECK (min_line <= stock),
    CHECK (day_from <= day_to),
    UNIQUE (market_id, seller_id, place_id, commodity_id, lot, day_from)
);
CREATE INDEX offers_by_seller ON offers (seller_id, id);
CREATE INDEX offers_by_market ON offers (market_id, id);

-- A round whose stock went elsewhere is frozen anew; the round names the snapshot that counts.
CREATE TABLE round_snapshots (
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    sha256 TEXT NOT NULL,
    problem TEXT NOT NULL,
    -- The dates behind the problem's day numbers 0, 1, …, comma-separated: the days on which the market delivered then.
    days TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, sha256)
);

CREATE TABLE solve_runs (
    id BIGINT NOT NULL PRIMARY KEY,
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    status TEXT NOT NULL CHECK (status IN ('running', 'succeeded', 'failed')),
    started_by BIGINT NOT NULL REFERENCES members (id),
    -- Which snapshot it solves.
    snapshot_sha256 TEXT NOT NULL,
    -- Until when some process is at it. Whoever claims it afterwards gets the next token, and only the last token may end
    -- it: a process that was thought dead cannot.
    lease_until BIGINT NOT NULL DEFAULT 0,
    lease_token BIGINT NOT NULL DEFAULT 0 CHECK (lease_token >= 0),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    failure TEXT NOT NULL DEFAULT '',
    solve_ms BIGINT NOT NULL DEFAULT 0,
    plan_sha256 TEXT NOT NULL DEFAULT '',
    plan TEXT NOT NULL DEFAULT '',
    UNIQUE (round_id, attempt)
);

CREATE TABLE awards (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    demand_id BIGINT NOT NULL REFERENCES demands (id),
    offer_id BIGINT NOT NULL REFERENCES offers (id),
    -- The parties and the goods are those of demand and offer. They stand here too, because neither party sees the other's
    -- record, and so that row-level security needs no join.
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    place_id BIGINT NOT NULL REFERENCES places (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    day TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    price_e4 BIGINT NOT NULL CHECK (price_e4 > 0),
    freight_ticks BIGINT NOT NULL CHECK (freight_ticks >= 0),
    distance_m BIGINT NOT NULL CHECK (distance_m >= 0),
    goods_idr BIGINT NOT NULL CHECK (goods_idr >= 0),
    freight_idr BIGINT NOT NULL CHECK (freight_idr >= 0),
    UNIQUE (round_id, demand_id, offer_id, day)
);
CREATE INDEX awards_by_offer ON awards (offer_id);

CREATE TABLE shortages (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    demand_id BIGINT NOT NULL REFERENCES demands (id),
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    reason TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    limited_by TEXT NOT NULL DEFAULT '',
    UNIQUE (round_id, demand_id, reason, limited_by)
);

-- Three axes: agreement now; delivery and billing are moved by the domains that own them.
CREATE TABLE orders (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    number TEXT NOT NULL,
    year BIGINT NOT NULL,
    serial BIGINT NOT NULL CHECK (serial > 0),
    status TEXT NOT NULL CHECK (status IN ('issued', 'accepted', 'rejected')),
    delivery_status TEXT NOT NULL DEFAULT 'none' CHECK (delivery_status IN ('none')),
    billing_status TEXT NOT NULL DEFAULT 'none' CHECK (billing_status IN ('none')),
    goods_idr BIGINT NOT NULL CHECK (goods_idr >= 0),
    freight_idr BIGINT NOT NULL CHECK (freight_idr >= 0),
    total_idr BIGINT NOT NULL CHECK (total_idr = goods_idr + freight_idr),
    reason_code TEXT NOT NULL DEFAULT '',
    reason_note TEXT NOT NULL DEFAULT '',
    issued_at BIGINT NOT NULL,
    answered_at BIGINT,
    answered_by BIGINT REFERENCES members (id),
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    UNIQUE (round_id, buyer_id, seller_id),
    UNIQUE (buyer_id, year, serial)
);
CREATE INDEX orders_by_seller ON orders (seller_id, id);
CREATE INDEX orders_by_buyer ON orders (buyer_id, id);

CREATE TABLE order_lines (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    order_id BIGINT NOT NULL REFERENCES orders (id),
    line_number BIGINT NOT NULL CHECK (line_number > 0),
    award_id BIGINT NOT NULL UNIQUE REFERENCES awards (id),
    commodity_id BIGINT NOT NULL REFERENCES commodities (id),
    place_id BIGINT NOT NULL REFERENCES places (id),
    day TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    price_e4 BIGINT NOT NULL CHECK (price_e4 > 0),
    goods_idr BIGINT NOT NULL CHECK (goods_idr >= 0),
    freight_idr BIGINT NOT NULL CHECK (freight_idr >= 0),
    UNIQUE (order_id, line_number)
);
