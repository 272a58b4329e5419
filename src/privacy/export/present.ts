import * as z from "zod";
import { toTimestamp } from "../../platform/clock.ts";
import { storedJson } from "../../platform/stored-json.ts";
import type { PersonalData } from "./document.ts";
import type { ApiKeyRow, EventRow, HoldRow, LogRow, PromiseRow, SignInRow } from "./store.ts";

type OfOrder = PersonalData["orders"][number];

const timeOrNull = (at: number | null) => (at === null ? null : toTimestamp(at));
const by = ({ byThem }: { readonly byThem: number }) => (byThem === 1 ? "you" : "shop");

const readItems = storedJson(z.array(z.strictObject({ sku: z.string(), quantity: z.int() })));
const readData = storedJson(z.record(z.string(), z.unknown()));
const readScopes = storedJson(z.array(z.string()));

export function presentHold({ orderId: _, items, ...row }: HoldRow): PersonalData["holds"][number] {
  return {
    ...{ ref: row.ref, status: row.status, items: readItems(items) },
    createdAt: toTimestamp(row.createdAt),
    expiresAt: toTimestamp(row.expiresAt),
    endedAt: timeOrNull(row.endedAt),
  };
}

/** What staff have noted is the shop's. */
export function presentEvent(row: EventRow): OfOrder["history"][number] {
  const { note: _, ...data } = readData(row.data);
  return { type: row.type, data, by: by(row), createdAt: toTimestamp(row.createdAt) };
}

export function presentMail(row: PromiseRow): OfOrder["mails"][number] {
  const { topic, about, status } = row;
  return {
    ...{ topic, about, status },
    createdAt: toTimestamp(row.createdAt),
    doneAt: timeOrNull(row.doneAt),
  };
}

/** Where somebody of the shop did it from is theirs, and so is what they have written. */
export function presentLog(row: LogRow): PersonalData["log"][number] {
  return {
    ...{ action: row.action, target: row.target, by: by(row) },
    address: row.byThem === 1 ? row.address : null,
    createdAt: toTimestamp(row.createdAt),
  };
}

export function presentSignIn(row: SignInRow): PersonalData["sessions"][number] {
  return {
    ...{ kind: row.kind, userAgent: row.userAgent, address: row.address },
    createdAt: toTimestamp(row.createdAt),
    lastUsedAt: toTimestamp(row.lastUsedAt),
    endedAt: timeOrNull(row.endedAt),
  };
}

export function presentApiKey(row: ApiKeyRow): PersonalData["apiKeys"][number] {
  return {
    ...{ name: row.name, scopes: readScopes(row.scopes) },
    createdAt: toTimestamp(row.createdAt),
    lastUsedAt: timeOrNull(row.lastUsedAt),
    revokedAt: timeOrNull(row.revokedAt),
  };
}
