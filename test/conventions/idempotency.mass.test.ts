import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCESS, type RouteName, type Rule } from "../../src/platform/access.ts";
import { openApi } from "../support/contract.ts";
import { type Member, makeMember } from "../support/credentials.ts";
import { databaseFailingOnce } from "../support/faults.ts";
import { type Answer, call } from "../support/http.ts";
import { REQUESTS, type RouteRequest } from "../support/requests.ts";
import { logOf, shopOver } from "../support/rig.ts";
import { sampleOf } from "../support/sample.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

/** Every `POST` that a client sends; a provider's own retries are told by the event's id. */
const POSTS = (Object.entries(ACCESS) as [RouteName, Rule][]).filter(
  ([name]) => name.startsWith("POST /") && !name.startsWith("POST /webhooks/"),
);
const KEY_REQUIRED = [
  "POST /checkouts",
  "POST /orders/{id}/refunds",
  "POST /orders/{id}/fulfillments",
  "POST /fulfillments",
  "POST /inventory/{sku}/movements",
];
/** Their key is kept in phases, within the budgets of round-trips.test.ts. */
const IN_PHASES = ["POST /checkouts", "POST /fulfillments"];
const ASKS_STRIPE = [...IN_PHASES, "POST /orders/{id}/cancel", "POST /orders/{id}/refunds"];
const AT_ONCE = 5;
const ELSEWHERE = { "CF-Connecting-IP": "2001:db8:7::7" };
const OVERLOOKED_MS = 2 * 60_000;

type Send = typeof call;

/** A route as one caller whom it lets in: guests where it is for anyone, else whoever the thing belongs to, else an admin. */
async function visit(name: RouteName, rule: Rule) {
  const owner = await makeMember();
  const make = () => REQUESTS[name](owner);
  const first = await make();
  const caller = await callerOf(rule, owner, first);
  const send = (key: string | undefined, request: RouteRequest = first, through: Send = call) => {
    const { path, body, headers } = request;
    const keyed: Record<string, string> = key === undefined ? {} : { "Idempotency-Key": key };
    return through("POST", path, {
      ...(body === undefined ? {} : { body }),
      headers: { ...headers, ...keyed, ...caller },
    });
  };
  const sendFromElsewhere = (key: string, request: RouteRequest = first) =>
    send(key, request, (method, path, options) =>
      call(method, path, { ...options, headers: { ...options?.headers, ...ELSEWHERE } }),
    );
  return { first, make, send, sendFromElsewhere };
}

async function callerOf(rule: Rule, owner: Member, { sight }: RouteRequest) {
  const bearer = ({ accessToken }: Member) => ({ Authorization: `Bearer ${accessToken}` });
  const guest = { "CF-Connecting-IP": "203.0.113.7" };
  if (rule.roles === "anyone") return sight === undefined ? guest : bearer(owner);
  return rule.roles.includes("customer") ? bearer(owner) : bearer(await makeMember("admin"));
}

/** Bytes that no product has are nobody's: whoever sends a picture says first that they are about to come, and the purge takes them away. */
const USED_BYTES = "SELECT key, uses FROM image_objects WHERE uses > 0 ORDER BY 1";

