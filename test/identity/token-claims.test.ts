import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { as } from "../support/people.ts";
import { type Attacks, bearer, expectRefused, scene } from "../support/token-attacks.ts";
import { base64url, claimsOf, compact, headerOf, present } from "../support/tokens.ts";
import { useWorld } from "../support/world.ts";

useWorld();

/** Tokens that the shop's own key has signed, each with claims that the shop would not write. */
async function forged(changes: Readonly<Record<string, object>>): Promise<Attacks> {
  const { member, ours } = await scene();
  return bearer(
    Object.fromEntries(
      Object.entries(changes).map(([name, change]) => [
        name,
        compact(headerOf(ours), { ...claimsOf(member), ...change }, ours.privateKey),
      ]),
    ),
  );
}

const now = () => Math.floor(Date.now() / 1000);
const CLAIMS = ["iss", "aud", "sub", "acc", "role", "sid", "iat", "nbf", "exp", "jti"] as const;

describe("A token with our signature and wrong claims", () => {
  it("is refused when one is missing, null, or of another type", async () => {
    const odd = { missing: undefined, null: null, object: {}, "empty array": [], true: true };
    const changes = CLAIMS.flatMap((claim) =>
      Object.entries(odd).map(([name, value]) => [`${claim} ${name}`, { [claim]: value }]),
    );
    await expectRefused(await forged(Object.fromEntries(changes)));
  });

  it("is refused when it is of somebody else or for somebody else", async () => {
    const shop = "https://shop.test";
    await expectRefused(
      await forged({
        "another issuer": { iss: "https://evil.test" },
        "an issuer with a slash": { iss: `${shop}/` },
        "an issuer without TLS": { iss: "http://shop.test" },
        "an issuer in capitals": { iss: shop.toUpperCase() },
        "an issuer that begins alike": { iss: `${shop}.evil.test` },
        "an array of our issuer": { iss: [shop] },
        "no issuer to speak of": { iss: "" },
        "another audience": { aud: "another-api" },
        "an audience in capitals": { aud: "HOLDFAST-API" },
        "an audience that begins alike": { aud: "holdfast-api-2" },
        "no audience to speak of": { aud: "" },
        "other audiences": { aud: ["another-api", "a-third"] },
        "an audience in an array in an array": { aud: [["holdfast-api"]] },
        "the issuer as audience": { aud: shop },
      }),
    );
  });

  it("is refused when its time is not now", async () => {
    await expectRefused(
      await forged({
        "over this second": { exp: now() },
        "over for a second": { exp: now() - 1 },
        "over for half a second": { exp: now() - 0.5 },
        "over since 1970": { exp: 0 },
        "over before 1970": { exp: -1 },
        "over, huge and negative": { exp: -1e300 },
        "an end as a string": { exp: String(now() + 900) },
        "an end as a date": { exp: new Date(Date.now() + 900_000).toISOString() },
        "not yet for a second": { nbf: now() + 1 },
        "not yet for a year": { nbf: now() + 31_536_000 },
        "never yet": { nbf: 1e300 },
        "a beginning as a string": { nbf: String(now()) },
        "made in a second": { iat: now() + 1 },
        "made in the year 10,000": { iat: 253_402_300_800 },
        "made as a string": { iat: String(now()) },
        "made longer ago than a token lives": { iat: now() - 901 },
        "made longer ago, for ever": { iat: now() - 901, exp: 1e300 },
        "made in 1970": { iat: 0 },
        "made before 1970": { iat: -1 },
      }),
    );
  });

  it("is refused when it speaks for what is no user of ours", async () => {
    await expectRefused(
      await forged({
        "a role of its own": { role: "superadmin" },
        "a role in capitals": { role: "ADMIN" },
        "a role with a space": { role: "admin " },
        "roles in an array": { role: ["admin"] },
        "no role to speak of": { role: "" },
        "a role by number": { role: 0 },
        "a system's name": { sub: "system" },
        "an account's id as user": { sub: "acc_1" },
        "a key's id as user": { sub: "key_1" },
        "users in an array": { sub: ["usr_1"] },
        "a user by number": { sub: 1 },
        "no user to speak of": { sub: "" },
        "a user's id as account": { acc: "usr_1" },
        "no account to speak of": { acc: "" },
        "a user's id as session": { sid: "usr_1" },
        "no session to speak of": { sid: "" },
        "a number as its own id": { jti: 1 },
      }),
    );
  });

  it("is refused when they are not an object at all", async () => {
    const { ours, member } = await scene();
    const payloads = {
      nothing: "",
      null: "null",
      "an array": "[]",
      "an array of claims": JSON.stringify([claimsOf(member)]),
      "a number": "1",
      "a string": '"admin"',
      "half a JSON": '{"iss":',
      "a number beyond all": JSON.stringify(claimsOf(member)).replace(/"exp":\d+/, '"exp":1e999x'),
      "a trailing comma": JSON.stringify(claimsOf(member)).replace("}", ",}"),
      "a comment": `/**/${JSON.stringify(claimsOf(member))}`,
    };
    await expectRefused(
      bearer(
        Object.fromEntries(
          Object.entries(payloads).map(([name, payload]) => [
            name,
            compact(headerOf(ours), payload, ours.privateKey),
          ]),
        ),
      ),
    );
  });
});

describe("A role", () => {
  it("cannot be raised with the signature of another token, or of another key", async () => {
    const { good, member, ours, theirs } = await scene();
    const agent = await makeMember("agent");
    const admin = await makeMember("admin");
    const raised = { ...claimsOf(member), role: "admin" };
    const [header] = good.split(".");
    const signature = (token: string) => token.split(".")[2];
    const payload = base64url(JSON.stringify(raised));
    const theirAdmin = claimsOf(admin);
    await expectRefused(
      bearer({
        "the signature of their own token": `${header}.${payload}.${signature(good)}`,
        "the signature of an agent's": `${header}.${payload}.${signature(agent.accessToken)}`,
        "the signature of an admin's": `${header}.${payload}.${signature(admin.accessToken)}`,
        "another key": compact(headerOf(ours), raised, theirs.privateKey),
        "another key, as an admin who exists": compact(
          headerOf(ours),
          { ...theirAdmin, role: "admin" },
          theirs.privateKey,
        ),
        "claims of two tokens": `${admin.accessToken.split(".")[0]}.${payload}.${signature(admin.accessToken)}`,
      }),
    );
    expect((await as(member, "GET", "/api/v1/users")).status).toBe(403);
  });

  it("is the token's own, whatever the body, the query or another header says", async () => {
    const { good, member } = await scene();
    const headers = { "X-Role": "admin", "X-User-Id": "usr_admin", "X-Forwarded-User": "admin" };
    expect((await as(member, "GET", "/api/v1/users", { headers })).status).toBe(403);
    const body = { name: "Ada", role: "admin" };
    expect((await as(member, "PATCH", "/api/v1/me", { body })).status).toBe(422);
    expect((await present(good)).body.data.role).toBe("customer");
  });
});

describe("A token whose claims are in order", () => {
  it("is taken up to its last second", async () => {
    const { member, ours } = await scene();
    for (const change of [
      {},
      { exp: now() + 1 },
      { iat: now() - 899, nbf: now() - 899, exp: now() + 1 },
      { aud: ["another-api", "holdfast-api"] },
    ]) {
      const claims = { ...claimsOf(member), ...change };
      const token = await compact(headerOf(ours), claims, ours.privateKey);
      expect((await present(token)).status, JSON.stringify(change)).toBe(200);
    }
  });
});
