ALTER TABLE offers DROP COLUMN min_order_idr;
ALTER TABLE offers DROP COLUMN tiers_incremental;
ALTER TABLE offers DROP COLUMN tiers;
ALTER TABLE calls DROP COLUMN complaints_until;
ALTER TABLE calls DROP COLUMN complaint_hours;
