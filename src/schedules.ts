import { auditInvariants, callToWaiting } from "./audit/index.ts";
import { productIndex } from "./catalog/index.ts";
import { controlTotals, expireCheckouts, reconcileStripe } from "./checkout/index.ts";
import { customerIndex, rotateSigningKeys, sealKeysAgain } from "./identity/index.ts";
import { expireReservations } from "./inventory/index.ts";
import { orderIndex } from "./orders/index.ts";
import { purgeIdempotencyKeys } from "./platform/idempotency/purge.ts";
import { relayOutbox } from "./platform/outbox/relay.ts";
import { fillIndex } from "./platform/search/fill-index.ts";
import { finishForgetting } from "./privacy/index.ts";
import { countStock, keepShopTime } from "./reports/index.ts";
import { purge } from "./retention/index.ts";
import { type AppContext, costOf, createContext, type Services } from "./services.ts";
import { pauseDeadEndpoints, relayDeliveries, sealSecretsAgain } from "./subscribers/index.ts";
import { relayEvents } from "./webhooks/index.ts";

type Task = (ctx: AppContext) => Promise<Record<string, number>>;

/** Cron expression to what it does; the same expressions stand in wrangler.toml. Each task may overlap, be missed and be repeated. */
export const schedules: Readonly<Record<string, Readonly<Record<string, Task>>>> = {
  "* * * * *": {
    expire_reservations: expireReservations,
    expire_checkouts: expireCheckouts,
    relay_webhook_events: relayEvents,
    relay_outbox: relayOutbox,
    relay_deliveries: relayDeliveries,
    fill_index: (ctx) => fillIndex(ctx, [productIndex, orderIndex, customerIndex]),
  },
  "*/5 * * * *": {
    reconcile_stripe: (ctx) => reconcileStripe(ctx),
    keep_shop_time: keepShopTime,
    rotate_signing_keys: rotateSigningKeys,
    seal_signing_keys_again: sealKeysAgain,
    seal_webhook_secrets_again: sealSecretsAgain,
    pause_dead_endpoints: pauseDeadEndpoints,
    purge_idempotency_keys: purgeIdempotencyKeys,
    finish_forgetting: finishForgetting,
    purge,
  },
  "7 * * * *": {
    audit_invariants: auditInvariants,
    call_to_waiting: callToWaiting,
    control_totals: controlTotals,
    count_stock: countStock,
  },
};

/** Runs every task of an expression, side by side: one that fails or is slow does not keep the others from running. */
export async function runSchedule(
  cron: string,
  services: Services,
  later: (work: Promise<unknown>) => void,
): Promise<void> {
  const tasks = Object.entries(schedules[cron] ?? {});
  await Promise.all(
    tasks.map(async ([name, task]) => {
      const ctx = createContext(services, {
        requestId: `cron_${crypto.randomUUID()}`,
        actor: { kind: "system", label: "system", address: "" },
        later,
        log: { event: "cron", cron, task: name },
      });
      const started = services.now();
      try {
        ctx.log.set(await task(ctx));
      } catch (error) {
        ctx.log.raise("error");
        ctx.log.set({ error });
      }
      ctx.log.emit({ ms: services.now() - started, trips: costOf(ctx).trips });
    }),
  );
}
