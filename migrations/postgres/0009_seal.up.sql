-- Anybody in the market may see the call's public key and who holds its parts; the parts themselves are noise without a share.
SELECT pasok_protect(tab, pasok_in('market_id', 'markets'), pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['call_keys', 'call_seats']) tab;
SELECT pasok_protect('sittings', each, each, each) FROM (SELECT pasok_in('market_id', 'operates') AS each) x;
-- Read out in the open: the whole market may read them.
SELECT pasok_protect('opening_minutes', pasok_in('market_id', 'markets'), pasok_in('market_id', 'operates'), 'false');
SELECT pasok_protect('complaints',
    pasok_in('bidder_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'),
    pasok_in('bidder_id', 'organisations'), pasok_in('market_id', 'operates'));
SELECT pasok_protect('sealed_keys', each, each, each) FROM (SELECT pasok_in('organisation_id', 'organisations') AS each) x;
SELECT pasok_protect('bid_answers',
    pasok_in('bidder_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), 'false');
SELECT pasok_only_grows('bid_answers');

CREATE TRIGGER opening_minutes_only_grow BEFORE UPDATE OR DELETE ON opening_minutes FOR EACH ROW EXECUTE FUNCTION refuse_change();
SELECT pasok_only_grows('opening_minutes');
