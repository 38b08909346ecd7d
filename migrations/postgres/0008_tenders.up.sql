-- Whose bids are whose, and until when they are nobody else's.
DO $$
DECLARE
    tab TEXT;
BEGIN
    FOREACH tab IN ARRAY ARRAY['bid_versions', 'bid_openings', 'offer_terms', 'seller_terms'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            tab || '_only_grow', tab);
    END LOOP;
END $$;

-- A draft is its operator's affair; once published, the whole market sees the call. Locked by whoever places a bid.
SELECT pasok_protect('calls',
    pasok_in('market_id', 'reads') || $$ OR (status <> 'draft' AND $$ || pasok_in('market_id', 'markets') || ')',
    pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'));
SELECT pasok_protect('lots', 'EXISTS (SELECT 1 FROM calls c WHERE c.id = lots.call_id)',
    pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'));

-- Before its call closes, a bid exists for its bidder alone.
CREATE FUNCTION pasok_unsealed(col TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
$$ SELECT format($condition$EXISTS (SELECT 1 FROM calls c WHERE c.id = %s AND c.status NOT IN ('draft', 'published'))$condition$, col) $$;
SELECT pasok_protect(tab,
    pasok_in(tab || '.bidder_id', 'organisations') || ' OR (' || pasok_in(tab || '.market_id', 'reads')
        || ' AND ' || pasok_unsealed(tab || '.call_id') || ')',
    pasok_in('bidder_id', 'organisations'),
    pasok_in('bidder_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['bids', 'bid_versions']) tab;
SELECT pasok_protect('bid_openings',
    pasok_in('bidder_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), 'false');
SELECT pasok_protect(tab,
    pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), 'false')
FROM unnest(ARRAY['offer_terms', 'seller_terms']) tab;
SELECT pasok_protect('scenarios', pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'));

SELECT pasok_only_grows(tab) FROM unnest(ARRAY['bid_versions', 'bid_openings', 'offer_terms', 'seller_terms']) tab;
