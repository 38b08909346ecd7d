-- Policies and triggers go with their tables; the function that policies name goes after its users' policies.
DROP POLICY reads ON bids;
DROP POLICY changes ON bids;
DROP POLICY reads ON bid_versions;
DROP POLICY changes ON bid_versions;
DROP FUNCTION pasok_unsealed(TEXT);
