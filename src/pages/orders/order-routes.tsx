import { Hono } from "hono";
import {
  listOrderEvents,
  readStoredOrder,
  type StoredOrder,
  showOrder,
} from "../../orders/index.ts";
import type { PageContext, PageEnv } from "../context.ts";
import { respond } from "../design/respond.ts";
import { signInAddress } from "../local-path.ts";
import { addressOf } from "../session.ts";
import { visitorOf } from "../visitor.ts";
import { orderPage } from "./order-page.tsx";
import { paymentUrlOf } from "./payment-url.ts";

const MAX_EVENTS = 100;

export const orderPages = new Hono<PageEnv>().get("/orders/:id", async (c) => {
  const { ctx } = c.var;
  const token = c.req.query("token");
  if (token === undefined && ctx.person === undefined)
    return c.redirect(signInAddress(addressOf(c)), 303);
  const access = { id: c.req.param("id"), token };
  const [row, history] = await Promise.all([
    readStoredOrder(ctx, access),
    listOrderEvents(ctx, { ...access, pageSize: MAX_EVENTS }),
  ]);
  const { head, content } = orderPage({
    order: showOrder(row),
    events: history.items,
    timeZone: visitorOf(c).timeZone,
    paymentUrl: whereToPay(ctx, row),
  });
  return respond(c, head, content);
});

/** Nowhere when it waits for no payment, and once its time is over, when the page is being closed. */
function whereToPay(ctx: PageContext, row: StoredOrder): string | undefined {
  const waiting = row.status === "pending_payment" && row.paymentStatus === "unpaid";
  return !waiting || row.holdEndsAt <= ctx.now() ? undefined : paymentUrlOf(row);
}