/** Every row of every table but the keys themselves, when the queue has nothing left to do. */
async function everything(): Promise<string> {
  await settle();
  const tables = await rows<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name <> 'idempotency_keys'
       AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'd1_%' AND name NOT LIKE '%fts%' ORDER BY name`,
  );
  const found = tables.map(({ name }) =>
    rows(name === "image_objects" ? USED_BYTES : `SELECT * FROM "${name}" ORDER BY 1, 2`),
  );
  return JSON.stringify([tables, await Promise.all(found)]);
}

const tripsOf = ({ headers }: Answer) =>
  Number(/desc="(\d+)"/.exec(headers.get("Server-Timing") ?? "")?.[1]);

const said = ({ status, text, headers }: Answer) => ({
  status,
  text,
  location: headers.get("Location"),
  authenticate: headers.get("WWW-Authenticate"),
});
const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");

const SOME = 6;

describe.each(sampleOf("routes with keys", POSTS, SOME))(
  "The idempotency key of %s",
  (name, rule) => {
    it("gets the first answer again, to the byte, and nothing more is done", async () => {
      const { first, send } = await visit(name, rule);
      const answer = await send("k");
      expect(answer.status, answer.text).toBe(first.good);
      expect(replayed(answer)).toBeNull();
      const before = await everything();
      const again = await send("k");
      expect(said(again)).toEqual(said(answer));
      expect(replayed(again)).toBe("true");
      expect(await everything()).toBe(before);
    });

    it("goes with its caller to another network", async () => {
      const { first, send, sendFromElsewhere } = await visit(name, rule);
      const answer = await send("k");
      expect(answer.status, answer.text).toBe(first.good);
      const before = await everything();
      const again = await sendFromElsewhere("k");
      expect(said(again)).toEqual(said(answer));
      expect(replayed(again)).toBe("true");
      expect(await everything()).toBe(before);
    });

    it("is refused for another request, which changes nothing", async () => {
      const { first, make, send } = await visit(name, rule);
      expect((await send("k")).status).toBe(first.good);
      const other = await make();
      const differs =
        JSON.stringify([other.path, other.body]) !== JSON.stringify([first.path, first.body]);
      if (!differs && first.body === undefined) return; // there is only one such request
      expect(differs, "test/support/requests.ts makes the same request twice").toBe(true);
      const before = await everything();
      const answer = await send("k", other);
      expect([answer.status, answer.body.error.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
      expect(replayed(answer)).toBeNull();
      expect(await everything()).toBe(before);
    });

    it("lets one of several at once do it", async () => {
      const { first, send } = await visit(name, rule);
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send("k")));
      const done = answers.filter(({ body }) => body?.error?.code !== "IDEMPOTENCY_KEY_IN_USE");
      expect(done.filter((answer) => replayed(answer) === null)).toHaveLength(1);
      expect(new Set(done.map((answer) => JSON.stringify(said(answer)))).size).toBe(1);
      expect(done[0]?.status).toBe(first.good);
      for (const answer of answers.filter((one) => !done.includes(one)))
        expect(answer.headers.get("Retry-After")).toBe("1");
    });

    it.each(["before", "after"] as const)(
      "keeps no answer that the server is to blame for, and does nothing twice: a database that fails %s it is written",
      async (when) => {
        const { first, send } = await visit(name, rule);
        const { database, failed } = databaseFailingOnce({
          when,
          about: /insert into "idempotency_keys"/i,
        });
        const failing = shopOver(database);
        await logOf(async () => {
          const { status, text, body } = await send("k", first, failing.call);
          expect(status).toBeGreaterThanOrEqual(500);
          expect(body.error.details).toEqual({ outcome: "unknown" });
          expect(text).toContain("send the same again, and nothing is done twice");
        });
        expect(failed()).toBe(true);
        await travel(OVERLOOKED_MS); // what was promised then is found by the sweep
        await cron();
        const left = await everything();
        const answer = await send("k");
        expect(answer.status, answer.text).toBe(first.good);
        const before = await everything();
        // Some are written in several batches; all of anything else was there when its answer was lost.
        if (when === "after" && !IN_PHASES.includes(name)) {
          expect(replayed(answer)).toBe("true");
          expect(before).toBe(left);
        }
        expect(said(await send("k"))).toEqual(said(answer));
        expect(await everything()).toBe(before);
      },
    );

    it("costs no round trip", async () => {
      const { first, make, send } = await visit(name, rule);
      if (ASKS_STRIPE.includes(name)) return;
      if (first.good >= 400) return; // without a key, a refusal is not written down
      const other = await make();
      const shop = shopOver(env.DB);
      await send("first", await make(), shop.call); // an isolate reads once which sessions have ended
      const without = await send(undefined, other, shop.call);
      const answer = await send("k", first, shop.call);
      expect([answer.status, tripsOf(answer)]).toEqual([first.good, tripsOf(without)]);
    });
  },
);

describe("The OpenAPI document", () => {
  it.each(POSTS)("says of %s whether it needs the key", async (name) => {
    const { paths } = (await openApi()) as unknown as {
      paths: Record<
        string,
        { post: { parameters?: { name: string; in: string; required: boolean }[] } }
      >;
    };
    const { parameters = [] } = paths[name.replace("POST ", "/api/v1")]?.post ?? {};
    const header = parameters.find((one) => one.in === "header" && one.name === "idempotency-key");
    expect(header).toMatchObject({ required: KEY_REQUIRED.includes(name) });
  });
});
