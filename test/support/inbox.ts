import { env } from "cloudflare:workers";
import { newId } from "../../src/platform/ids.ts";

/** An event of the inbox that was ignored long ago; answers its id. */
export async function storedEvent(type = "product.created"): Promise<string> {
  const id = newId("whe", Date.now());
  await env.DB.prepare(
    "INSERT INTO webhook_events (id, provider, event_id, type, payload, status, attempts, received_at, processed_at) VALUES (?, 'stripe', ?, ?, '{}', 'ignored', 1, ?, ?)",
  )
    .bind(id, `evt_${id}`, type, Date.now(), Date.now())
    .run();
  return id;
}

/**
 * A promise that no retry could keep, of a kind that does nothing when it is kept after all; answers its id. It counts no
 * attempt, so that `settle` waits for it once it is revived.
 */
export async function deadPromise(): Promise<string> {
  const id = newId("obx", Date.now());
  await env.DB.prepare(
    "INSERT INTO outbox (id, topic, payload, dedupe_key, status, attempts, last_error, created_at) VALUES (?, 'email_verified', '{}', ?, 'dead', 0, 'Error: gone', ?)",
  )
    .bind(id, `test:${id}`, Date.now())
    .run();
  return id;
}
