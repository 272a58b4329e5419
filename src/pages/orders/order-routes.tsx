import { Hono } from "hono";
import {
  listOrderEvents,
  readReceipt,
  readStoredOrder,
  type StoredOrder,
  showOrder,
} from "../../orders/index.ts";
import { AppError } from "../../platform/errors.ts";
import { shopName } from "../../settings/index.ts";
import type { PageContext, PageEnv, PageRequest } from "../context.ts";
import { respond } from "../design/respond.ts";
import { signInAddress } from "../local-path.ts";
import { addressOf } from "../session.ts";
import { visitorOf } from "../visitor.ts";
import { orderPage } from "./order-page.tsx";
import { paymentUrlOf } from "./payment-url.ts";
import { receiptPage } from "./receipt-page.tsx";

const MAX_EVENTS = 100;

export const orderPages = new Hono<PageEnv>()
  .get("/orders/:id", async (c) => {
    const { ctx } = c.var;
    const access = accessOf(c, c.req.param("id"));
    if (access === undefined) return c.redirect(signInAddress(addressOf(c)), 303);
    const [row, history] = await Promise.all([
      readStoredOrder(ctx, access),
      listOrderEvents(ctx, { ...access, pageSize: MAX_EVENTS }),
    ]);
    const paid = history.items.some(({ type }) => type === "order.paid");
    const { head, content } = orderPage({
      order: showOrder(row),
      events: history.items,
      timeZone: visitorOf(c).timeZone,
      paymentUrl: whereToPay(ctx, row),
      receiptPath: paid ? `/orders/${row.id}/receipt${queryOf(access)}` : undefined,
    });
    return respond(c, head, content);
  })
  .get("/orders/:id/receipt", async (c) => {
    const { ctx } = c.var;
    const access = accessOf(c, c.req.param("id"));
    if (access === undefined) return c.redirect(signInAddress(addressOf(c)), 303);
    const { order, paid, settings } = await readReceipt(ctx, access);
    if (paid === undefined)
      throw new AppError("NOT_FOUND", "There is a receipt once the order is paid.");
    const { head, content } = receiptPage({
      ...{ order, paid, settings },
      shopName: shopName(ctx.config, settings),
      provider: ctx.payments.name,
      orderPath: `/orders/${order.id}${queryOf(access)}`,
    });
    return respond(c, head, content);
  });

interface Access {
  readonly id: string;
  readonly token: string | undefined;
}

/** What a visitor shows of an order: its token, or who they are; undefined of one who shows nothing. */
function accessOf(c: PageRequest, id: string): Access | undefined {
  const token = c.req.query("token");
  return token === undefined && c.var.ctx.person === undefined ? undefined : { id, token };
}

function queryOf({ token }: Access): string {
  return token === undefined ? "" : `?${new URLSearchParams({ token })}`;
}

/** Nowhere when it waits for no payment, and once its time is over, when the page is being closed. */
function whereToPay(ctx: PageContext, row: StoredOrder): string | undefined {
  const waiting = row.status === "pending_payment" && row.paymentStatus === "unpaid";
  return !waiting || row.holdEndsAt <= ctx.now() ? undefined : paymentUrlOf(row);
}
