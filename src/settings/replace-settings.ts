import { auditIfChanged } from "../platform/audit-log/store.ts";
import type { Context } from "../platform/context.ts";
import { AppError } from "../platform/errors.ts";
import { tagsOf } from "../platform/http/if-match.ts";
import { promisePurged } from "../platform/memory/purge.ts";
import { wakePromises } from "../platform/outbox/store.ts";
import { type TaggedSettings, tagOf } from "./get-settings.ts";
import type { NewShopSettings, ShopSettings } from "./settings.ts";
import { replaceSettings as write } from "./store.ts";

interface Input {
  readonly said: NewShopSettings;
  /** `If-Match`: what the caller has seen. */
  readonly ifMatch: string | undefined;
}

/** Says anew what the shop says of itself, all of it. Pages that others keep are dropped. Throws `PRECONDITION_FAILED`. */
export async function replaceSettings(
  ctx: Context,
  { said, ifMatch }: Input,
): Promise<TaggedSettings> {
  const settings = complete(said);
  const purges = promisePurged(ctx, "catalog");
  const now = ctx.now();
  const [[written]] = await ctx.db.batch([
    write(settings, { seen: tagsOf(ifMatch), now }),
    auditIfChanged(ctx, "settings.shop_updated", "shop", settings),
    ...purges.map(({ statement }) => statement),
  ]);
  if (written === undefined)
    throw new AppError(
      "PRECONDITION_FAILED",
      "The settings have changed since you read them. Read them again.",
    );
  wakePromises(
    ctx,
    purges.map(({ id }) => id),
  );
  return { settings, tag: tagOf({ ...written, updatedAt: now }) };
}

/** What was left out is nothing. */
function complete({ seller, ...rest }: NewShopSettings): ShopSettings {
  if (seller === null) return { ...rest, seller };
  const { registrationNumber = null, phone = null, ...needed } = seller;
  return { ...rest, seller: { ...needed, registrationNumber, phone } };
}
