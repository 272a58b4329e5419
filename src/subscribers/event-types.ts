import * as z from "zod";
import { levelSchema } from "../inventory/index.ts";
import { orderSchema } from "../orders/index.ts";

/** What can be told to a subscriber, in the words of the document. Names on disk stay; a migration says what becomes one. */
const EVENTS = {
  "order.paid": "An order is paid.",
  "order.canceled": "An order was canceled, paid or not.",
  "order.refunded": "A refund of an order has succeeded.",
  "order.fulfilled": "A parcel of an order was sent.",
  "inventory.low": "What is available of a SKU has fallen to its threshold.",
} as const;
export type EventType = keyof typeof EVENTS;

const types = Object.keys(EVENTS) as [EventType, ...EventType[]]; // keys of a constant object
export const eventTypeSchema = z.enum(types);

/** What an operator has sent to see whether it arrives; nobody asks for it. */
export const TEST_EVENT = "webhook.test";

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENTS, text);
}

const envelope = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({
    id: z.string().meta({
      description: "The event's; `webhook-id` says the same. One that comes twice has it twice.",
    }),
    type: z.literal(type),
    timestamp: z.iso.datetime().meta({ description: "When it happened." }),
    sequence: z.int().meta({
      description:
        "Grows with each event of the same order, or SKU: events may arrive in any order, and the larger one is the later.",
    }),
    data,
  });

const stepOf = <Type extends EventType>(type: Type, id: string) =>
  envelope(type, orderSchema).meta({ id });

/** The body of each event as it is sent, and what it says, for the document. */
export function documentedEvents() {
  const messages: Readonly<Record<EventType, z.ZodType>> = {
    "order.paid": stepOf("order.paid", "OrderPaidEvent"),
    "order.canceled": stepOf("order.canceled", "OrderCanceledEvent"),
    "order.refunded": stepOf("order.refunded", "OrderRefundedEvent"),
    "order.fulfilled": stepOf("order.fulfilled", "OrderFulfilledEvent"),
    "inventory.low": envelope("inventory.low", levelSchema).meta({ id: "InventoryLowEvent" }),
  };
  const test = {
    type: TEST_EVENT,
    description: "Sent to one endpoint by `POST /webhook-endpoints/{id}/test`.",
    message: envelope(TEST_EVENT, z.strictObject({ endpointId: z.string() })).meta({
      id: "TestEvent",
    }),
  };
  const told = types.map((type) => ({ type, description: EVENTS[type], message: messages[type] }));
  return [...told, test];
}
