-- Orders whose lines are complained of are held until the complaint is answered.

-- The lots for whose sake an order is held.
CREATE TABLE order_holds (
    order_id BIGINT NOT NULL REFERENCES orders (id),
    lot_id BIGINT NOT NULL REFERENCES lots (id),
    market_id BIGINT NOT NULL REFERENCES markets (id),
    PRIMARY KEY (order_id, lot_id)
);
