import { SCOPES, type Scope } from "../../../src/platform/roles.ts";
import type { World } from "../world/index.ts";
import { OWN_ADDRESS } from "./knowledge.ts";

/** What staff may do with orders without the scope that programs need for it. */
export const CANCELS = "orders:cancel";

interface Row {
  readonly id: string;
  /** The account it belongs to, or the key or user that made it. */
  readonly owner: string | null;
  readonly state: string;
}

interface Watched {
  /** Selects `id`, `owner` and `state`: what must stay as it is. */
  readonly select: string;
  /** With which scopes one may change what is another's. */
  readonly change: readonly (Scope | typeof CANCELS)[];
  /** With which one may make some; `self`: everybody for themselves, `any`: for others, too. */
  readonly make: readonly (Scope | typeof CANCELS)[] | "self" | "any";
}

/** What there is in the shop, and who may touch it. Not made from the table of access: it is held against that. */
const WATCHED: Readonly<Record<string, Watched>> = {
  account: {
    select: "SELECT id, id AS owner, name AS state FROM accounts",
    change: ["identity:write"],
    make: "self",
  },
  user: {
    select: `SELECT id, account_id AS owner, json_array(account_id, email, email_verified_at, name, password_hash) AS state FROM users`,
    change: ["identity:write"],
    make: "self",
  },
  role: {
    select: "SELECT id, account_id AS owner, json_array(role, disabled_at) AS state FROM users",
    change: ["identity:write"],
    make: "self",
  },
  session: {
    select: `SELECT s.id, u.account_id AS owner, s.ended_at IS NULL AS state FROM sessions s JOIN users u ON u.id = s.user_id`,
    change: ["identity:write"],
    make: "self",
  },
  link: {
    select: `SELECT t.id, u.account_id AS owner, t.used_at IS NULL AS state FROM email_tokens t JOIN users u ON u.id = t.user_id`,
    change: ["identity:write"],
    make: "any",
  },
  key: {
    select: `SELECT id, created_by AS owner, json_array(revoked_at, owner_id, scopes, expires_at) AS state FROM api_keys`,
    change: ["identity:write"],
    make: ["identity:write"],
  },
  product: {
    select:
      "SELECT id, NULL AS owner, json_array(slug, title, description, status) AS state FROM products",
    change: ["catalog:write"],
    make: ["catalog:write"],
  },
  variant: {
    select:
      "SELECT id, NULL AS owner, json_array(sku, title, amount, currency, product_id) AS state FROM variants",
    change: ["catalog:write"],
    make: ["catalog:write"],
  },
  stock: {
    select: "SELECT sku AS id, NULL AS owner, on_hand AS state FROM stock_levels",
    change: ["inventory:write", "orders:write", CANCELS],
    make: ["catalog:write"],
  },
  threshold: {
    select: "SELECT sku AS id, NULL AS owner, low_stock_threshold AS state FROM stock_levels",
    change: ["inventory:write"],
    make: ["catalog:write"],
  },
  hold: {
    // One that is over is over, whoever comes by and sweeps it.
    select: `SELECT id, account_id AS owner, json_array(account_id, order_id, expires_at,
      iif(status = 'held' AND order_id IS NULL AND expires_at <= :now, 'expired', status)) AS state FROM reservations`,
    change: ["orders:write", CANCELS],
    make: "self",
  },
  order: {
    select: `SELECT id, account_id AS owner, json_array(version, status, payment_status, fulfillment_status, email,
      account_id, shipping_address, reservation_id, captured, refunded, browser_hash) AS state FROM orders`,
    change: ["orders:write", CANCELS, "identity:write"],
    make: "self",
  },
  refund: {
    select: "SELECT id, NULL AS owner, status AS state FROM refunds",
    change: ["orders:write", CANCELS],
    make: ["orders:write", CANCELS],
  },
  shipment: {
    select: "SELECT id, NULL AS owner, order_id AS state FROM fulfillments",
    change: [],
    make: ["orders:write"],
  },
  discount: {
    select:
      "SELECT id, NULL AS owner, json_array(code, kind, active, max_uses, starts_at, ends_at) AS state FROM discounts",
    change: ["discounts:write"],
    make: ["discounts:write"],
  },
  event: {
    select: "SELECT id, NULL AS owner, json_array(status, payload) AS state FROM webhook_events",
    change: ["webhooks:write"],
    make: [],
  },
  "audit line": {
    // What was typed goes with whoever deletes themselves, of lines about their own orders.
    select: `SELECT id, (SELECT account_id FROM orders o WHERE o.id = target) AS owner,
      json_array(actor, action, target, data) AS state FROM audit_log`,
    change: ["identity:write"],
    make: "any",
  },
};

/** What each role may do, written down a second time. */
const HELD_BY_ROLE: Readonly<Record<string, readonly Scope[]>> = {
  customer: [],
  agent: ["inventory:read", "orders:read", "tickets:read", "tickets:write"],
  admin: SCOPES,
};

