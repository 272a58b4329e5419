import * as z from "zod";
import { MINUTE_MS } from "../platform/clock.ts";
import type { PageRequest } from "./context.ts";

/** What Cloudflare knows of a visitor. https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties */
const place = z.object({
  timezone: z.string().catch("UTC"),
  country: z.string().length(2).catch(""),
});

export interface Visitor {
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2, or empty. */
  readonly country: string;
}

export function visitorOf(c: PageRequest): Visitor {
  const { timezone, country } = place.parse(c.req.raw.cf ?? {});
  return { timeZone: timezone, country };
}

/** "2:32 PM GMT+1"; with the day when that is not soon. */
export function formatTime(iso: string, timeZone: string, withDay = false): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat("en", {
      timeZone: zone,
      hour: "numeric",
      minute: "2-digit",
      timeZoneName: "short",
      ...(withDay ? { day: "numeric", month: "long" } : {}),
    });
  try {
    return format(timeZone).format(new Date(iso));
  } catch {
    return format("UTC").format(new Date(iso)); // a zone that this runtime does not know
  }
}

/** "12 minutes"; never less than one, because zero is said in other words. */
export function formatMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
