import { getLevel } from "../../inventory/index.ts";
import { findOrder, presentOrder } from "../../orders/index.ts";
import { toTimestamp } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { type EventType, isEventType } from "../event-types.ts";
import type { Message, Waiting } from "./store.ts";

type Subject = Pick<Waiting, "subject">;

interface Read extends Pick<Message, "version"> {
  readonly data: object;
}

const order = async (ctx: Context, { subject }: Subject): Promise<Read | undefined> => {
  const [row] = await ctx.db.run(findOrder(subject));
  return row && { data: presentOrder(row), version: row.version };
};

/** The API's own object that an event is about; undefined where it is gone. */
const DATA: Readonly<
  Record<EventType, (ctx: Context, event: Subject) => Promise<Read | undefined>>
> = {
  "order.paid": order,
  "order.canceled": order,
  "order.refunded": order,
  "order.fulfilled": order,
  "inventory.low": async (ctx, { subject: sku }) => ({
    data: await getLevel(ctx, { sku }),
    version: null,
  }),
};

/** What an event says, as it is sent: the object as it is at the first time that it is sent to anybody. Undefined where it is gone. */
export async function writeMessage(ctx: Context, event: Waiting): Promise<Message | undefined> {
  const { eventId: id, type, createdAt, sequence } = event;
  const read = isEventType(type)
    ? await DATA[type](ctx, event)
    : { data: { endpointId: event.subject }, version: null };
  if (read === undefined) return undefined;
  const { data, version } = read;
  const text = JSON.stringify({ id, type, timestamp: toTimestamp(createdAt), sequence, data });
  return { text, version };
}
