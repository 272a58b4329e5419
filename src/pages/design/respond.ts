import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { wantsNoCache } from "../../platform/http/request.ts";
import type { PageRequest } from "../context.ts";
import { addressOf, hasJustChanged } from "../session.ts";
import { type PageHead, renderDocument } from "./layout.tsx";

/** Answers with a page. */
export function respond(
  c: PageRequest,
  head: PageHead,
  content: Child,
  status: ContentfulStatusCode = 200,
): Response {
  return c.html(render(c, head, content), status);
}

/** What a page says about itself, and what is on it. */
interface Page {
  readonly head: PageHead;
  readonly content: Child;
}

/**
 * The text of a page that is the same for everybody who is not signed in: kept in the isolate under its address. There
 * is nothing in it that is one visitor's own; for that it has places, which are filled in for each. Whoever is signed in,
 * has just changed something or asks for it gets one of the moment.
 */
export async function keptPage(c: PageRequest, make: () => Promise<Page>): Promise<string> {
  const { ctx } = c.var;
  const { memory, person } = ctx;
  const read = async () => {
    const { head, content } = await make();
    return { text: render(c, head, content) };
  };
  const address = addressOf(c);
  const fresh = person !== undefined || hasJustChanged(c) || wantsNoCache(c.req.raw.headers);
  const own = memory === undefined || address === undefined || fresh;
  const { text } = own ? await read() : await memory.recall(ctx, `page ${address}`, read);
  return text;
}

function render(c: PageRequest, head: PageHead, content: Child): string {
  const { config, person } = c.var.ctx;
  return renderDocument({ shop: config, head, person, address: addressOf(c) }, content);
}
