import type { startCheckout } from "../../checkout/index.ts";
import { discountCodeSchema } from "../../discounts/index.ts";
import { emailSchema } from "../../identity/index.ts";
import {
  type Address,
  needParcel,
  newAddressSchema,
  type StoredOrder,
} from "../../orders/index.ts";
import type { Config } from "../../platform/config.ts";
import { deliveredTo } from "../../platform/countries.ts";
import { MAX_EMAIL_CHARS } from "../../platform/email.ts";
import { asTyped } from "../../platform/spelling.ts";
import type { FieldErrors, Form } from "../form.ts";

type NewCheckout = Parameters<typeof startCheckout>[2];

/** A field of the checkout form, in the order in which people are asked. */
export interface CheckoutField {
  readonly name: "email" | keyof Address | "discountCode";
  readonly label: string;
  readonly autocomplete: string;
  readonly maxLength: number;
  readonly optional?: boolean;
  readonly missing: string;
}

const CHECKOUT_FIELDS: readonly CheckoutField[] = [
  {
    name: "email",
    label: "Email",
    autocomplete: "email",
    maxLength: MAX_EMAIL_CHARS,
    missing: "Enter your email address: the receipt goes there.",
  },
  {
    name: "name",
    label: "Full name",
    autocomplete: "shipping name",
    maxLength: 200,
    missing: "Enter the name of the person it goes to.",
  },
  {
    name: "line1",
    label: "Address",
    autocomplete: "shipping address-line1",
    maxLength: 200,
    missing: "Enter the street and house number.",
  },
  {
    name: "line2",
    label: "Apartment, floor, company",
    autocomplete: "shipping address-line2",
    maxLength: 200,
    optional: true,
    missing: "",
  },
  {
    name: "postalCode",
    label: "Postal code",
    autocomplete: "shipping postal-code",
    maxLength: 20,
    missing: "Enter the postal code.",
  },
  {
    name: "city",
    label: "City",
    autocomplete: "shipping address-level2",
    maxLength: 100,
    missing: "Enter the city.",
  },
  {
    name: "region",
    label: "State or region",
    autocomplete: "shipping address-level1",
    maxLength: 100,
    optional: true,
    missing: "",
  },
  {
    name: "country",
    label: "Country",
    autocomplete: "shipping country",
    maxLength: 2,
    missing: "Choose a country.",
  },
  {
    name: "discountCode",
    label: "Discount code",
    autocomplete: "off",
    maxLength: 50,
    optional: true,
    missing: "",
  },
];

/** Who is sent nothing is asked for no address. */
export function fieldsFor(ships: boolean): readonly CheckoutField[] {
  return ships ? CHECKOUT_FIELDS : CHECKOUT_FIELDS.filter(({ name }) => !isOfAddress(name));
}

function isOfAddress(name: CheckoutField["name"]): boolean {
  return name !== "email" && name !== "discountCode";
}

interface Who {
  readonly email: string;
  /** Undefined where nothing is sent. */
  readonly address: Address | undefined;
  readonly discountCode: string | undefined;
}

export type CheckoutForm = Who | { readonly errors: FieldErrors };

/** Reads the form by the rules of the API, and says what is wrong in the words of a shop. `ships`: something is sent. */
export function readCheckoutForm({ terms }: Config, form: Form, ships: boolean): CheckoutForm {
  const errors: Record<string, string> = {};
  for (const field of fieldsFor(ships)) {
    const value = form.get(field.name) ?? "";
    if (value === "" && field.optional !== true) errors[field.name] = field.missing;
    if (value.length > field.maxLength)
      errors[field.name] = `Use at most ${field.maxLength} characters.`;
  }
  const country = form.get("country") ?? "";
  if (ships && !deliveredTo(terms.countries).some(({ code }) => code === country))
    errors["country"] ??= "Choose a country of the list.";
  const mail = emailSchema.safeParse(form.get("email"));
  if (!mail.success) errors["email"] ??= "Enter an email address such as ada@example.com.";
  const typedCode = asTyped(form.get("discountCode") ?? "");
  const code = discountCodeSchema.optional().safeParse(typedCode || undefined);
  if (!code.success) errors["discountCode"] ??= "Check the code: it has letters and digits.";
  const address = newAddressSchema.optional().safeParse(ships ? addressFrom(form) : undefined);
  for (const issue of address.error?.issues ?? []) {
    errors[String(issue.path[0] ?? "name")] ??= "Please check this.";
  }
  const right = mail.success && address.success && code.success;
  if (right && Object.keys(errors).length === 0) {
    return { email: mail.data, address: address.data, discountCode: code.data };
  }
  return { errors: inOrder(errors) };
}

/** What the API says of a field, at the form's. */
export function errorsOfForm(fields: Readonly<Record<string, string>>): FieldErrors {
  const named = Object.entries(fields).map(([path, sentence]) => [
    path.replace(/^shippingAddress\./, ""),
    sentence,
  ]);
  return inOrder(Object.fromEntries(named));
}

/** In the order of the form, so that the list of problems leads down the page. */
function inOrder(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(
    CHECKOUT_FIELDS.flatMap(({ name }) => {
      const sentence = errors[name];
      return sentence === undefined ? [] : [[name, sentence]];
    }),
  );
}

function addressFrom(form: Form): Record<string, string> {
  const names = Object.keys(newAddressSchema.shape);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = form.get(name) ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}

/** What the shop's own checkout asks for: Stripe leads back to the hold, which knows its order by then. */
export function checkoutInput(config: Config, reservationId: string, who: Who): NewCheckout {
  const hold = `${config.publicUrl}/reservations/${reservationId}`;
  return {
    reservationId,
    email: who.email,
    ...(who.address === undefined ? {} : { shippingAddress: who.address }),
    ...(who.discountCode === undefined ? {} : { discountCode: who.discountCode }),
    successUrl: `${hold}/order`,
    cancelUrl: hold,
  };
}

/** The same once more, from the order that it made; undefined when the order was not made here. */
export function checkoutInputAgain(config: Config, order: StoredOrder): NewCheckout | undefined {
  const { email, discountCode } = order;
  const address = order.shippingAddress ?? undefined;
  const ships = needParcel(order.lines);
  if (email === null || (ships && address === undefined)) return undefined;
  const who = { email, address, discountCode: discountCode ?? undefined };
  return checkoutInput(config, order.reservationId, who);
}
