import {
  createExecutionContext,
  createMessageBatch,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";
import { rows } from "./world.ts";

/** Delivers the messages of these promises once more, as a queue may. */
export async function deliver(topic: string): Promise<void> {
  const found = await rows<{ id: string }>("SELECT id FROM outbox WHERE topic = ?", topic);
  const messages = found.map(({ id }) => ({
    id: crypto.randomUUID(),
    timestamp: new Date(),
    attempts: 1,
    body: { type: "outbox", id, requestId: "req_again" },
  }));
  const execution = createExecutionContext();
  await worker.queue(createMessageBatch("holdfast-jobs", messages), env, execution);
  await waitOnExecutionContext(execution);
}