export interface Snapshot {
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  /** What each user and each key may do. */
  readonly held: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function takeSnapshot(world: World): Promise<Snapshot> {
  const rows = new Map<string, Map<string, Row>>();
  for (const [what, { select }] of Object.entries(WATCHED)) {
    const found = await world.rows<Row>(select.replace(":now", String(world.now)));
    rows.set(what, new Map(found.map((row) => [row.id, row])));
  }
  return { rows, held: await readHeld(world) };
}

async function readHeld(world: World): Promise<Map<string, ReadonlySet<string>>> {
  const held = new Map<string, ReadonlySet<string>>();
  for (const { id, role } of await world.rows<{ id: string; role: string }>(
    "SELECT id, role FROM users WHERE disabled_at IS NULL",
  ))
    held.set(id, new Set(HELD_BY_ROLE[role] ?? SCOPES));
  for (const { id, scopes } of await world.rows<{ id: string; scopes: string }>(
    "SELECT id, scopes FROM api_keys WHERE revoked_at IS NULL",
  ))
    held.set(id, new Set(JSON.parse(scopes) as string[]));
  return held;
}

/** Whose what is, as far as the walk knows. */
export interface Whose {
  /** The caller's accounts, users and keys. */
  readonly owners: ReadonlySet<string>;
  /** What the caller has made without an account. */
  readonly made: ReadonlySet<string>;
  readonly powers: ReadonlySet<string>;
}

/** What a caller has changed, made or given between two moments, and must not have. */
export function judge(before: Snapshot, after: Snapshot, whose: Whose): string[] {
  const wrong: string[] = [];
  for (const [what, rule] of Object.entries(WATCHED)) {
    const was = before.rows.get(what);
    const is = after.rows.get(what);
    for (const [id, row] of was ?? []) {
      const now = is?.get(id);
      if (now?.state === row.state || isMine(row, whose)) continue;
      if (!rule.change.some((scope) => whose.powers.has(scope)))
        wrong.push(`changed: ${what} ${id}, from ${row.state} to ${now?.state ?? "nothing"}`);
    }
    for (const [id, row] of is ?? [])
      if (was?.has(id) === false && !mayMake(rule, row, whose)) wrong.push(`made: ${what} ${id}`);
  }
  for (const [id, scopes] of after.held) {
    const gained = [...scopes].filter(
      (one) => !before.held.get(id)?.has(one) && !whose.powers.has(one),
    );
    if (gained.length > 0) wrong.push(`granted: ${id} may do ${gained.join(", ")}`);
  }
  return wrong;
}

function isMine({ id, owner }: Row, { owners, made }: Whose): boolean {
  return made.has(id) || (owner !== null && owners.has(owner));
}

function mayMake({ make }: Watched, row: Row, whose: Whose): boolean {
  if (make === "any") return true;
  if (make === "self") return row.owner === null || whose.owners.has(row.owner);
  return make.some((scope) => whose.powers.has(scope));
}

/** Keys that outlive what their owner may do: nobody's step may leave one. */
export async function orphanedKeys(world: World): Promise<string[]> {
  const keys = await world.rows<{ id: string; scopes: string; role: string; gone: number }>(
    `SELECT k.id, k.scopes, u.role, u.disabled_at IS NOT NULL AS gone FROM api_keys k JOIN users u ON u.id = k.owner_id
     WHERE k.revoked_at IS NULL`,
  );
  return keys
    .filter(({ scopes, role, gone }) => {
      const still = gone === 1 ? [] : (HELD_BY_ROLE[role] ?? []);
      return (JSON.parse(scopes) as string[]).some((one) => !still.includes(one as Scope));
    })
    .map(({ id }) => `outlives its owner: key ${id}`);
}

/** Addresses that count as proved by the walker, who reads no mail of theirs. */
export async function stolenAddresses(world: World, { owners }: Whose): Promise<string[]> {
  const proved = await world.rows<{ id: string; email: string }>(
    "SELECT id, email FROM users WHERE email_verified_at IS NOT NULL",
  );
  return proved
    .filter(({ id, email }) => owners.has(id) && email !== OWN_ADDRESS)
    .map(({ id, email }) => `verified: ${email}, for ${id}`);
}

/** Names and titles of more than one line, whoever has written them. */
export async function severalLines(world: World): Promise<string[]> {
  const kept = await world.rows<{ text: string }>(
    `SELECT name AS text FROM users UNION ALL SELECT name FROM accounts UNION ALL SELECT name FROM api_keys
     UNION ALL SELECT title FROM products UNION ALL SELECT title FROM variants`,
  );
  return kept
    .filter(({ text }) => /[\n\r]/.test(text))
    .map(({ text }) => `kept: several lines, ${JSON.stringify(text)}`);
}
