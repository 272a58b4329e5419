import { MINUTE_MS, SECOND_MS } from "../clock.ts";
import { refusedBy } from "../db.ts";
import { AppError } from "../errors.ts";

/** The comparison that opens the shop again runs every five minutes. */
const RETRY_AFTER_MS = 5 * MINUTE_MS;

/** What a refusal of `requireOpen` means; undefined when it was something else. */
export function explainClosed(error: unknown): AppError | undefined {
  if (!refusedBy(error, "shop_not_open")) return undefined;
  return new AppError(
    "UNAVAILABLE",
    "The shop is closed for a few minutes, while it makes sure of what it has sold. Please try again then.",
    { headers: { "Retry-After": String(RETRY_AFTER_MS / SECOND_MS) } },
  );
}
