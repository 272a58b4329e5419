import { formatMoney } from "../protocol/money.ts";
import { isEmail } from "../protocol/values.ts";
import type { SessionRecord } from "../world/objects.ts";
import type { PaymentInput } from "../world/payments.ts";
import { chosenShipping } from "../world/session-totals.ts";
import { type Html, html, nothing } from "./html.ts";

/** What the payer sees again after a mistake. */
export interface PayFormState {
  error?: string;
  entered?: URLSearchParams;
}

interface Field {
  name: string;
  label: string;
  autocomplete: string;
}

const ADDRESS: (Field & { name: "name" | "line1" | "postal_code" | "city" })[] = [
  { name: "name", label: "Full name", autocomplete: "shipping name" },
  { name: "line1", label: "Address", autocomplete: "shipping address-line1" },
  { name: "postal_code", label: "Postal code", autocomplete: "shipping postal-code" },
  { name: "city", label: "City", autocomplete: "shipping address-level2" },
];

function countriesOf({ session }: SessionRecord): readonly string[] {
  return session.shipping_address_collection?.allowed_countries ?? [];
}

function read(form: URLSearchParams, name: string): string {
  return form.get(name)?.trim() ?? "";
}

/** The fields that a payer fills in: the email, and the address when the shop asks for it. */
export function payFields(record: SessionRecord, { error, entered }: PayFormState): Html {
  const form = entered ?? new URLSearchParams();
  const email = form.get("email") ?? record.session.customer_email ?? "";
  const describedBy = error === undefined ? nothing : html` aria-describedby="error"`;
  const address = ADDRESS.map((field) => textField(field, read(form, field.name)));
  return html`<div class="field"><label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${email}"${describedBy}></div>
${countriesOf(record).length === 0 ? nothing : [...address, countryField(record, read(form, "country"))]}`;
}

function textField({ name, label, autocomplete }: Field, value: string): Html {
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" autocomplete="${autocomplete}" required value="${value}"></div>`;
}

function countryField(record: SessionRecord, chosen: string): Html {
  const names = new Intl.DisplayNames("en", { type: "region" });
  const options = countriesOf(record).map(
    (code) =>
      html`<option value="${code}"${code === chosen ? html` selected` : nothing}>${names.of(code) ?? code}</option>`,
  );
  return html`<div class="field"><label for="country">Country</label>
<select id="country" name="country" autocomplete="shipping country">${options}</select></div>`;
}

/** One button for each way of shipping; a press counts the totals anew. */
export function shippingChoice(record: SessionRecord): Html {
  const { session, shippingRates } = record;
  if (shippingRates.length < 2) return nothing;
  const chosen = chosenShipping(record);
  const buttons = shippingRates.map((rate, index) => {
    const { amount, currency } = rate.fixed_amount ?? { amount: 0, currency: "usd" };
    const price = amount === 0 ? "Free" : formatMoney(amount, currency);
    const pressed = rate.id === chosen?.id ? "true" : "false";
    return html`<button name="option" value="${index}" aria-pressed="${pressed}">${rate.display_name ?? "Shipping"} · ${price}</button>`;
  });
  return html`<form method="post" action="/pay/${session.id}" class="card" aria-label="Shipping">
<input type="hidden" name="action" value="shipping">${buttons}</form>`;
}

/** What is wrong with the form, in words for the payer. */
export function problemWith(record: SessionRecord, form: URLSearchParams): string | undefined {
  const email = read(form, "email");
  if (email === "" && record.session.customer_email === null) {
    return "Please enter your email address.";
  }
  if (email !== "" && !isEmail(email)) return "This is not an email address.";
  const countries = countriesOf(record);
  if (countries.length === 0) return undefined;
  const missing = ADDRESS.find(({ name }) => read(form, name) === "");
  if (missing !== undefined) return `Please enter: ${missing.label}.`;
  const ships = countries.includes(read(form, "country"));
  return ships ? undefined : "The shop does not ship to that country.";
}

/** A form in which nothing is wrong, as the payment's input. */
export function enteredIn(record: SessionRecord, form: URLSearchParams): PaymentInput {
  const email = read(form, "email");
  const input: PaymentInput = email === "" ? {} : { email };
  if (countriesOf(record).length === 0) return input;
  const fields = [...ADDRESS.map(({ name }) => name), "country"];
  const shippingAddress = Object.fromEntries(fields.map((name) => [name, read(form, name)]));
  return { ...input, shippingAddress };
}
