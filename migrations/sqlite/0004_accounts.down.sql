DROP TRIGGER members_keep_account;
DROP TRIGGER members_insert_with_account;
