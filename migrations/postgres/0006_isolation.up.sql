CREATE TRIGGER stock_movements_only_grow BEFORE UPDATE OR DELETE ON stock_movements
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Row-level security, the second layer of isolation. The first are the filters of the stores (`src/scope.rs`); both read the
-- same scope. Every transaction takes one of two roles (`src/db/session.rs`):
--   pasok_system  the system's own tasks: policies let it through;
--   pasok_app     somebody: policies compare rows with the lists in the settings pasok.organisations (acted for),
--                 pasok.operates (markets run), pasok.reads (run or observed), pasok.markets (those and belonged to).
-- The owner has no policy, and row security is forced: who takes neither role sees nothing.

DO $$
DECLARE
    wanted TEXT;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pasok_app', 'pasok_system'] LOOP
        -- Roles belong to the whole server, so another database may have made them, perhaps just now.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), wanted);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), wanted);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
            current_schema(), wanted);
    END LOOP;
END $$;

-- One of the lists; empty where it is not set.
CREATE FUNCTION pasok_ids(list TEXT) RETURNS BIGINT[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(NULLIF(current_setting('pasok.' || list, true), ''), ',')::BIGINT[] $$;

-- The condition that a column names a member of a list. The subquery makes the planner read the setting once a query.
CREATE FUNCTION pasok_in(col TEXT, list TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
$$ SELECT format('(%s = ANY ((SELECT pasok_ids(%L))::BIGINT[]))', col, list) $$;

-- The condition of those who register organisations.
CREATE FUNCTION pasok_registers() RETURNS TEXT LANGUAGE sql IMMUTABLE AS
$$ SELECT $condition$((SELECT current_setting('pasok.registers', true)) = '1')$condition$ $$;

-- The condition that a column names an organisation that is looked after: one's own, one that one registered, a member of a
-- market one runs.
CREATE FUNCTION pasok_looked_after(col TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS
$$ SELECT format(
    '(%s OR EXISTS (SELECT 1 FROM market_members mm WHERE mm.organisation_id = %s AND %s)
         OR (%s AND EXISTS (SELECT 1 FROM organisations oo WHERE oo.id = %s AND %s)))',
    pasok_in(col, 'organisations'), col, pasok_in('mm.market_id', 'operates'),
    pasok_registers(), col, pasok_in('oo.registered_by', 'organisations')) $$;

-- Puts a table under row security. `reads`: what can be seen, and locked; `adds` and `changes`: what a row may look like
-- after an insert or update. Nobody but the system deletes.
CREATE FUNCTION pasok_protect(tab TEXT, reads TEXT, adds TEXT, changes TEXT) RETURNS VOID LANGUAGE plpgsql AS
$$ BEGIN
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
    -- The owner inherits what its roles may, so membership is not enough: the role must have been taken.
    EXECUTE format($policy$CREATE POLICY system ON %I TO pasok_system
        USING ((SELECT current_user) = 'pasok_system') WITH CHECK ((SELECT current_user) = 'pasok_system')$policy$, tab);
    EXECUTE format('CREATE POLICY reads ON %I FOR SELECT TO pasok_app USING (%s)', tab, reads);
    EXECUTE format('CREATE POLICY adds ON %I FOR INSERT TO pasok_app WITH CHECK (%s)', tab, adds);
    EXECUTE format('CREATE POLICY changes ON %I FOR UPDATE TO pasok_app USING (%s) WITH CHECK (%s)', tab, reads, changes);
END $$;

-- Takes away the right to change rows of a table that only grows; triggers refuse it too.
CREATE FUNCTION pasok_only_grows(tab TEXT) RETURNS VOID LANGUAGE plpgsql AS
$$ BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM pasok_app, pasok_system', tab);
END $$;

-- Parties.
SELECT pasok_protect('organisations',
    format('(%s OR %s OR EXISTS (SELECT 1 FROM market_members mm WHERE mm.organisation_id = organisations.id AND %s)
             OR EXISTS (SELECT 1 FROM markets mk WHERE mk.operator_id = organisations.id AND %s))',
        pasok_registers(), pasok_in('id', 'organisations'), pasok_in('mm.market_id', 'markets'), pasok_in('mk.id', 'markets')),
    pasok_registers(),
    -- Not `pasok_looked_after`, which looks into this very table.
    format('(%s OR EXISTS (SELECT 1 FROM market_members mm WHERE mm.organisation_id = organisations.id AND %s) OR (%s AND %s))',
        pasok_in('id', 'organisations'), pasok_in('mm.market_id', 'operates'), pasok_registers(),
        pasok_in('registered_by', 'organisations')));
SELECT pasok_protect('organisation_capabilities',
    'EXISTS (SELECT 1 FROM organisations oo WHERE oo.id = organisation_capabilities.organisation_id)',
    pasok_registers(), 'false');
-- A person sees all of their own roles.
SELECT pasok_protect('members',
    pasok_looked_after('members.organisation_id')
        || $$ OR account_id = (SELECT NULLIF(current_setting('pasok.account', true), '')::BIGINT)$$,
    pasok_looked_after('members.organisation_id'), pasok_looked_after('members.organisation_id'));
SELECT pasok_protect('grants',
    pasok_in('organisation_id', 'organisations') || ' OR EXISTS (SELECT 1 FROM members m WHERE m.id = grants.assistant_id)',
    pasok_in('organisation_id', 'organisations'), pasok_in('organisation_id', 'organisations'));
SELECT pasok_protect('access_tokens', each, each, each)
FROM (SELECT 'EXISTS (SELECT 1 FROM members m WHERE m.id = access_tokens.member_id)' AS each) x;
SELECT pasok_protect('idempotency_keys', each, each, each) FROM (SELECT pasok_in('organisation_id', 'organisations') AS each) x;
SELECT pasok_protect('number_series', each, each, each)
FROM (SELECT pasok_looked_after('number_series.organisation_id') AS each) x;
SELECT pasok_protect('places', each, each, each) FROM (SELECT pasok_looked_after('places.organisation_id') AS each) x;

-- Markets and their rounds. Whoever enters a demand locks the round, so that it cannot close meanwhile: hence what can be seen
-- can be locked, and what can be changed is said by `changes`.
SELECT pasok_protect('markets', pasok_in('id', 'markets'), pasok_in('operator_id', 'organisations'), pasok_in('id', 'operates'));
SELECT pasok_protect(tab, pasok_in('market_id', 'markets'), pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['market_members', 'rounds', 'round_commodities']) tab;
SELECT pasok_protect(tab, pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['round_snapshots', 'solve_runs']) tab;

-- What buyers need and sellers offer, and what came of it.
SELECT pasok_protect('demands',
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'),
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'),
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'));
SELECT pasok_protect(tab,
    pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'),
    pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'),
    pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['offers', 'stock_movements']) tab;
SELECT pasok_protect(tab,
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'),
    pasok_in('market_id', 'operates'),
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('seller_id', 'organisations') || ' OR ' || pasok_in('market_id', 'operates'))
FROM unnest(ARRAY['awards', 'orders']) tab;
SELECT pasok_protect('shortages',
    pasok_in('buyer_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'), pasok_in('market_id', 'operates'), 'false');
SELECT pasok_protect('order_lines', 'EXISTS (SELECT 1 FROM orders o WHERE o.id = order_lines.order_id)',
    pasok_in('market_id', 'operates'), 'false');

-- The record: anybody's work is written down; one's own and one's markets' can be read.
SELECT pasok_protect('audit_entries',
    pasok_in('organisation_id', 'organisations') || ' OR ' || pasok_in('market_id', 'reads'), 'true', 'false');

SELECT pasok_only_grows(tab)
FROM unnest(ARRAY['audit_entries', 'awards', 'shortages', 'order_lines', 'round_snapshots', 'stock_movements',
    'log_tiles', 'log_checkpoints', 'log_cosignatures', 'log_keys', 'log_witnesses', 'row_seals', 'row_layouts']) tab;

-- The tree over everybody's entries: every transaction ends as the system, which grows it. Heads, keys and cosignatures name
-- nobody, so all may read them; operators bring cosignatures.
SELECT pasok_protect(tab, 'false', 'false', 'false') FROM unnest(ARRAY['log_head', 'log_tiles', 'row_seals', 'row_salts']) tab;
SELECT pasok_protect(tab, 'true', 'false', 'false') FROM unnest(ARRAY['log_checkpoints', 'log_keys', 'log_witnesses']) tab;
SELECT pasok_protect('log_cosignatures', 'true', 'true', 'false');
-- Written by the owner (watchers, migrations), who has no policy: rights stand in for policies here.
REVOKE ALL ON record_touched FROM pasok_app;
REVOKE INSERT, UPDATE, TRUNCATE ON record_touched FROM pasok_system;
REVOKE INSERT ON row_layouts FROM pasok_app, pasok_system;

-- Facts that everybody reads and only the system writes.
REVOKE INSERT, UPDATE, DELETE ON regions, commodities, commodity_units, reference_prices, __diesel_schema_migrations FROM pasok_app;
