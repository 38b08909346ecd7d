ALTER TABLE bid_openings DROP COLUMN nonce;
