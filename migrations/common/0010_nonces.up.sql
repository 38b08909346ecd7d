-- With its nonce an opened document proves itself: both together give the commitment that the bidder's receipt holds. Hexadecimal;
-- empty where the seal did not open, or what was in it is not kept whole. The document beside it is kept as it was sealed.
ALTER TABLE bid_openings ADD COLUMN nonce TEXT NOT NULL DEFAULT '';
