import * as z from "zod";

/** A moment as the API is sent it: RFC 3339 in UTC, to the second or finer. */
export const momentSchema = z.iso.datetime().meta({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d+)?Z$",
  example: "2026-11-20T12:00:00.000Z",
});
