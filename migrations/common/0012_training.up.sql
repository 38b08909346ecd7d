-- A training market is played with made-up money; its figures stand beside nobody else's. A market never changes its kind.
ALTER TABLE markets ADD COLUMN kind TEXT NOT NULL DEFAULT 'real' CHECK (kind IN ('real', 'training'));
