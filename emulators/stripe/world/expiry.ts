import { emit } from "./events.ts";
import type { SessionRecord } from "./objects.ts";
import type { Account } from "./state.ts";
import { type Scope, unasked, type World } from "./world.ts";

/** Ends an open session, and the payment that was begun in it. */
export function expireSession(scope: Scope, record: SessionRecord): void {
  const { session } = record;
  session.status = "expired";
  session.url = null;
  scope.account.openSessions.delete(session.id);
  cancelPayment(scope, session.payment_intent);
  emit(scope, "checkout.session.expired", session);
}

function cancelPayment(scope: Scope, paymentIntentId: string | null): void {
  const intent =
    paymentIntentId === null ? undefined : scope.account.paymentIntents.get(paymentIntentId);
  if (intent === undefined) return;
  intent.status = "canceled";
  intent.canceled_at = scope.world.seconds();
  intent.cancellation_reason = "expired";
  emit(scope, "payment_intent.canceled", intent);
}

/** Expires every session whose time has come on the emulator's clock. */
export function expireDueSessions(world: World): void {
  const now = world.seconds();
  for (const account of world.state.accounts.values()) {
    for (const id of dueSessions(account, now)) {
      const record = account.sessions.get(id);
      if (record !== undefined) expireSession(unasked(world, account), record);
    }
  }
}

function dueSessions(account: Account, now: number): string[] {
  const due: string[] = [];
  for (const [id, expiresAt] of account.openSessions) if (expiresAt <= now) due.push(id);
  return due;
}
