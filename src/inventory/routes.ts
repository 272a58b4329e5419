import * as z from "zod";
import { skuSchema } from "../catalog/index.ts";
import { answer } from "../platform/http/answer.ts";
import { answerCreated, keyed, keyedAlways } from "../platform/http/created.ts";
import { created, jsonBody, ok, page } from "../platform/http/envelope.ts";
import { withTag } from "../platform/http/if-match.ts";
import { listBody, pageQuery } from "../platform/http/pagination.ts";
import { newRouter, route } from "../platform/http/router.ts";
import { statesOf } from "../platform/state.ts";
import { requirePerson, turnstileTokenSchema, withoutToken } from "../platform/turnstile.ts";
import { changeLevel } from "./change-level.ts";
import type { InventoryContext } from "./context.ts";
import { createReservation, refuseKnownSoldOut } from "./create-reservation.ts";
import { getLevel, listLevels, listMovements } from "./get-stock.ts";
import { moveStock } from "./move-stock.ts";
import { listedReservationSchema, listReservations } from "./overview/list-reservations.ts";
import { itemsSchema, reservationSchema } from "./reservation.ts";
import { reservationTransitions } from "./reservation-state.ts";
import {
  levelChangesSchema,
  levelFilterSchema,
  levelSchema,
  movementSchema,
  newMovementSchema,
  tagOf,
} from "./stock.ts";

const MAX_CALLER_CHARS = 100;
const skuParam = z.strictObject({ sku: skuSchema });
const tags = ["Inventory"];

export const inventoryRoutes = newRouter<InventoryContext>()
  .openapi(
    route({
      method: "get",
      path: "/inventory",
      tags,
      summary: "Stock levels, in the order of their SKUs",
      request: { query: pageQuery.extend(levelFilterSchema.shape) },
      responses: page("A page of levels", levelSchema),
    }),
    async (c) => {
      const { lowStock, ...input } = c.req.valid("query");
      const page = await listLevels(c.var.ctx, { ...input, lowStock: lowStock === "true" });
      return answer(c, listBody(page), 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/inventory/{sku}",
      tags,
      summary: "The level of one SKU",
      request: { params: skuParam },
      responses: ok("The level", levelSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const level = await getLevel(c.var.ctx, c.req.valid("param"));
      c.header("ETag", tagOf(level));
      return answer(c, { data: level }, 200);
    },
  )
  .openapi(
    route({
      method: "patch",
      path: "/inventory/{sku}",
      tags,
      summary: "Change from where on a SKU runs low",
      description:
        "What shoppers are told follows at once. It is no fall of stock: there is no mail and no `inventory.low` before the next fall from above the new threshold to it. The stock itself is changed by movements; one since it was read makes `If-Match` stale too.",
      request: { params: skuParam, headers: withTag, body: jsonBody(levelChangesSchema) },
      responses: ok("The level", levelSchema),
      errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    }),
    async (c) => {
      const level = await changeLevel(c.var.ctx, {
        ...c.req.valid("param"),
        changes: c.req.valid("json"),
        ifMatch: c.req.valid("header")["if-match"],
      });
      c.header("ETag", tagOf(level));
      return answer(c, { data: level }, 200);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/inventory/{sku}/movements",
      tags,
      summary: "The append-only ledger of one SKU, newest first",
      request: { params: skuParam, query: pageQuery },
      responses: page("A page of the ledger", movementSchema),
      errors: ["NOT_FOUND"],
    }),
    async (c) => {
      const input = { ...c.req.valid("query"), ...c.req.valid("param") };
      return answer(c, listBody(await listMovements(c.var.ctx, input)), 200);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/inventory/{sku}/movements",
      tags,
      summary: "Receive, adjust, write off or take back stock",
      request: {
        params: skuParam,
        headers: keyedAlways,
        body: jsonBody(newMovementSchema),
      },
      responses: created(
        "The movement and the level after it",
        z.strictObject({ movement: movementSchema, level: levelSchema }),
      ),
      errors: ["NOT_FOUND", "INSUFFICIENT_STOCK"],
    }),
    async (c) => {
      const input = { ...c.req.valid("json"), ...c.req.valid("param") };
      const body = await answerCreated(c, input, () => moveStock(c.var.ctx, input));
      c.header("Location", `/api/v1/inventory/${input.sku}/movements`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "post",
      path: "/reservations",
      tags,
      summary: "Hold all items for 15 minutes, or none",
      request: {
        headers: keyed,
        body: jsonBody(
          z.strictObject({ items: itemsSchema, turnstileToken: turnstileTokenSchema }),
        ),
      },
      responses: created("The hold", reservationSchema),
      errors: ["INSUFFICIENT_STOCK", "NOT_ON_SALE", "BUSINESS_RULE_VIOLATION"],
    }),
    async (c) => {
      const input = c.req.valid("json");
      const { ctx } = c.var;
      const key = c.req.header("Idempotency-Key");
      if (key === undefined) refuseKnownSoldOut(ctx, input.items);
      const body = await answerCreated(c, withoutToken(input), async () => {
        await requirePerson(ctx, { token: input.turnstileToken, key });
        return createReservation(ctx, input);
      });
      c.header("Location", `/api/v1/reservations/${body.data.id}`);
      return answer(c, body, 201);
    },
  )
  .openapi(
    route({
      method: "get",
      path: "/reservations",
      tags,
      summary: "Who holds what until when, newest first",
      request: {
        query: pageQuery.extend({
          status: z.enum(statesOf(reservationTransitions)).default("held"),
          sku: skuSchema.optional(),
          caller: z.string().max(MAX_CALLER_CHARS).optional(),
        }),
      },
      responses: page("A page of holds", listedReservationSchema),
    }),
    async (c) => answer(c, listBody(await listReservations(c.var.ctx, c.req.valid("query"))), 200),
  );
