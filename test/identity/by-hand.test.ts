import { describe, expect, it } from "vitest";
import { byHand, insert, mustBe, useEmptyShop } from "../support/by-hand.ts";

useEmptyShop();

const USER = [insert("accounts"), insert("users")];
const SIGNED_IN = [...USER, insert("sessions"), insert("session_secrets")];

describe("A user, whoever writes it", () => {
  it.each([
    ["of a role that there is not", "users_role", [insert("users", { role: "owner" })]],
    ["of an address in capitals", "users_email", [insert("users", { email: "Ada@example.com" })]],
    [
      "of an address that somebody has",
      "users.email",
      [insert("users"), insert("users", { id: "usr_2" })],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(insert("accounts"), ...statements)).toContain(word);
  });
});

describe("A session, whoever writes it", () => {
  it.each([
    ["of a kind that there is not", "sessions_kind", "UPDATE sessions SET kind = 'app'"],
    ["that has ended by nobody", "sessions_ended", "UPDATE sessions SET ended_at = 1"],
    [
      "that somebody has ended at no time",
      "sessions_ended",
      "UPDATE sessions SET ended_by = 'user'",
    ],
    ["with the secret of another", "session_secrets.hash", insert("session_secrets")],
  ])("%s is refused", async (_, word, statement) => {
    expect(await byHand(...SIGNED_IN, statement)).toContain(word);
  });

  it("ends once, and may be said to have ended again", async () => {
    const end = "UPDATE sessions SET ended_at = 2, ended_by = 'user'";
    const revive = "UPDATE sessions SET ended_at = NULL, ended_by = NULL";
    expect(await byHand(...SIGNED_IN, revive, end, end)).toBe("taken");
    expect(await byHand(...SIGNED_IN, end, revive)).toContain("session_ended");
  });
});

describe("A link in a mail, whoever writes it", () => {
  const LINK = [...USER, insert("email_tokens")];
  const use = (at: number) => `UPDATE email_tokens SET used_at = ${at}`;

  it("is good once, up to the millisecond before its end", async () => {
    expect(await byHand(...LINK, use(8))).toBe("taken");
    expect(await byHand(...LINK, use(9))).toContain("email_token_expired");
    expect(await byHand(...LINK, use(2), use(3))).toContain("email_token_used");
    expect(await byHand(...LINK, use(2), "UPDATE email_tokens SET used_at = NULL")).toContain(
      "email_token_used",
    );
  });

  it.each([
    ["for what there is not", "email_tokens_purpose", insert("email_tokens", { purpose: "pay" })],
  ])("%s is refused", async (_, word, statement) => {
    expect(await byHand(...USER, statement)).toContain(word);
  });

  it("has a secret that no other has, or none", async () => {
    const two = (secret: string | null) =>
      ["emt_1", "emt_2"].map((id) => insert("email_tokens", { id, secret_hash: secret }));
    expect(await byHand(...USER, ...two("s1"))).toContain("email_tokens.secret_hash");
    expect(await byHand(...USER, ...two(null))).toBe("taken");
  });
});

describe("A key, whoever writes it", () => {
  it.each([
    [
      "for programs with the secret of another",
      "api_keys.hash",
      [
        insert("accounts"),
        insert("users"),
        insert("api_keys"),
        insert("api_keys", { id: "key_2" }),
      ],
    ],
    [
      "for signing in a state that there is not",
      "signing_keys_status",
      [insert("signing_keys", { status: "old" })],
    ],
    [
      "for signing, the second current one",
      "signing_keys.status",
      [insert("signing_keys"), insert("signing_keys", { kid: "k2" })],
    ],
    [
      "for signing, the second next one",
      "signing_keys.status",
      [
        insert("signing_keys", { status: "next" }),
        insert("signing_keys", { kid: "k2", status: "next" }),
      ],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...statements)).toContain(word);
  });

  it("for signing may be one of many that are retired", async () => {
    const retired = ["k1", "k2"].map((kid) => insert("signing_keys", { kid, status: "retired" }));
    expect(await byHand(...retired, insert("signing_keys", { kid: "k3" }))).toBe("taken");
  });
});

describe("The audit log, whoever writes it", () => {
  it("takes lines, and gives none back", async () => {
    const word = "audit_log is append-only";
    const line = insert("audit_log");
    expect(await byHand(line, mustBe("(SELECT count(*) FROM audit_log) = 1"))).toBe("taken");
    expect(await byHand(line, "UPDATE audit_log SET actor = 'y'")).toContain(word);
    expect(await byHand(line, "DELETE FROM audit_log")).toContain(word);
    expect(await byHand(line, line.replace("INSERT", "INSERT OR REPLACE"))).toContain(word);
  });
});
