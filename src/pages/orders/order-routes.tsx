import { Hono } from "hono";
import { findOrder, getOrder, listOrderEvents } from "../../orders/index.ts";
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
  const [order, history] = await Promise.all([
    getOrder(ctx, access),
    listOrderEvents(ctx, { ...access, pageSize: MAX_EVENTS }),
  ]);
  const waiting = order.status === "pending_payment" && order.paymentStatus === "unpaid";
  const { head, content } = orderPage({
    order,
    events: history.items,
    timeZone: visitorOf(c).timeZone,
    paymentUrl: waiting ? await whereToPay(ctx, order.id) : undefined,
  });
  return respond(c, head, content);
});

/** Only for an order that its reader was let in to; nowhere once its time is over, when the page is being closed. */
async function whereToPay(ctx: PageContext, id: string): Promise<string | undefined> {
  const [row] = await ctx.db.run(findOrder(id));
  if (row === undefined) return undefined;
  return row.holdEndsAt <= ctx.now() ? undefined : paymentUrlOf(row);
}
