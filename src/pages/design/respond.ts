import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { PageRequest } from "../context.ts";
import { addressOf } from "../session.ts";
import { type PageHead, renderDocument } from "./layout.tsx";

/** Answers with a page. */
export function respond(
  c: PageRequest,
  head: PageHead,
  content: Child,
  status: ContentfulStatusCode = 200,
): Response {
  const { config, person } = c.var.ctx;
  return c.html(
    renderDocument({ shop: config, head, person, address: addressOf(c) }, content),
    status,
  );
}
