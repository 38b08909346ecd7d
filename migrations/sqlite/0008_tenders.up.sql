-- Versions and openings only grow.
CREATE TRIGGER bid_versions_no_update BEFORE UPDATE ON bid_versions
BEGIN SELECT RAISE(ABORT, 'bid_versions only grows'); END;
CREATE TRIGGER bid_versions_no_delete BEFORE DELETE ON bid_versions
BEGIN SELECT RAISE(ABORT, 'bid_versions only grows'); END;
CREATE TRIGGER bid_openings_no_update BEFORE UPDATE ON bid_openings
BEGIN SELECT RAISE(ABORT, 'bid_openings only grows'); END;
CREATE TRIGGER bid_openings_no_delete BEFORE DELETE ON bid_openings
BEGIN SELECT RAISE(ABORT, 'bid_openings only grows'); END;
CREATE TRIGGER offer_terms_no_update BEFORE UPDATE ON offer_terms
BEGIN SELECT RAISE(ABORT, 'offer_terms only grows'); END;
CREATE TRIGGER offer_terms_no_delete BEFORE DELETE ON offer_terms
BEGIN SELECT RAISE(ABORT, 'offer_terms only grows'); END;
CREATE TRIGGER seller_terms_no_update BEFORE UPDATE ON seller_terms
BEGIN SELECT RAISE(ABORT, 'seller_terms only grows'); END;
CREATE TRIGGER seller_terms_no_delete BEFORE DELETE ON seller_terms
BEGIN SELECT RAISE(ABORT, 'seller_terms only grows'); END;
