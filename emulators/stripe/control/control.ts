import { pathSegment } from "../protocol/form.ts";
import { LARGEST_AMOUNT } from "../protocol/money.ts";
import { Problem } from "../protocol/problem.ts";
import { isEmail } from "../protocol/values.ts";
import { eventOf, signed, takeDeliveries } from "../webhooks/deliveries.ts";
import { ADDRESS_FIELDS, type ShippingAddressInput } from "../world/checkout.ts";
import { DISPUTE_STEPS } from "../world/disputes.ts";
import { expireDueSessions } from "../world/expiry.ts";
import type { PaymentInput } from "../world/payments.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { actions } from "./actions.ts";
import {
  type Body,
  ControlError,
  choice,
  optionalNumber,
  optionalObject,
  optionalText,
  readBody,
  refuseUnknown,
} from "./body.ts";
import { setCardRefunds, setRules, setTax, setWebhookBehaviour } from "./settings.ts";

type Handler = (world: World, body: Body, id: string) => object | Promise<object>;

/** `METHOD path`, with `:id` for the one variable segment. */
const ROUTES: Record<string, Handler> = {
  "POST /reset": (world, body) => {
    refuseUnknown(body, ["seed"]);
    world.reset(optionalText(body, "seed"));
    return {};
  },
  "GET /requests": (world) => ({ requests: world.state.requests }),
  "POST /clock": setClock,
  "POST /sessions/:id/pay": (world, body, id) => {
    refuseUnknown(body, ["method", "amount", "currency", ...ENTERED]);
    const method = choice({ method: "card", ...body }, "method", ["card", "bank_transfer"]);
    return actions.pay(world, id, method, paymentInput(body));
  },
  "POST /sessions/:id/decline": (world, body, id) => {
    refuseUnknown(body, ENTERED);
    return actions.decline(world, id, paymentInput(body));
  },
  "POST /sessions/:id/expire": (world, _body, id) => actions.expire(world, id),
  "POST /payments/:id/settle": (world, body, id) =>
    actions.settle(world, id, choice(body, "outcome", ["succeeded", "failed"])),
  "POST /payments/:id/dispute": (world, body, id) => {
    refuseUnknown(body, ["status", "amount"]);
    const step = choice(body, "status", DISPUTE_STEPS);
    return actions.dispute(world, id, { step, amount: optionalNumber(body, "amount") });
  },
  "POST /payments/:id/refund": (world, body, id) => {
    refuseUnknown(body, ["amount"]);
    return actions.refund(world, id, optionalNumber(body, "amount"));
  },
  "POST /refunds/behaviour": setCardRefunds,
  "POST /refunds/:id/fail": (world, _body, id) => actions.refundOutcome(world, id, "fail"),
  "POST /refunds/:id/succeed": (world, _body, id) => actions.refundOutcome(world, id, "succeed"),
  "POST /tax": setTax,
  "POST /misbehave": setRules,
  "POST /webhooks/behaviour": setWebhookBehaviour,
  "GET /webhooks/pending": pendingDeliveries,
  "POST /webhooks/take": async (world, body) => {
    refuseUnknown(body, ["max"]);
    return { deliveries: await takeDeliveries(world, optionalNumber(body, "max") ?? Infinity) };
  },
  "POST /sessions/:id/break": (world, _body, id) => actions.breakSession(world, id),
  "POST /events/:id/break": (world, _body, id) => actions.breakEvent(world, id),
  "POST /events/:id/resend": (world, _body, id) => actions.resend(world, id),
};

const PREFIX = "/_emulator";

/** Answers the control API, which tests use to be everybody else: shopper, bank, network, clock. */
export async function handleControl(world: World, request: Request): Promise<Response> {
  try {
    const { handler, id } = findHandler(request);
    const body = request.method === "GET" ? {} : await readBody(request);
    const result = await handler(world, body, id);
    world.changed();
    return Response.json(result);
  } catch (error) {
    return Response.json({ error: { message: messageOf(error) } }, { status: statusOf(error) });
  }
}

function findHandler(request: Request): { handler: Handler; id: string } {
  const path = new URL(request.url).pathname.slice(PREFIX.length);
  const exact = ROUTES[`${request.method} ${path}`];
  if (exact !== undefined) return { handler: exact, id: "" };
  const [, collection = "", id = "", ...rest] = path.split("/");
  const handler = ROUTES[`${request.method} /${[collection, ":id", ...rest].join("/")}`];
  if (handler === undefined) {
    throw new ControlError(404, `There is no ${request.method} ${PREFIX}${path}.`);
  }
  return { handler, id: pathSegment(id) };
}

function statusOf(error: unknown): number {
  if (error instanceof ControlError || error instanceof Problem) return error.status;
  if (error instanceof Refusal) return 409;
  throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a shopper enters on the payment page. */
const ENTERED = ["email", "shippingOption", "shippingAddress", "billingCountry"];

function paymentInput(body: Body): PaymentInput {
  const email = optionalText(body, "email");
  const amount = optionalNumber(body, "amount");
  const currency = optionalText(body, "currency");
  const shippingOption = optionalNumber(body, "shippingOption");
  const shippingAddress = optionalAddress(body, "shippingAddress");
  const billingCountry = optionalText(body, "billingCountry");
  if (email !== undefined && !isEmail(email)) throw new ControlError(400, "email is not one.");
  if (amount !== undefined && (amount < 1 || amount > LARGEST_AMOUNT)) {
    throw new ControlError(400, `amount must be from 1 to ${LARGEST_AMOUNT}.`);
  }
  return {
    ...(email === undefined ? {} : { email }),
    ...(amount === undefined ? {} : { amount }),
    ...(currency === undefined ? {} : { currency: currency.toLowerCase() }),
    ...(shippingOption === undefined ? {} : { shippingOption }),
    ...(shippingAddress === undefined ? {} : { shippingAddress }),
    ...(billingCountry === undefined ? {} : { billingCountry }),
  };
}

function optionalAddress(body: Body, name: string): ShippingAddressInput | undefined {
  const given = optionalObject(body, name);
  if (given === undefined) return undefined;
  const fields = ["name", ...ADDRESS_FIELDS] as const;
  refuseUnknown(given, [...fields]);
  const entries = fields.map((field) => [field, optionalText(given, field)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function setClock(world: World, body: Body): object {
  refuseUnknown(body, ["now"]);
  world.state.heldClock = optionalNumber(body, "now") ?? null;
  expireDueSessions(world);
  return { now: world.now() };
}

/** What waits, as it would be sent now; behaviour applies only when it is taken. */
async function pendingDeliveries(world: World): Promise<object> {
  const waiting = world.state.deliveries.flatMap((delivery) => {
    const record = eventOf(world, delivery);
    return record === undefined ? [] : [{ record, delivery }];
  });
  const deliveries = waiting.map(async ({ record, delivery: { attempt, dueAt } }) => ({
    ...(await signed(world, record)),
    attempt,
    dueAt,
  }));
  return { deliveries: await Promise.all(deliveries) };
}
