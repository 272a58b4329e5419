import { byRefusal } from "../../platform/db.ts";
import { AppError } from "../../platform/errors.ts";

/** Why the database refuses an endpoint, or a secret of one; undefined when it was something else. */
export function refusedEndpoint(error: unknown): AppError | undefined {
  return byRefusal(error, {
    endpoint_exceeds_maker: new AppError(
      "FORBIDDEN",
      "Events carry what your key may not read: orders need orders:read, stock needs inventory:read.",
    ),
    webhook_endpoints_full: new AppError(
      "BUSINESS_RULE_VIOLATION",
      "There are ten endpoints already. Remove one first.",
    ),
    webhook_secrets_full: new AppError(
      "BUSINESS_RULE_VIOLATION",
      "Five secrets of this endpoint are still good. Wait until the oldest has ended.",
    ),
  });
}
