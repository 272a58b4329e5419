import { invalid } from "../protocol/problem.ts";
import { findShippingRate } from "../world/checkout.ts";
import type { Account } from "../world/state.ts";

export type ExpandableName =
  | "checkout.session"
  | "payment_intent"
  | "payment_method"
  | "charge"
  | "refund"
  | "dispute"
  | "coupon"
  | "customer"
  | "event"
  | "balance_transaction"
  | "item"
  | "shipping_rate"
  | "shipping_cost";

type Find = (account: Account, owner: { id: string; reference: unknown }) => object | undefined;
interface Expansion {
  object: ExpandableName;
  find: Find;
}

const MAX_DEPTH = 4;

const paymentIntent = byId("payment_intent", (account) => account.paymentIntents);
const charge = byId("charge", (account) => account.charges);
const balance = byId("balance_transaction", (account) => account.balanceTransactions);

const EXPANSIONS: Record<ExpandableName, Record<string, Expansion>> = {
  "checkout.session": {
    payment_intent: paymentIntent,
    shipping_cost: { object: "shipping_cost", find: () => undefined },
    line_items: { object: "item", find: (account, { id }) => includedLineItems(account, id) },
  },
  payment_intent: {
    latest_charge: charge,
    payment_method: { object: "payment_method", find: paymentMethodOf },
  },
  payment_method: {},
  charge: {
    payment_intent: paymentIntent,
    balance_transaction: balance,
    refunds: { object: "refund", find: (account, { id }) => includedRefunds(account, id) },
  },
  refund: {
    charge,
    payment_intent: paymentIntent,
    balance_transaction: balance,
    failure_balance_transaction: balance,
  },
  dispute: { charge, payment_intent: paymentIntent },
  shipping_cost: {
    shipping_rate: {
      object: "shipping_rate",
      find: (account, { reference }) => findShippingRate(account, reference),
    },
  },
  shipping_rate: {},
  balance_transaction: {
    source: {
      object: "charge",
      find: ({ charges, refunds, disputes }, { reference }) =>
        typeof reference === "string"
          ? (charges.get(reference) ?? refunds.get(reference) ?? disputes.get(reference))
          : undefined,
    },
  },
  coupon: {},
  customer: {},
  event: {},
  item: {},
};

function byId(
  object: ExpandableName,
  collection: (account: Account) => Map<string, object>,
): Expansion {
  const find: Find = (account, { reference }) =>
    typeof reference === "string" ? collection(account).get(reference) : undefined;
  return { object, find };
}

/** What a payment was tried with, as far as its charge shows it. */
function paymentMethodOf(
  account: Account,
  { id, reference }: { id: string; reference: unknown },
): object | undefined {
  const charged = account.charges.get(account.paymentIntents.get(id)?.latest_charge ?? "");
  const type = charged?.payment_method_details?.type;
  if (reference === null || type === undefined) return undefined;
  const { created, billing_details } = charged ?? {};
  return {
    id: reference,
    object: "payment_method",
    type,
    created,
    billing_details,
    livemode: false,
  };
}

function includedLineItems(account: Account, sessionId: string): object {
  const data = account.sessions.get(sessionId)?.lineItems ?? [];
  const url = `/v1/checkout/sessions/${sessionId}/line_items`;
  return { object: "list", data: structuredClone(data), has_more: false, url };
}

function includedRefunds(account: Account, chargeId: string): object {
  const data = [...account.refunds.values()].filter((refund) => refund.charge === chargeId);
  const url = `/v1/charges/${chargeId}/refunds`;
  return { object: "list", data: structuredClone(data.reverse()), has_more: false, url };
}

/** @throws Problem when `field`, a dotted path, names nothing that can be expanded. */
export function refuseUnexpandable(
  answers: { object: ExpandableName; list?: boolean },
  field: string,
): void {
  const steps = field.split(".");
  if (answers.list === true && steps.shift() !== "data") throw unexpandable(field);
  if (steps.length === 0 || steps.length > MAX_DEPTH) throw unexpandable(field);
  let object = answers.object;
  for (const step of steps.filter((name) => name !== "data")) {
    const expansion = Object.hasOwn(EXPANSIONS[object], step)
      ? EXPANSIONS[object][step]
      : undefined;
    if (expansion === undefined) throw unexpandable(field);
    object = expansion.object;
  }
}

function unexpandable(field: string): Error {
  return invalid(`This property cannot be expanded (${field}).`, "expand");
}

/** A copy of `value` in which the named references are replaced by the objects they name. */
export function expanded(account: Account, value: object, fields: string[]): object {
  const copy: object = structuredClone(value);
  for (const field of fields) expandPath(account, { value: copy }, field.split("."));
  return copy;
}

/** `part` names a value that does not say itself what it is. */
function expandPath(
  account: Account,
  { value, part }: { value: unknown; part?: ExpandableName },
  steps: string[],
): void {
  const [step, ...rest] = steps;
  if (!isRecord(value) || step === undefined) return;
  if (step === "data") {
    if (Array.isArray(value.data)) {
      for (const item of value.data) expandPath(account, { value: item }, rest);
    }
    return;
  }
  const name = isExpandable(value.object) ? value.object : part;
  const expansion = name === undefined ? undefined : EXPANSIONS[name][step];
  if (expansion === undefined) return;
  const owner = { id: String(value.id), reference: value[step] };
  const found = isRecord(value[step]) ? value[step] : expansion.find(account, owner);
  if (found === undefined) return;
  const copy = isRecord(value[step]) ? found : structuredClone(found);
  value[step] = copy;
  expandPath(account, { value: copy, part: expansion.object }, rest);
}

interface WireObject {
  id?: unknown;
  object?: unknown;
  data?: unknown;
  [field: string]: unknown;
}

function isRecord(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null;
}

function isExpandable(name: unknown): name is ExpandableName {
  return typeof name === "string" && Object.hasOwn(EXPANSIONS, name);
}
