ALTER TABLE members ALTER COLUMN account_id SET NOT NULL;
-- A member is the same person for ever.
CREATE FUNCTION keep_account() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NEW.account_id IS DISTINCT FROM OLD.account_id THEN RAISE EXCEPTION 'members.account_id does not change'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER members_keep_account BEFORE UPDATE ON members FOR EACH ROW EXECUTE FUNCTION keep_account();
