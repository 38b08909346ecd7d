DROP POLICY removes ON lots;
DROP INDEX orders_by_round;
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('issued', 'accepted', 'rejected'));
ALTER TABLE orders ADD UNIQUE (round_id, buyer_id, seller_id);
