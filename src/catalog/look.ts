import type { Context } from "../platform/context.ts";
import { imageBase } from "./image.ts";

/** What it takes to show a product: the moment in milliseconds, and what stands before the key of a picture. */
export function lookOf(ctx: Pick<Context, "config" | "now">) {
  return { now: ctx.now(), images: imageBase(ctx.config) };
}
