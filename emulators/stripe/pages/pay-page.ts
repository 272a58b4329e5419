import { formatMoney } from "../protocol/money.ts";
import type { LineItem, LineItemDisplay, Session, SessionRecord } from "../world/objects.ts";
import { delayedMethodOf } from "../world/payments.ts";
import { chosenShipping, quoted } from "../world/session-totals.ts";
import { taxPercentOf } from "../world/tax-place.ts";
import type { World } from "../world/world.ts";
import { type Html, html, nothing } from "./html.ts";
import { page } from "./layout.ts";
import { type PayFormState, payFields, shippingChoice } from "./pay-form.ts";

/** The page that `session.url` names, with the totals that a payment now would have. */
export function payPage(world: World, record: SessionRecord, state: PayFormState = {}): Response {
  const { session } = record;
  const open = session.status === "open";
  const shown = open ? quoted(record, taxPercentOf(world, record)) : record;
  const { error } = state;
  const content = html`<h1>${headline(shown.session)}</h1>
${error === undefined ? nothing : html`<p class="error" role="alert" id="error">${error}</p>`}
${order(shown)}
${open ? html`${shippingChoice(record)}${forms(shown, state)}` : closed(session)}`;
  return page(content, {
    title: open ? "Payment" : `Payment ${session.status}`,
    formTargets: [session.success_url, session.cancel_url ?? session.success_url].map(originOf),
  });
}

function originOf(url: string): string {
  return new URL(url).origin;
}

function headline(session: Session): string {
  const total = formatMoney(session.amount_total ?? 0, session.currency ?? "usd");
  if (session.status === "complete") return "This payment session is complete";
  if (session.status === "expired") return "This payment session has expired";
  return session.amount_total === 0 ? "Confirm your order" : `Pay ${total}`;
}

function order(record: SessionRecord): Html {
  const { session, lineItems, display } = record;
  const money = (amount: number) => formatMoney(amount, session.currency ?? "usd");
  const lines = lineItems.map((item, index) => line(item, display[index], money));
  const sums = sumsOf(record).map(
    ([name, amount]) =>
      html`<dt>${name}</dt><dd>${amount < 0 ? "−" : ""}${money(Math.abs(amount))}</dd>`,
  );
  return html`<section class="card" aria-label="Your order">
<ul class="items">${lines}</ul>
<dl class="sums">${sums}
<dt class="total">Total</dt><dd class="total">${money(session.amount_total ?? 0)}</dd>
</dl>
</section>`;
}

/** What stands between the lines and the total. */
function sumsOf(record: SessionRecord): [name: string, amount: number][] {
  const { session, lineItems } = record;
  const { shipping_cost: shipping, total_details: totals } = session;
  const discount = totals?.amount_discount ?? 0;
  const tax = totals?.amount_tax ?? 0;
  const parts = [...lineItems, ...(shipping === null ? [] : [shipping])];
  const untaxed = parts.reduce((sum, part) => sum + part.amount_subtotal, 0) - discount;
  const added = (session.amount_total ?? 0) - untaxed;
  const sums: [name: string, amount: number][] = [];
  if (discount > 0) sums.push(["Discount", -discount]);
  if (shipping !== null) {
    sums.push([chosenShipping(record)?.display_name ?? "Shipping", shipping.amount_subtotal]);
  }
  if (added > 0) sums.push(["Tax", added]);
  if (tax > added) sums.push(["Tax included", tax - added]);
  return sums;
}

function line(
  item: LineItem,
  display: LineItemDisplay | undefined,
  money: (amount: number) => string,
): Html {
  const image = display?.image ?? null;
  const description = display?.description ?? null;
  return html`<li>
${image === null ? nothing : html`<img src="${image}" alt="" width="48" height="48">`}
<div class="what"><strong>${item.description}</strong><br>
<span class="soft">${item.quantity} × ${money(item.price.unit_amount)}${description === null ? nothing : html` · ${description}`}</span></div>
<div class="amount">${money(item.amount_subtotal)}</div>
</li>`;
}

function forms(record: SessionRecord, state: PayFormState): Html {
  const { session } = record;
  const free = session.amount_total === 0;
  const later = !free && delayedMethodOf(record) !== undefined;
  const action = html`action="/pay/${session.id}"`;
  return html`<form method="post" ${action} class="card">
${payFields(record, state)}
<button class="primary" name="action" value="pay">${free ? "Confirm" : "Pay by card"}</button>
${later ? html`<button name="action" value="bank_transfer">Pay later by bank transfer</button>` : nothing}
</form>
${free ? nothing : otherOutcome(action, "decline", "Card declined")}
${session.cancel_url === null ? nothing : otherOutcome(action, "cancel", "Cancel")}
<p class="soft">Nothing here reaches a bank. The session ends
<time datetime="${isoTime(session.expires_at)}">${isoTime(session.expires_at)}</time>.</p>`;
}

function otherOutcome(action: Html, value: string, label: string): Html {
  return html`<form method="post" ${action}><button name="action" value="${value}">${label}</button></form>`;
}

function closed(session: Session): Html {
  if (session.status === "expired") {
    return html`<p>Nothing was charged. Go back to the shop to start again.</p>
${session.cancel_url === null ? nothing : html`<p><a href="${session.cancel_url}">Back to the shop</a></p>`}`;
  }
  const text =
    session.payment_status === "unpaid"
      ? "The bank transfer is on its way; the shop is told when it arrives."
      : "There is nothing left to pay.";
  return html`<p>${text}</p><p><a href="${successUrl(session)}">Back to the shop</a></p>`;
}

export function successUrl(session: Session): string {
  return session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id);
}

function isoTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
