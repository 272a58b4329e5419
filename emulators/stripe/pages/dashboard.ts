import { decimals, formatMoney } from "../protocol/money.ts";
import { type DisputeStep, stepsOf } from "../world/disputes.ts";
import type {
  Dispute,
  EventRecord,
  PaymentIntent,
  Refund,
  SessionRecord,
} from "../world/objects.ts";
import type { Account } from "../world/state.ts";
import type { World } from "../world/world.ts";
import { type Html, html, nothing } from "./html.ts";
import { page } from "./layout.ts";

const SHOWN = 25;

/** Everything that the shop's owner, the shopper's bank and the network can do, as buttons. */
export function dashboard(world: World, error?: string): Response {
  const accounts = [...world.state.accounts.values()];
  const content = html`<h1>Stripe emulator</h1>
${error === undefined ? nothing : html`<p class="error" role="alert">${error}</p>`}
<p class="soft">Clock: ${new Date(world.now()).toISOString()}${world.state.heldClock === null ? "" : " (held)"} ·
deliveries waiting: ${world.state.deliveries.length} ·
webhook: ${world.options.webhookUrl ?? "none, events wait to be taken"}</p>
<h2>Payments</h2>${orNone(newest(accounts, (account) => account.paymentIntents, paymentCard))}
<h2>Checkout sessions</h2>${orNone(newest(accounts, (account) => account.sessions, sessionCard))}
<h2>Events</h2>${orNone(newest(accounts, (account) => account.events, eventCard))}`;
  return page(content, {
    title: "Dashboard",
    wide: true,
    ...(error === undefined ? {} : { status: 409 }),
  });
}

function newest<T>(
  accounts: Account[],
  collection: (account: Account) => Map<string, T>,
  card: (account: Account, item: T) => Html,
): Html[] {
  return accounts.flatMap((account) =>
    [...collection(account).values()]
      .slice(-SHOWN)
      .reverse()
      .map((item) => card(account, item)),
  );
}

function orNone(cards: Html[]): Html | Html[] {
  return cards.length === 0 ? html`<p class="soft">None yet.</p>` : cards;
}

function button(path: string, label: string, subject: string): Html {
  return html`<form method="post" action="${path}"><button aria-label="${label}: ${subject}">${label}</button></form>`;
}

function sessionCard(_account: Account, { session }: SessionRecord): Html {
  const path = `/dashboard/sessions/${session.id}`;
  return html`<article class="card row"><dl class="facts">
<dt>Session</dt><dd><code>${session.id}</code></dd>
<dt>Status</dt><dd>${session.status} · ${session.payment_status}</dd>
<dt>Total</dt><dd>${formatMoney(session.amount_total ?? 0, session.currency ?? "usd")}</dd>
<dt>Reference</dt><dd>${session.client_reference_id ?? "—"}</dd>
</dl>${
    session.status === "open"
      ? html`<div class="buttons"><a href="/pay/${session.id}">Payment page</a>${button(`${path}/expire`, "Expire", session.id)}</div>`
      : nothing
  }</article>`;
}

function paymentCard(account: Account, intent: PaymentIntent): Html {
  const charge = account.charges.get(intent.latest_charge ?? "");
  const refunds = [...account.refunds.values()].filter((it) => it.payment_intent === intent.id);
  const disputes = [...account.disputes.values()].filter((it) => it.payment_intent === intent.id);
  const left = (charge?.amount_captured ?? 0) - (charge?.amount_refunded ?? 0);
  return html`<article class="card"><dl class="facts">
<dt>Payment</dt><dd><code>${intent.id}</code></dd>
<dt>Status</dt><dd>${intent.status}</dd>
<dt>Amount</dt><dd>${formatMoney(intent.amount, intent.currency)}${(charge?.amount_refunded ?? 0) === 0 ? "" : `, ${formatMoney(left, intent.currency)} not refunded`}</dd>
</dl>
<div class="buttons">${paymentButtons(intent, { left, disputes })}</div>
${refunds.map(refundLine)}</article>`;
}

function paymentButtons(
  intent: PaymentIntent,
  { left, disputes }: { left: number; disputes: Dispute[] },
): Html[] {
  const path = `/dashboard/payments/${intent.id}`;
  if (intent.status === "processing") {
    return [
      button(`${path}/settle/succeeded`, "Bank transfer arrived", intent.id),
      button(`${path}/settle/failed`, "Bank transfer failed", intent.id),
    ];
  }
  if (intent.status !== "succeeded") return [];
  const dispute = disputes.at(-1);
  return [...disputeButtons(path, dispute), ...(left > 0 ? [refundForm(intent, left)] : [])];
}

const STEP_LABELS: Record<DisputeStep, string> = {
  opened: "Dispute",
  under_review: "Evidence sent",
  won: "Dispute won",
  lost: "Dispute lost",
  warning_needs_response: "Inquiry",
  warning_under_review: "Inquiry answered",
  warning_closed: "Inquiry closed",
};

function disputeButtons(path: string, dispute: Dispute | undefined): Html[] {
  const buttons = stepsOf(dispute).map((step) =>
    button(`${path}/dispute/${step}`, STEP_LABELS[step], dispute?.id ?? path),
  );
  if (dispute === undefined) return buttons;
  return [html`<span>Dispute: ${dispute.status}</span>`, ...buttons];
}

function refundForm(intent: PaymentIntent, left: number): Html {
  const places = decimals(intent.currency);
  const value = (left / 10 ** places).toFixed(places);
  const id = `amount-${intent.id}`;
  return html`<form method="post" action="/dashboard/payments/${intent.id}/refund">
<div><label for="${id}">Refund, ${intent.currency.toUpperCase()}</label>
<input id="${id}" name="amount" inputmode="decimal" value="${value}"></div>
<button>Refund</button></form>`;
}

function refundLine(refund: Refund): Html {
  const path = `/dashboard/refunds/${refund.id}`;
  return html`<div class="buttons"><span>Refund ${formatMoney(refund.amount, refund.currency)}: ${refund.status} <code>${refund.id}</code></span>
${refund.status === "pending" ? button(`${path}/succeed`, "Refund arrived", refund.id) : nothing}
${refund.status === "failed" ? nothing : button(`${path}/fail`, "Refund fails", refund.id)}</div>`;
}

function eventCard(_account: Account, record: EventRecord): Html {
  const { event, deliveredAt, attempts, lastOutcome } = record;
  const state = deliveredAt === null ? "not delivered" : "delivered";
  return html`<article class="card row"><dl class="facts">
<dt>Event</dt><dd><strong>${event.type}</strong> <code>${event.id}</code></dd>
<dt>Created</dt><dd>${new Date(event.created * 1000).toISOString()}</dd>
<dt>Delivery</dt><dd>${state} · attempts: ${attempts} · ${lastOutcome ?? "waiting"}</dd>
</dl><div class="buttons">${button(`/dashboard/events/${event.id}/resend`, "Resend", event.id)}</div></article>`;
}
