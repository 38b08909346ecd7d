CREATE TRIGGER order_shortfalls_no_update BEFORE UPDATE ON order_shortfalls
BEGIN SELECT RAISE(ABORT, 'order_shortfalls only grows'); END;
CREATE TRIGGER order_shortfalls_no_delete BEFORE DELETE ON order_shortfalls
BEGIN SELECT RAISE(ABORT, 'order_shortfalls only grows'); END;

-- The same table with one more state. No row is lost or changed: the references of its lines are checked again when it is filled.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE orders_before AS SELECT * FROM orders;
DROP TABLE orders;
CREATE TABLE orders (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    buyer_id BIGINT NOT NULL REFERENCES organisations (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    number TEXT NOT NULL,
    year BIGINT NOT NULL,
    serial BIGINT NOT NULL CHECK (serial > 0),
    status TEXT NOT NULL CHECK (status IN ('held', 'issued', 'accepted', 'partly_accepted', 'rejected', 'withdrawn')),
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
    UNIQUE (buyer_id, year, serial)
);
INSERT INTO orders SELECT * FROM orders_before;
DROP TABLE orders_before;
CREATE INDEX orders_by_seller ON orders (seller_id, id);
CREATE INDEX orders_by_buyer ON orders (buyer_id, id);
CREATE INDEX orders_by_round ON orders (round_id, id);
