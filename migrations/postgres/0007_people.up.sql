-- What people prove themselves with is read and written before anybody is known, or for somebody else (a code handed over, a
-- role that ends): always as the system, which checks for itself whom it is about (`access::EVERYBODY`). Nobody else gets in.
SELECT pasok_protect(tab, 'false', 'false', 'false')
FROM unnest(ARRAY['credentials', 'sessions', 'account_codes', 'sign_in_limits']) tab;

-- A person is seen by themselves and by whoever sees one of their roles; registering somebody makes the person first.
SELECT pasok_protect('accounts', reads, 'true', reads)
FROM (SELECT $$id = (SELECT NULLIF(current_setting('pasok.account', true), '')::BIGINT)
    OR EXISTS (SELECT 1 FROM members m WHERE m.account_id = accounts.id)$$ AS reads) x;
