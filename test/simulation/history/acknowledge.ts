import type { Play } from "./play.ts";
import type { KeyedRequest } from "./records.ts";

interface Data {
  readonly id?: string;
  readonly expiresAt?: string;
  readonly orderId?: string;
  readonly orderNumber?: number;
  readonly orderToken?: string;
  readonly paymentUrl?: string;
  readonly movement?: { readonly id: string };
  readonly code?: string;
  readonly status?: string;
}

/** Remembers what the shop has promised with its first 2xx to a request. */
export function acknowledge(play: Play, request: KeyedRequest, answer: { data: Data }): void {
  const { kind, who, path } = request;
  const { data } = answer;
  const orderId = /\/orders\/([^/]+)/.exec(path)?.[1] ?? "";
  play.world.count(`made ${kind}`);
  switch (kind) {
    case "reservation":
      play.records.reservations.push({
        id: data.id ?? "",
        who,
        expiresAt: Date.parse(data.expiresAt ?? ""),
        skus: skusOf(request),
        at: play.world.now,
      });
      return;
    case "checkout":
      acknowledgeOrder(play, request, data);
      return;
    case "cancellation":
      // One that had ended otherwise before is answered as it is.
      if (data.status === "canceled") play.records.canceled.push(orderId);
      return;
    case "fulfillments":
      for (const line of manyOf(data)) play.records.made.push({ ...line, kind: "fulfillment" });
      return;
    case "discount":
      play.records.discountCodes.push(data.code ?? "");
      return;
    default:
      play.records.made.push({ kind, id: data.movement?.id ?? data.id ?? "", orderId });
  }
}

/** What was sent of many, of those that could be. */
function manyOf(data: unknown): { id: string; orderId: string }[] {
  const lines = data as readonly { readonly id: string; readonly fulfillment?: { id: string } }[];
  return lines.flatMap(({ id: orderId, fulfillment }) =>
    fulfillment === undefined ? [] : [{ id: fulfillment.id, orderId }],
  );
}

function skusOf({ body }: KeyedRequest): string[] {
  return "items" in body ? (body.items as { sku: string }[]).map(({ sku }) => sku) : [];
}

function acknowledgeOrder(play: Play, request: KeyedRequest, data: Data): void {
  const { who, body } = request;
  const reservationId = "reservationId" in body ? body.reservationId : undefined;
  const held = play.records.reservations.find(({ id }) => id === reservationId);
  if (held !== undefined && data.orderToken !== undefined) held.orderToken = data.orderToken;
  play.records.orders.push({
    id: data.orderId ?? "",
    number: data.orderNumber ?? 0,
    who,
    token: data.orderToken,
    skus: held?.skus ?? skusOf(request),
    at: play.world.now,
    sessionId: /cs_\w+/.exec(data.paymentUrl ?? "")?.[0] ?? "",
  });
}
