-- Orders that are accepted in part, and what a buyer may spend in a round.

-- What a seller does not deliver of a line, of an order that it accepted in part: base units, and the rupiah that they take
-- off the line. A line without a row is delivered whole.
CREATE TABLE order_shortfalls (
    id BIGINT NOT NULL PRIMARY KEY,
    line_id BIGINT NOT NULL UNIQUE REFERENCES order_lines (id),
    order_id BIGINT NOT NULL REFERENCES orders (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    goods_idr BIGINT NOT NULL CHECK (goods_idr >= 0),
    freight_idr BIGINT NOT NULL CHECK (freight_idr >= 0),
    reason_code TEXT NOT NULL,
    reason_note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX order_shortfalls_by_order ON order_shortfalls (order_id);

-- The most that a buyer may spend in a round, goods and freight; 0 where it took its budget back.
CREATE TABLE buyer_budgets (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    amount_idr BIGINT NOT NULL CHECK (amount_idr >= 0),
    set_by BIGINT NOT NULL REFERENCES members (id),
    set_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1 CHECK (version > 0),
    UNIQUE (round_id, buyer_id)
);
