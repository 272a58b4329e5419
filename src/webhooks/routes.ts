import * as z from "zod";
import { answer } from "../platform/http/answer.ts";
import { answerOnce, keyed } from "../platform/http/created.ts";
import { accepted, byId, ok, page } from "../platform/http/envelope.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { deadLetterKindSchema, deadLetterSchema } from "./dead-letters/dead-letter.ts";
import { listDeadLetters } from "./dead-letters/list-dead-letters.ts";
import { replayDeadLetter } from "./dead-letters/replay-dead-letter.ts";
import {
  eventStatusSchema,
  providerSchema,
  webhookEventDetailSchema,
  webhookEventSchema,
} from "./event.ts";
import { getEvent } from "./get-event.ts";
import { listEvents } from "./list-events.ts";
import { replayEvent } from "./replay-event.ts";

const ACCEPTED = 202;
const MAX_TYPE_CHARS = 100;
const tags = ["Webhooks in"];

const eventRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/webhook-events",
      tags,
      summary: "The inbox: what providers sent and what became of it, newest first",
      request: {
        query: pageQuery.extend({
          provider: providerSchema.optional(),
          status: eventStatusSchema.optional(),
          type: z.string().max(MAX_TYPE_CHARS).optional(),
        }),
      },
      responses: page("A page of events", webhookEventSchema),
    }),
    async (c) => answer(c, listBody(await listEvents(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "get",
      path: "/webhook-events/{id}",
      tags,
      summary: "One event with its raw payload",
      request: { params: byId },
      responses: ok("The event", webhookEventDetailSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => answer(c, { data: await getEvent(c.var.ctx, c.req.valid("param")) }, 200),
  )
  .openapi(
    route({
      method: "post",
      path: "/webhook-events/{id}/replay",
      tags,
      summary: "Process an event again; safe at any time",
      request: { params: byId, headers: keyed },
      responses: accepted("It is on its way", webhookEventSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const make = () => replayEvent(c.var.ctx, input);
      return answer(c, await answerOnce(c, { input, status: ACCEPTED }, make), ACCEPTED);
    },
  );

const deadLetterRoutes = newRouter()
  .openapi(
    route({
      method: "get",
      path: "/dead-letters",
      tags,
      summary: "Mails, refunds and queue messages that no retry could help, newest first",
      request: { query: pageQuery.extend({ kind: deadLetterKindSchema.optional() }) },
      responses: page("A page of dead letters", deadLetterSchema),
    }),
    async (c) => answer(c, listBody(await listDeadLetters(c.var.ctx, c.req.valid("query"))), 200),
  )
  .openapi(
    route({
      method: "post",
      path: "/dead-letters/{id}/replay",
      tags,
      summary: "Try again to send a mail or a refund that died",
      request: { params: byId, headers: keyed },
      responses: accepted("It is on its way", deadLetterSchema),
      errors: ["NOT_FOUND", "INVALID_TRANSITION"],
    }),
    async (c) => {
      const input = c.req.valid("param");
      const make = () => replayDeadLetter(c.var.ctx, input);
      return answer(c, await answerOnce(c, { input, status: ACCEPTED }, make), ACCEPTED);
    },
  );

export const webhookRoutes = newRouter().route("/", eventRoutes).route("/", deadLetterRoutes);
