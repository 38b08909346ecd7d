-- SQLite cannot make an existing column NOT NULL.
CREATE TRIGGER members_insert_with_account BEFORE INSERT ON members WHEN NEW.account_id IS NULL
BEGIN SELECT RAISE(ABORT, 'members.account_id must not be null'); END;
CREATE TRIGGER members_keep_account BEFORE UPDATE ON members WHEN NEW.account_id IS NOT OLD.account_id
BEGIN SELECT RAISE(ABORT, 'members.account_id does not change'); END;
