import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hashPassword } from "../../src/identity/passwords/password.ts";
import { call } from "../support/http.ts";
import { PASSWORD, registerPerson } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const NEW_PASSWORD = "purple lamp under seven seas";

/** The test's database, in which something else happens right before the second batch. */
function interrupted(work: () => Promise<unknown>): object {
  let batches = 0;
  return {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      batches += 1;
      if (batches === 2) await work();
      return env.DB.batch(statements);
    },
  };
}

const set = (column: string, value: unknown) => () =>
  env.DB.prepare(`UPDATE users SET ${column} = ?`).bind(value).run();

async function logInWhile(email: string, work: () => Promise<unknown>) {
  const body = { email, password: PASSWORD };
  return shopOver(interrupted(work)).call("POST", "/api/v1/auth/login", { body });
}

describe("A sign-in with a password that is changed while it is checked", () => {
  it("is refused, and opens no session that would outlive the change", async () => {
    const { email } = await registerPerson();
    const before = await rows("SELECT id FROM sessions");
    const answer = await logInWhile(email, set("password_hash", await hashPassword(NEW_PASSWORD)));
    expect(answer.status).toBe(401);
    expect(answer.body.error.message).toBe("The email address or the password is wrong.");
    expect(await rows("SELECT id FROM sessions")).toEqual(before);
    expect(await rows("SELECT id FROM outbox WHERE topic = 'mail.new_sign_in'")).toEqual([]);
  });

  it("does not bring the old password back by storing it with better parameters", async () => {
    const { email } = await registerPerson();
    // The right password, with weaker parameters.
    await set(
      "password_hash",
      "$argon2id$v=19$m=8192,t=1,p=1$aG9sZGZhc3Rub2JvZHlzMQ$17AVhvEnguuMERGzCFHyhMdQrJWS22T4AF4sMcR1LC8",
    )();
    const changed = await hashPassword(NEW_PASSWORD);
    expect((await logInWhile(email, set("password_hash", changed))).status).toBe(401);
    expect(await rows("SELECT password_hash AS hash FROM users")).toEqual([{ hash: changed }]);
    const body = { email, password: NEW_PASSWORD };
    expect((await call("POST", "/api/v1/auth/login", { body })).status).toBe(200);
  });

  it("is refused for a user who is disabled in that moment", async () => {
    const { email } = await registerPerson();
    expect((await logInWhile(email, set("disabled_at", Date.now()))).status).toBe(401);
    expect(await rows("SELECT id FROM sessions")).toHaveLength(1);
  });
});
