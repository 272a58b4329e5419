import type { World } from "./world.ts";

/** What is told to subscribers, as the database says it of itself. */
const NAMES = `CASE e.type WHEN 'refund.succeeded' THEN 'order.refunded' ELSE e.type END`;
const TOLD_OF = "'order.paid', 'order.canceled', 'order.fulfilled', 'refund.succeeded'";

interface Looked {
  /** Milliseconds. */
  readonly since: number;
  /** The database went back: what was sent by then is written anew. */
  readonly restored: boolean;
}

/** Events that whoever subscribed to all did not get, or got signed wrong, or as two texts; as sentences. */
export async function untoldEvents(world: World, { since, restored }: Looked): Promise<string[]> {
  const { told, forged } = world.internet.subscribers;
  const unwritten = await world.rows<{ id: string; type: string }>(
    `SELECT e.order_id AS id, e.type FROM order_events e WHERE e.type IN (${TOLD_OF}) AND e.created_at > ?
      AND NOT EXISTS (SELECT 1 FROM outgoing_events o WHERE o.subject = e.order_id AND o.sequence = e.seq AND o.type = ${NAMES})`,
    since,
  );
  const deliveries = await world.rows<{ id: string; eventId: string; status: string }>(
    "SELECT id, event_id AS eventId, status FROM webhook_deliveries WHERE created_at > ?",
    since,
  );
  const came = new Set(told.map(({ id }) => id));
  return [
    ...forged,
    ...(restored ? [] : differing(world)),
    ...unwritten.map(({ id, type }) => `${type} of ${id} is no event for subscribers`),
    ...deliveries
      .filter(({ status }) => status !== "delivered")
      .map(({ id, status }) => `${id} is ${status}`),
    ...deliveries
      .filter(({ status, eventId }) => status === "delivered" && !came.has(eventId))
      .map(({ id }) => `${id} is delivered and never came`),
  ];
}

/** One event is one text, however often it comes. */
function differing({ internet }: World): string[] {
  const texts = Map.groupBy(internet.subscribers.told, ({ id }) => id);
  return [...texts]
    .filter(([, copies]) => new Set(copies.map(({ body }) => body)).size > 1)
    .map(([id]) => `${id} came as two texts`);
}
