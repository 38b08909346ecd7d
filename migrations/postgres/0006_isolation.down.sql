DO $$
DECLARE
    found RECORD;
    role_name TEXT;
BEGIN
    FOR found IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema() LOOP
        EXECUTE format('DROP POLICY %I ON %I', found.policyname, found.tablename);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', found.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', found.tablename);
    END LOOP;
    -- The roles stay: they belong to the whole server.
    FOREACH role_name IN ARRAY ARRAY['pasok_app', 'pasok_system'] LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM %I', current_schema(), role_name);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), role_name);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', current_schema(), role_name);
    END LOOP;
END $$;
DROP FUNCTION pasok_only_grows(TEXT);
DROP FUNCTION pasok_protect(TEXT, TEXT, TEXT, TEXT);
DROP FUNCTION pasok_looked_after(TEXT);
DROP FUNCTION pasok_registers();
DROP FUNCTION pasok_in(TEXT, TEXT);
DROP FUNCTION pasok_ids(TEXT);
DROP TRIGGER stock_movements_only_grow ON stock_movements;
