import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  findTokenOwner,
  setPasswordByToken,
  verifyEmailByToken,
} from "../../src/identity/links/store.ts";
import {
  endSession,
  findBrowserSession,
  insertNextSecret,
} from "../../src/identity/sessions/store.ts";
import { Database, type Statement } from "../../src/platform/db.ts";
import { insert } from "../support/by-hand.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const run = <T>(statement: Statement<T>) => new Database(env.DB).run(statement);

/** A user with a session at a browser and the secret of its cookie, whose clock stands at 1. */
async function atBrowser(...changes: readonly string[]): Promise<void> {
  const made = [
    insert("accounts"),
    insert("users"),
    insert("sessions", { kind: "browser" }),
    insert("session_secrets"),
  ];
  await env.DB.batch([...made, ...changes].map((sql) => env.DB.prepare(sql)));
}

describe("A session", () => {
  const end = async () => (await rows("SELECT ended_at, ended_by FROM sessions"))[0];

  it("is ended by its user, and by nobody else", async () => {
    await atBrowser();
    expect(await run(endSession("ses_1", "usr_2", "user", 2))).toEqual([]);
    expect(await end()).toEqual({ ended_at: null, ended_by: null });
    expect(await run(endSession("ses_1", "usr_1", "user", 2))).toHaveLength(1);
  });

  it("that has ended is not ended again", async () => {
    await atBrowser("UPDATE sessions SET ended_at = 1, ended_by = 'reuse'");
    expect(await run(endSession("ses_1", "usr_1", "user", 2))).toEqual([]);
    expect(await end()).toEqual({ ended_at: 1, ended_by: "reuse" });
  });

  it("gets another secret while it is alive", async () => {
    await atBrowser();
    await run(insertNextSecret("h2", "ses_1", 8));
    expect(await rows("SELECT hash FROM session_secrets ORDER BY hash")).toHaveLength(2);
  });

  it("that has ended gets no other secret", async () => {
    await atBrowser("UPDATE sessions SET ended_at = 1, ended_by = 'user'");
    await expect(run(insertNextSecret("h2", "ses_1", 1))).rejects.toThrow("session_id");
  });

  it("that is over gets no other secret", async () => {
    await atBrowser();
    await expect(run(insertNextSecret("h2", "ses_1", 9))).rejects.toThrow("session_id");
  });
});

describe("A session at a browser", () => {
  it("is found by its cookie's secret, up to its end", async () => {
    await atBrowser();
    expect(await run(findBrowserSession("h1", 8))).toMatchObject([{ userId: "usr_1" }]);
    expect(await run(findBrowserSession("h1", 9))).toEqual([]);
    expect(await run(findBrowserSession("h2", 8))).toEqual([]);
  });

  it.each([
    ["is over with its user, though nobody has ended it", "UPDATE users SET disabled_at = 1"],
    ["is over when it has ended", "UPDATE sessions SET ended_at = 1, ended_by = 'user'"],
    ["is not spoken for by a secret that is spent", "UPDATE session_secrets SET spent_at = 1"],
    ["is none that was opened for tokens", "UPDATE sessions SET kind = 'token'"],
  ])("%s", async (_, change) => {
    await atBrowser(change);
    expect(await run(findBrowserSession("h1", 2))).toEqual([]);
  });
});

describe("A link", () => {
  const link = insert("email_tokens");

  it("is nobody's for another purpose", async () => {
    await atBrowser(link);
    await run(setPasswordByToken("emt_1", "new", 2));
    expect(await rows("SELECT password_hash FROM users")).toEqual([{ password_hash: null }]);
    await run(verifyEmailByToken("emt_1", 2));
    expect(await rows("SELECT email_verified_at FROM users")).toEqual([{ email_verified_at: 2 }]);
  });

  it("of an address that is not proved is nobody's", async () => {
    await atBrowser(link);
    expect(await run(findTokenOwner("emt_1"))).toEqual([]);
    await run(verifyEmailByToken("emt_1", 2));
    expect(await run(findTokenOwner("emt_1"))).toMatchObject([{ accountId: "acc_1" }]);
  });

  it("keeps the time at which the address was proved first", async () => {
    await atBrowser(link, "UPDATE users SET email_verified_at = 1");
    await run(verifyEmailByToken("emt_1", 5));
    expect(await rows("SELECT email_verified_at FROM users")).toEqual([{ email_verified_at: 1 }]);
  });
});
