import type { Mark } from "../news.ts";

/** The key in the metadata of sessions and payments under which a shop writes its own mark. */
export const MARK_KEY = "shop";

/** Whose mark an object at Stripe carries: several shops and other software may share one account. */
export function markOf(
  metadata: Readonly<Record<string, unknown>> | null | undefined,
  shopId: string,
): Mark {
  const mark = metadata?.[MARK_KEY];
  if (mark === undefined) return "none";
  return mark === shopId ? "own" : "other";
}
