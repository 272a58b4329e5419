import { formatMoney } from "../protocol/money.ts";
import type { LineItem, LineItemDisplay, Session, SessionRecord } from "../world/objects.ts";
import { delayedMethodOf } from "../world/payments.ts";
import { type Html, html, nothing } from "./html.ts";
import { page } from "./layout.ts";

export interface PayPageState {
  error?: string;
  email?: string;
}

/** The page that `session.url` names. */
export function payPage(record: SessionRecord, { error, email }: PayPageState = {}): Response {
  const { session } = record;
  const title = session.status === "open" ? "Payment" : `Payment ${session.status}`;
  const content = html`<h1>${headline(session)}</h1>
${error === undefined ? nothing : html`<p class="error" role="alert" id="error">${error}</p>`}
${order(record)}
${session.status === "open" ? forms(record, email ?? session.customer_email ?? "", error) : closed(session)}`;
  return page(content, {
    title,
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

function order({ session, lineItems, display, shippingRates }: SessionRecord): Html {
  const money = (amount: number) => formatMoney(amount, session.currency ?? "usd");
  const { amount_discount = 0 } = session.total_details ?? {};
  const shipping = shippingRates[0];
  return html`<section class="card" aria-label="Your order">
<ul class="items">${lineItems.map((item, index) => line(item, display[index], money))}</ul>
<dl class="sums">
${amount_discount > 0 ? html`<dt>Discount</dt><dd>−${money(amount_discount)}</dd>` : nothing}
${
  shipping === undefined
    ? nothing
    : html`<dt>${shipping.display_name ?? "Shipping"}</dt><dd>${money(session.shipping_cost?.amount_total ?? 0)}</dd>`
}
<dt class="total">Total</dt><dd class="total">${money(session.amount_total ?? 0)}</dd>
</dl>
</section>`;
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

function forms(record: SessionRecord, email: string, error: string | undefined): Html {
  const { session } = record;
  const free = session.amount_total === 0;
  const describedBy = error === undefined ? nothing : html` aria-describedby="error"`;
  const action = html`action="/pay/${session.id}"`;
  return html`<form method="post" ${action} class="card">
${emailField("email", email, describedBy)}
<button class="primary" name="action" value="pay">${free ? "Confirm" : "Pay by card"}</button>
</form>
${free ? nothing : otherOutcome(action, "decline", "Card declined")}
${
  free || delayedMethodOf(record) === undefined
    ? nothing
    : html`<form method="post" ${action}>${session.customer_email === null ? emailField("transfer-email", email, nothing) : nothing}
<button name="action" value="bank_transfer">Pay later by bank transfer</button></form>`
}
${session.cancel_url === null ? nothing : otherOutcome(action, "cancel", "Cancel")}
<p class="soft">Nothing here reaches a bank. The session ends
<time datetime="${isoTime(session.expires_at)}">${isoTime(session.expires_at)}</time>.</p>`;
}

function emailField(id: string, email: string, describedBy: Html): Html {
  return html`<div class="field"><label for="${id}">Email</label>
<input id="${id}" name="email" type="email" autocomplete="email" required value="${email}"${describedBy}></div>`;
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
