import { env } from "cloudflare:workers";
import { runOnD1 } from "../simulation/world/database.ts";
import { puttingBack, readMoment } from "../simulation/world/moment.ts";
import type { Sold } from "./after-sale.ts";
import { mailTo } from "./mailbox.ts";
import { asAdmin } from "./people.ts";
import { checkOut } from "./shop.ts";
import { deliverAll, stripe } from "./stripe.ts";
import { rows, settle } from "./world.ts";

const run = runOnD1(env.DB);

/**
 * Takes the database as it is, and answers how to put it back to this moment, as D1's Time Travel does: every row of
 * then, and none of what came after, whatever the triggers say.
 */
export async function takeMoment(): Promise<() => Promise<void>> {
  await settle();
  const moment = await readMoment(run);
  return async () => {
    await run(await puttingBack(run, moment));
  };
}

interface Bought extends Sold {
  readonly sku: string;
  readonly orderNumber: number;
}

/** One order of a SKU, paid, with the shop told. */
export async function buy(sku: string, checkout: object = {}, how: object = {}): Promise<Bought> {
  const { status, text, body } = await checkOut({ items: [{ sku, quantity: 1 }], ...checkout });
  if (status !== 201) throw new Error(text);
  const { payment_intent: payment } = await stripe.pay(body.data.paymentUrl, how);
  await deliverAll();
  await settle();
  return { ...body.data, payment, skus: [sku], sku };
}

export const OPERATORS = "operators@holdfast.test";
/** What the operators were told, by the subjects of their mails. */
export const calls = async () => (await mailTo(OPERATORS)).map(({ subject }) => subject);

/** Has every event tried again that could not have its effect yet, as it is by itself at its next try. */
export async function replayFailed(): Promise<void> {
  const failed = await rows<{ id: string }>(
    "SELECT id FROM webhook_events WHERE status = 'failed'",
  );
  for (const { id } of failed) await asAdmin("POST", `/api/v1/webhook-events/${id}/replay`);
  await settle();
}
