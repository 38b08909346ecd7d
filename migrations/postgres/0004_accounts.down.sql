DROP TRIGGER members_keep_account ON members;
DROP FUNCTION keep_account;
