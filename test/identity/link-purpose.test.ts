import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newLinkSecret } from "../../src/identity/links/link-secret.ts";
import { sha256 } from "../../src/platform/hash.ts";
import { call } from "../support/http.ts";
import { as, PASSWORD, type Person, registerPerson, verifyAs } from "../support/people.ts";
import { mails } from "../support/shop.ts";
import { settle, travel, useWorld } from "../support/world.ts";

const MINUTE_MS = 60_000;
const NEW_PASSWORD = "purple lamp under seven seas";

useWorld();

const choose = (token: string) =>
  call("POST", "/api/v1/auth/password/reset", { body: { token, password: NEW_PASSWORD } });
const logIn = ({ email }: Person, password: string) =>
  call("POST", "/api/v1/auth/login", { body: { email, password } });

/** The secret in the last mail with a link to this page. */
async function mailed(person: Person, path: string): Promise<string> {
  await settle();
  const link = new RegExp(`${path}\\?token=([^"&]+)`);
  const found = (await mails())
    .filter(({ to }) => to.includes(person.email))
    .flatMap(({ html }) => link.exec(html)?.[1] ?? []);
  return decodeURIComponent(found[0] ?? "");
}

/** A link as `npm run admin` makes it. */
async function storedLink(person: Person, purpose: string): Promise<string> {
  const secret = newLinkSecret();
  await env.DB.prepare(
    "INSERT INTO email_tokens (id, user_id, purpose, created_at, expires_at, secret_hash) VALUES (?, ?, ?, ?, ?, ?)",
  )
    .bind(
      crypto.randomUUID(),
      person.id,
      purpose,
      Date.now(),
      Date.now() + 30 * MINUTE_MS,
      await sha256(secret),
    )
    .run();
  return secret;
}

describe("A link", () => {
  it("to verify an address chooses no password, used or not", async () => {
    const person = await registerPerson();
    const token = await mailed(person, "/verify-email");
    expect((await choose(token)).status).toBe(422);
    expect((await verifyAs(person, token)).status).toBe(204);
    expect((await choose(token)).status).toBe(422);
    expect((await logIn(person, PASSWORD)).status).toBe(200);
    expect((await logIn(person, NEW_PASSWORD)).status).toBe(401);
  });

  it("to verify an address is still good after the password was changed", async () => {
    const person = await registerPerson();
    const token = await mailed(person, "/verify-email");
    const body = { password: NEW_PASSWORD, currentPassword: PASSWORD };
    expect((await as(person, "PATCH", "/api/v1/me", { body })).status).toBe(200);
    expect((await verifyAs(person, token)).status).toBe(204);
  });

  it("to choose a password verifies no address", async () => {
    const person = await registerPerson();
    await call("POST", "/api/v1/auth/password/forgot", { body: { email: person.email } });
    const token = await mailed(person, "/reset-password");
    expect((await verifyAs(person, token)).status).toBe(422);
    expect((await choose(token)).status).toBe(204);
  });

  it("with a stored secret is good once, for its purpose and its time", async () => {
    const person = await registerPerson();
    expect((await choose(await storedLink(person, "verify"))).status).toBe(422);
    const token = await storedLink(person, "reset");
    expect((await verifyAs(person, token)).status).toBe(422);
    expect((await choose(token)).status).toBe(204);
    expect((await choose(token)).status).toBe(422);
    expect((await logIn(person, NEW_PASSWORD)).status).toBe(200);
    const late = await storedLink(person, "reset");
    await travel(30 * MINUTE_MS);
    expect((await choose(late)).status).toBe(422);
  });
});
