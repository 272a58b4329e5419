-- ## Exports and imports: each step moves a job on by one, so that none is done twice
INSERT INTO state_transitions (machine, from_state, to_state) VALUES
  ('csv_job', 'queued', 'running'),
  ('csv_job', 'queued', 'succeeded'),
  ('csv_job', 'queued', 'failed'),
  ('csv_job', 'running', 'succeeded'),
  ('csv_job', 'running', 'failed');
--> statement-breakpoint
CREATE TRIGGER csv_jobs_status_moves BEFORE UPDATE OF status ON csv_jobs
WHEN OLD.status <> NEW.status AND NOT EXISTS (
  SELECT 1 FROM state_transitions WHERE machine = 'csv_job' AND from_state = OLD.status AND to_state = NEW.status
)
BEGIN
  SELECT RAISE(ABORT, 'illegal_transition:csv_job');
END;
--> statement-breakpoint
CREATE TRIGGER csv_jobs_one_step BEFORE UPDATE OF version ON csv_jobs
WHEN NEW.version <> OLD.version + 1
BEGIN
  SELECT RAISE(ABORT, 'csv_job_moved');
END;
--> statement-breakpoint
-- What is kept for an import is what was read, until it is over.
CREATE TRIGGER import_rows_no_update BEFORE UPDATE ON import_rows BEGIN
  SELECT RAISE(ABORT, 'import_rows stay as they were read');
END;
--> statement-breakpoint
-- ## What is over goes
INSERT INTO retention (what, after_ms) VALUES ('csv_jobs', 604800000);
--> statement-breakpoint
CREATE TRIGGER csv_jobs_no_delete BEFORE DELETE ON csv_jobs
WHEN (OLD.created_at <= (SELECT until FROM retention_due WHERE what = 'csv_jobs')) IS NOT TRUE
BEGIN
  SELECT RAISE(ABORT, 'csv_jobs_kept');
END;
--> statement-breakpoint
CREATE TRIGGER csv_jobs_purged AFTER DELETE ON csv_jobs BEGIN
  DELETE FROM import_rows WHERE job_id = OLD.id;
END;
