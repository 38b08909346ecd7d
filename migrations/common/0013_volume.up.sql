-- How long bidders may complain after they were answered, and until when that is, once they were. Orders for the lots wait until then.
ALTER TABLE calls ADD COLUMN complaint_hours BIGINT NOT NULL DEFAULT 0 CHECK (complaint_hours >= 0 AND complaint_hours <= 720);
ALTER TABLE calls ADD COLUMN complaints_until BIGINT;

-- Lower prices of a plain offer from larger totals on, as JSON, empty for none; whether a tier's price is for what lies beyond its
-- start only; and the least value of goods for one buyer.
ALTER TABLE offers ADD COLUMN tiers TEXT NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN tiers_incremental INTEGER NOT NULL DEFAULT 0 CHECK (tiers_incremental IN (0, 1));
ALTER TABLE offers ADD COLUMN min_order_idr BIGINT NOT NULL DEFAULT 0 CHECK (min_order_idr >= 0);
