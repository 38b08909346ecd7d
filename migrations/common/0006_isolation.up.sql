-- Whose records are whose, and what becomes of stock.

-- Who registered an organisation looks after it until it belongs to a market.
ALTER TABLE organisations ADD COLUMN registered_by BIGINT REFERENCES organisations (id);

-- A round that is opened twice, under whatever key, is one round.
CREATE UNIQUE INDEX rounds_by_name ON rounds (market_id, name, delivery_from, delivery_to) WHERE status <> 'cancelled';

-- Every taking and giving back of an offer's stock; `offers.reserved` is their sum, kept so that one guarded UPDATE can
-- refuse to oversell. A round takes from an offer once, an order gives back once, whatever key the request carried.
CREATE TABLE stock_movements (
    id BIGINT NOT NULL PRIMARY KEY,
    market_id BIGINT NOT NULL REFERENCES markets (id),
    offer_id BIGINT NOT NULL REFERENCES offers (id),
    seller_id BIGINT NOT NULL REFERENCES organisations (id),
    cause TEXT NOT NULL CHECK (cause IN ('round', 'order')),
    cause_id BIGINT NOT NULL,
    -- Base units: taken where positive, given back where negative.
    quantity BIGINT NOT NULL CHECK ((cause = 'round' AND quantity > 0) OR (cause = 'order' AND quantity < 0)),
    at BIGINT NOT NULL,
    UNIQUE (offer_id, cause, cause_id)
);
