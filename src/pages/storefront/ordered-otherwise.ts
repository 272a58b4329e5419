import { discountCodeSchema } from "../../discounts/index.ts";
import { emailSchema } from "../../identity/index.ts";
import { needParcel, type StoredOrder } from "../../orders/index.ts";
import { asTyped } from "../../platform/spelling.ts";
import type { Form } from "../form.ts";
import { type CheckoutField, fieldsFor } from "./checkout-input.ts";

/**
 * The labels of the fields in which a form says something else than the order that its hold has already: from a second
 * tab, or after a step back. A field in which nothing is typed says nothing, but where the rest of an address is.
 */
export function orderedOtherwise(order: StoredOrder, form: Form): readonly string[] {
  const ships = needParcel(order.lines);
  const hasAddress = (form.get("line1") ?? "") !== "";
  return fieldsFor(ships)
    .filter((field) => {
      const typed = asKept(field, form.get(field.name) ?? "");
      // The country is chosen before anybody has chosen it.
      if (field.name === "country" && !hasAddress) return false;
      if (typed === "" && !(hasAddress && isExtra(field))) return false;
      return typed !== keptIn(order, field);
    })
    .map(({ label }) => label);
}

function isExtra({ name }: CheckoutField): boolean {
  return name === "line2" || name === "region";
}

/** As the order would keep what was typed. */
function asKept({ name }: CheckoutField, typed: string): string {
  if (name === "email") return emailSchema.safeParse(typed).data ?? typed;
  if (name === "discountCode")
    return discountCodeSchema.safeParse(asTyped(typed)).data ?? asTyped(typed);
  return typed;
}

function keptIn(order: StoredOrder, { name }: CheckoutField): string {
  if (name === "email") return order.email ?? "";
  if (name === "discountCode") return order.discountCode ?? "";
  return order.shippingAddress?.[name] ?? "";
}
