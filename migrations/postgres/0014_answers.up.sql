ALTER TABLE orders DROP CONSTRAINT orders_status_check;
ALTER TABLE orders ADD CONSTRAINT orders_status_check
    CHECK (status IN ('held', 'issued', 'accepted', 'partly_accepted', 'rejected', 'withdrawn'));

CREATE TRIGGER order_shortfalls_only_grow BEFORE UPDATE OR DELETE ON order_shortfalls
FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Seen by whoever sees the order; written by its seller.
SELECT pasok_protect('order_shortfalls', 'EXISTS (SELECT 1 FROM orders o WHERE o.id = order_shortfalls.order_id)',
    format('EXISTS (SELECT 1 FROM orders o WHERE o.id = order_shortfalls.order_id AND %s)', pasok_in('o.seller_id', 'organisations')),
    'false');
SELECT pasok_only_grows('order_shortfalls');

-- A buyer's own affair, and of those who read the round whole: it is in the frozen problem.
SELECT pasok_protect('buyer_budgets',
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'),
    pasok_in('buyer_id', 'organisations'), pasok_in('buyer_id', 'organisations'));
