import * as z from "zod";
import { lineName, type Product } from "../../catalog/index.ts";
import {
  createReservation,
  type Item,
  isStillHeld,
  type Reservation,
} from "../../inventory/index.ts";
import { AppError, type ErrorCode, STATUS_OF } from "../../platform/errors.ts";
import { readKey } from "../../platform/idempotency/key-use.ts";
import { type Performed, performOnce } from "../../platform/idempotency/perform.ts";
import { requirePerson, TURNSTILE_FIELD } from "../../platform/turnstile.ts";
import type { PageContext } from "../context.ts";
import type { FieldErrors, Form } from "../form.ts";
import { formatTime } from "../visitor.ts";

const MAX_QUANTITY = 10_000;
const FORM_KEY = /^[\w-]{8,64}$/;
const FIRST_HOLD = "first";

/** What the form holds, as it was typed. */
export interface Choice {
  readonly variant: string;
  readonly quantity: string;
}

/** The form could not be followed: what to say by which field, and the code whose status the answer has. */
export interface NotReserved {
  readonly code: ErrorCode;
  readonly errors: FieldErrors;
}

export type Reserved = { readonly reservation: Reservation } | NotReserved;

export function readChoice(form: Form): Choice {
  return { variant: form.get("variant") ?? "", quantity: form.get("quantity") ?? "" };
}

/** Holds what was chosen. A form sent twice is one hold, because its key and its content are the same. */
export async function reserve(ctx: PageContext, product: Product, form: Form): Promise<Reserved> {
  const read = readItem(product, readChoice(form));
  if ("errors" in read) return read;
  const sent = form.get("key") ?? "";
  const formKey = FORM_KEY.test(sent) ? sent : crypto.randomUUID();
  try {
    const token = form.get(TURNSTILE_FIELD);
    return { reservation: await holdOnce(ctx, formKey, { ...read, token }) };
  } catch (error) {
    const refused = error instanceof AppError ? explain(error, product, read.item) : undefined;
    if (refused === undefined) throw error;
    return refused;
  }
}

/** Digits alone: `1e0` and `0x2` are numbers to a program. */
const quantitySchema = z
  .string()
  .trim()
  .regex(/^[1-9]\d{0,4}$/)
  .transform(Number)
  .pipe(z.int().max(MAX_QUANTITY));

function readItem(product: Product, choice: Choice): { readonly item: Item } | NotReserved {
  const errors: Record<string, string> = {};
  if (!product.variants.some(({ sku }) => sku === choice.variant)) {
    errors["variant"] = choice.variant === "" ? "Choose one first." : "Choose one of these.";
  }
  const quantity = quantitySchema.safeParse(choice.quantity);
  if (!quantity.success) errors["quantity"] = "Enter how many, as a number from 1.";
  if (!quantity.success || "variant" in errors) return { code: "VALIDATION_FAILED", errors };
  return { item: { sku: choice.variant, quantity: quantity.data } };
}

/** Somebody who comes back to the form after the hold it made has ended wants a new one. */
async function holdOnce(ctx: PageContext, formKey: string, wish: Wish): Promise<Reservation> {
  const { body, replayed } = await hold(ctx, `${formKey}:${FIRST_HOLD}`, wish);
  if (!replayed) return body.data;
  if (await isStillHeld(ctx, body.data)) return body.data;
  return (await hold(ctx, `${formKey}:${body.data.id}`, wish)).body.data;
}

interface Wish {
  readonly item: Item;
  /** What the check for a person has given, where there is one. */
  readonly token: string | undefined;
}

async function hold(
  ctx: PageContext,
  formKey: string,
  { item, token }: Wish,
): Promise<Performed<Reservation>> {
  const input = { items: [item] };
  const use = await readKey(ctx, {
    // What was chosen is part of the key: another choice on the same page is another wish, not a mistake.
    header: `${formKey}:${item.quantity}:${item.sku}`,
    route: "POST /products/{slug}",
    input,
  });
  return performOnce(ctx, use, async () => {
    await requirePerson(ctx, { token: token === "" ? undefined : token, key: formKey });
    return createReservation(ctx, input);
  });
}

const shortages = z.array(z.object({ sku: z.string(), available: z.int() }));

function explain(error: AppError, product: Product, item: Item): NotReserved | undefined {
  const { code } = error;
  if (code === "INSUFFICIENT_STOCK") {
    const short = shortages.safeParse(error.extras.details);
    const left = short.data?.find(({ sku }) => sku === item.sku)?.available ?? 0;
    const title = product.variants.find(({ sku }) => sku === item.sku)?.title ?? "This one";
    if (left > 0) return { code, errors: { quantity: onlyLeft(left, item.quantity) } };
    return {
      code,
      errors: {
        variant: `“${title}” has just gone: none is left. What others reserve and do not buy comes back within 15 minutes.`,
      },
    };
  }
  if (code === "NOT_ON_SALE") return { code, errors: { variant: notNow(product, error) } };
  if (code === "BUSINESS_RULE_VIOLATION")
    return { code, errors: { quantity: byTitle(error.message, product, item) } };
  if (STATUS_OF[code] !== STATUS_OF.VALIDATION_FAILED) return undefined;
  if (error.extras.fields?.["turnstileToken"] !== undefined)
    return {
      code,
      errors: { turnstile: "Please do the check below once more, and then reserve." },
    };
  return { code, errors: { variant: "This one is no longer for sale." } };
}

/** When it can be reserved, as far as the page's own product says so. */
function notNow({ opensAt, closesAt }: Product, { message }: AppError): string {
  const times = [opensAt, closesAt].filter((time) => time !== null);
  return times.reduce((words, time) => words.replace(time, formatTime(time, "UTC", true)), message);
}

/** Shoppers know titles, and no SKUs. */
function byTitle(message: string, product: Product, { sku }: Item): string {
  const variant = product.variants.find((one) => one.sku === sku);
  if (variant === undefined) return message;
  const name = lineName({ title: product.title, variantTitle: variant.title });
  return message.replace(` of ${sku}`, () => ` of “${name}”`);
}

function onlyLeft(left: number, asked: number): string {
  return `Only ${left} ${left === 1 ? "is" : "are"} left, and you asked for ${asked}. Enter ${left} or fewer.`;
}
