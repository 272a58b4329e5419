import { describe, expect, it } from "vitest";
import { ACCESS, type RouteName, type Rule } from "../../src/platform/access.ts";
import { SCOPES } from "../../src/platform/roles.ts";
import { type Member, makeKey, makeMember, scopesWithout } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { REQUESTS, type RouteRequest } from "../support/requests.ts";
import { sampleOf } from "../support/sample.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const RULES = Object.entries(ACCESS) as [RouteName, Rule][]; // keys of a constant object
/** Of the routes, for each caller. */
const SOME = 12;

interface Caller {
  /** The `Authorization` header, made for one route's rule. */
  readonly credential: (rule: Rule, owner: Member) => Promise<string | undefined>;
  /** What the table says of such a caller, before the thing itself is looked at. */
  readonly may: (rule: Rule) => "yes" | 401 | 403;
  /** Whether they are the thing's account, its very user, or the shop's staff. */
  readonly lacksScope?: true;
  readonly isProgram?: true;
  readonly is?: readonly ("holder" | "self" | "staff" | "admin")[];
}

const anyone = (rule: Rule) => (rule.roles === "anyone" ? "yes" : 401);
const never = () => 401 as const;
const role = (name: "customer" | "agent" | "admin") => (rule: Rule) =>
  rule.roles === "anyone" || rule.roles.includes(name) ? "yes" : 403;
const bearer = (token: string) => `Bearer ${token}`;
const scopesOf = (rule: Rule) => (rule.scope === undefined ? SCOPES : [rule.scope]);

/** Signed in, and then disabled by an admin. */
async function disabledMember(): Promise<Member> {
  const member = await makeMember();
  await as(member, "GET", "/api/v1/me");
  const path = `/api/v1/users/${member.id}`;
  expect((await asAdmin("PATCH", path, { body: { disabled: true } })).status).toBe(200);
  return member;
}

const CALLERS: Readonly<Record<string, Caller>> = {
  "nobody in particular": { credential: async () => undefined, may: anyone },
  "somebody with a token of their own making": {
    credential: async () => bearer("eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
    may: never,
  },
  "a customer of another account": {
    credential: async () => bearer((await makeMember()).accessToken),
    may: role("customer"),
  },
  "the customer whose it is": {
    credential: async (_, owner) => bearer(owner.accessToken),
    may: role("customer"),
    is: ["holder", "self"],
  },
  "their colleague": {
    credential: async (_, owner) =>
      bearer((await makeMember("customer", owner.accountId)).accessToken),
    may: role("customer"),
    is: ["holder"],
  },
  "an agent": {
    credential: async () => bearer((await makeMember("agent")).accessToken),
    may: role("agent"),
    is: ["staff"],
  },
  "an admin": {
    credential: async () => bearer((await makeMember("admin")).accessToken),
    may: role("admin"),
    is: ["staff", "admin"],
  },
  "a key with every scope but the one it needs": {
    credential: async (rule) => bearer((await makeKey(scopesWithout(rule.scope))).secret),
    may: (rule) => (rule.roles === "anyone" ? "yes" : 403),
    lacksScope: true,
  },
  "a key with the scope": {
    credential: async (rule) => bearer((await makeKey(scopesOf(rule))).secret),
    may: (rule) => (rule.roles === "anyone" || rule.scope !== undefined ? "yes" : 403),
    is: ["staff", "admin"],
    isProgram: true,
  },
  "a key that was revoked": {
    credential: async (rule) =>
      bearer((await makeKey(scopesOf(rule), { revokedAt: Date.now() - 1 })).secret),
    may: never,
  },
  "a key that has expired": {
    credential: async (rule) =>
      bearer((await makeKey(scopesOf(rule), { expiresAt: Date.now() })).secret),
    may: never,
  },
  "a user who was disabled": {
    credential: async () => bearer((await disabledMember()).accessToken),
    may: never,
  },
  "a user who signed out": {
    credential: async () => {
      const { accessToken, sessionId } = await makeMember();
      await as({ accessToken }, "DELETE", `/api/v1/auth/sessions/${sessionId}`);
      return bearer(accessToken);
    },
    may: never,
  },
};

/** What this caller gets of this request. */
function expected(caller: Caller, rule: Rule, request: RouteRequest, asGuest: boolean): number {
  // Whoever may do without credentials is not asked for them outside the API.
  const outside = !request.path.startsWith("/api/");
  const may = outside ? anyone(rule) : caller.may(rule);
  if (may !== "yes") return may;
  const { is = [], isProgram = false } = caller;
  if (isProgram && (request.forUsers === true || request.beyondScope === true)) return 403;
  if (request.sight === undefined) return request.good;
  if (request.sight === "self") return is.includes("self") ? request.good : 404;
  // No scope is asked for where a guest may call, so a key without "the" scope has all of them.
  if (request.sight === "admin" && (is.includes("admin") || caller.lacksScope)) return request.good;
  if (request.sight === "admin") return asGuest ? 401 : 404;
  if (is.includes("holder")) return request.good;
  if (request.sight === "staff" && is.includes("staff")) return request.good;
  if (request.sight === "shop")
    return is.includes("staff") || caller.lacksScope ? request.good : 404;
  if (request.sight === "staff" && caller.lacksScope) return 403;
  // An order may be asked for with its token, so who shows nothing at all is told to.
  return request.sight === "staff" && asGuest ? 401 : 404;
}

const COUNTED = [
  ...["products", "variants", "stock_movements", "reservations", "orders", "payments"],
  ...["users", "api_keys", "sessions", "session_secrets", "email_tokens", "audit_log", "outbox"],
  ...["webhook_endpoints", "webhook_secrets", "webhook_deliveries"],
  ...["customers", "forgettings"],
];

/** Changes when anything is made, ended or altered. */
async function fingerprint(): Promise<unknown> {
  const counts = COUNTED.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(", ");
  return rows(`SELECT ${counts},
    (SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL) AS ended,
    (SELECT count(*) FROM api_keys WHERE revoked_at IS NOT NULL) AS revoked,
    (SELECT count(*) FROM reservations WHERE status = 'held') AS held,
    (SELECT group_concat(role || coalesce(disabled_at, '') || name) FROM users) AS people`);
}

async function ask(name: RouteName, request: RouteRequest, credential: string | undefined) {
  const { path, good: _, sight: __, headers, ...rest } = request;
  const method = name.slice(0, name.indexOf(" "));
  const authorization: Record<string, string> =
    credential === undefined ? {} : { Authorization: credential };
  return call(method, path, { ...rest, headers: { ...headers, ...authorization } });
}

describe.each(Object.entries(CALLERS))("As %s", (who, caller) => {
  it("every route answers what the table of access says", async () => {
    const wrong: string[] = [];
    for (const [name, rule] of sampleOf(`routes as ${who}`, RULES, SOME)) {
      const owner = await makeMember(); // of each route another: some of them end one
      const request = await REQUESTS[name](owner);
      const credential = await caller.credential(rule, owner);
      const before = await fingerprint();
      const answer = await ask(name, request, credential);
      const asGuest = who === "nobody in particular" || who.startsWith("a key with every");
      const wanted = expected(caller, rule, request, asGuest);
      if (answer.status !== wanted)
        wrong.push(`${name}: ${answer.status} instead of ${wanted}: ${answer.text}`);
      if (wanted !== request.good && !(await isSame(before)))
        wrong.push(`${name}: was refused, and changed something`);
    }
    expect(wrong).toEqual([]);
  });
});

async function isSame(before: unknown): Promise<boolean> {
  return JSON.stringify(before) === JSON.stringify(await fingerprint());
}
