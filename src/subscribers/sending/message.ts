import { getLevel } from "../../inventory/index.ts";
import { findOrder, presentOrder } from "../../orders/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { type EventType, isEventType } from "../event-types.ts";
import type { Waiting } from "./store.ts";

type Subject = Pick<Waiting, "subject">;

const order = async (ctx: Context, { subject }: Subject) => {
  const [row] = await ctx.db.run(findOrder(subject));
  return row && presentOrder(row);
};

/** The API's own object that an event is about; undefined where it is gone. */
const DATA: Readonly<
  Record<EventType, (ctx: Context, event: Subject) => Promise<object | undefined>>
> = {
  "order.paid": order,
  "order.canceled": order,
  "order.refunded": order,
  "order.fulfilled": order,
  "inventory.low": (ctx, { subject: sku }) => getLevel(ctx, { sku }),
};

/** What an event says, as it is sent: the object as it is at the first time that it is sent to anybody. Undefined where it is gone. */
export async function writeMessage(ctx: Context, event: Waiting): Promise<string | undefined> {
  const { eventId: id, type, createdAt, sequence } = event;
  const data = isEventType(type) ? await DATA[type](ctx, event) : { endpointId: event.subject };
  if (data === undefined) return undefined;
  return JSON.stringify({ id, type, timestamp: toTimestamp(createdAt), sequence, data });
}
