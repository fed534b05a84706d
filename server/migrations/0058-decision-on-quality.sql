-- Recording for quality is watching staff: no reason to record until the works council's decision can be found (WOR art. 27).
ALTER TABLE recording_purpose ADD COLUMN decision text NOT NULL DEFAULT '' CHECK (length(decision) <= 200);
