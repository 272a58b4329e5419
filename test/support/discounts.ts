import { asAdmin } from "./people.ts";
import { type Bought, checkOut, makeSku, reserve } from "./shop.ts";

let made = 0;

export interface MadeDiscount {
  readonly id: string;
  readonly code: string;
  readonly uses: number;
}

/** A code as an admin makes it: ten percent, unless said otherwise. */
export async function makeDiscount(body: object = {}): Promise<MadeDiscount> {
  made += 1;
  const code = `CODE-${made}`;
  const ten = "kind" in body ? {} : { kind: "percentage", percentOff: 10 };
  const answer = await asAdmin("POST", "/api/v1/discounts", { body: { code, ...ten, ...body } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data;
}

/** The code as it is now. */
export async function discount({ id }: Pick<MadeDiscount, "id">) {
  return (await asAdmin("GET", `/api/v1/discounts/${id}`)).body.data;
}

export const usesOf = async (made: Pick<MadeDiscount, "id">) => (await discount(made)).uses;

/** To the payment page with a code; the hold can be given back. */
export async function withCode(code: string, price = 2500): Promise<Bought> {
  const sku = await makeSku(5, { amount: price, currency: "USD" });
  const hold = await reserve([{ sku, quantity: 1 }]);
  const reservationId: string = hold.body.data.id;
  const { status, text, body } = await checkOut({ reservationId, discountCode: code });
  if (status !== 201) throw new Error(text);
  return { sku, reservationId, ...body.data };
}

export const HALF = { kind: "percentage", percentOff: 50 };

const TOO_LITTLE =
  "This code would leave too little to pay. Choose something more, or leave the code out.";
/** The refusal of a code that leaves less than Stripe takes. */
export const REFUSED = {
  code: "BUSINESS_RULE_VIOLATION",
  message:
    "This cannot be paid: The Checkout Session's total amount due must add up to at least $0.50 usd",
  fields: { discountCode: TOO_LITTLE },
};

/** Goods for 60 cents, of which half is less than Stripe takes. */
export async function holdForCents(): Promise<{ sku: string; reservationId: string }> {
  const sku = await makeSku(5, { amount: 60, currency: "USD" });
  const { body } = await reserve([{ sku, quantity: 1 }]);
  return { sku, reservationId: body.data.id };
}
