import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { PageRequest } from "./context.ts";
import { type PageHead, renderDocument } from "./layout.tsx";

/** Answers with a page. */
export function respond(
  c: PageRequest,
  head: PageHead,
  content: Child,
  status: ContentfulStatusCode = 200,
): Response {
  return c.html(renderDocument(c.var.ctx.config, head, content), status);
}
