-- Two more states, and more than one order of a pair in a round: what is held has an order of its own.
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
ALTER TABLE orders ADD CONSTRAINT orders_status_check
    CHECK (status IN ('held', 'issued', 'accepted', 'rejected', 'withdrawn'));
ALTER TABLE orders DROP CONSTRAINT orders_round_id_buyer_id_seller_id_key;
CREATE INDEX orders_by_round ON orders (round_id, id);

CREATE TRIGGER order_holds_only_grow BEFORE UPDATE OR DELETE ON order_holds
FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT pasok_protect('order_holds', 'EXISTS (SELECT 1 FROM orders o WHERE o.id = order_holds.order_id)',
    pasok_in('market_id', 'operates'), 'false');
SELECT pasok_only_grows('order_holds');

-- The lots of a draft are written anew when they change; nobody else's table is ever emptied.
DO $$ BEGIN
    EXECUTE format($policy$CREATE POLICY removes ON lots FOR DELETE TO pasok_app
        USING (%s AND EXISTS (SELECT 1 FROM calls c WHERE c.id = lots.call_id AND c.status = 'draft'))$policy$,
        pasok_in('market_id', 'operates'));
END $$;
