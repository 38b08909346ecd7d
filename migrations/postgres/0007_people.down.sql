DO $$
DECLARE
    tab TEXT;
    pol TEXT;
BEGIN
    FOREACH tab IN ARRAY ARRAY['credentials', 'sessions', 'account_codes', 'sign_in_limits', 'accounts'] LOOP
        FOREACH pol IN ARRAY ARRAY['system', 'reads', 'adds', 'changes'] LOOP
            EXECUTE format('DROP POLICY %I ON %I', pol, tab);
        END LOOP;
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', tab);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', tab);
    END LOOP;
END $$;
