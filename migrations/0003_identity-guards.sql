-- A link in a mail is good once, and only in time.
CREATE TRIGGER email_tokens_used_once BEFORE UPDATE OF used_at ON email_tokens
WHEN OLD.used_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'email_token_used');
END;
--> statement-breakpoint
CREATE TRIGGER email_tokens_in_time BEFORE UPDATE OF used_at ON email_tokens
WHEN NEW.used_at >= OLD.expires_at
BEGIN
  SELECT RAISE(ABORT, 'email_token_expired');
END;
--> statement-breakpoint
-- A session that has ended stays ended.
CREATE TRIGGER sessions_stay_ended BEFORE UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL
BEGIN
  SELECT RAISE(ABORT, 'session_ended');
END;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;
--> statement-breakpoint
-- A hold made with an account can only become an order of that account.
CREATE TRIGGER orders_of_the_holder BEFORE INSERT ON orders
WHEN EXISTS (
  SELECT 1 FROM reservations r WHERE r.id = NEW.reservation_id AND r.account_id IS NOT NULL AND r.account_id IS NOT NEW.account_id
)
BEGIN
  SELECT RAISE(ABORT, 'reservation_not_found');
END;
