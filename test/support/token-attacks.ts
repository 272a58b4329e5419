import { expect } from "vitest";
import { type Member, makeMember } from "./credentials.ts";
import { expectError } from "./expect-error.ts";
import { call } from "./http.ts";
import { logOf } from "./rig.ts";
import { present, shopKey, strangeKey, type TestKey } from "./tokens.ts";

export const UNAUTHENTICATED = {
  code: "UNAUTHENTICATED",
  message: "This call needs valid credentials: Authorization: Bearer <access token or API key>.",
} as const;

export interface Scene {
  readonly member: Member;
  /** The shop's own signing key. */
  readonly ours: TestKey;
  /** The attacker's. */
  readonly theirs: TestKey;
  /** A token that is in order. */
  readonly good: string;
}

export async function scene(): Promise<Scene> {
  const member = await makeMember();
  const good = member.accessToken;
  expect((await present(good)).status).toBe(200);
  return { member, good, ours: await shopKey(), theirs: await strangeKey() };
}

export type Attacks = Readonly<Record<string, string | Promise<string>>>;

/** Sends each as the whole `Authorization` header and expects the one answer; names those that got another. */
export async function expectRefused(attacks: Attacks): Promise<void> {
  const wrong: string[] = [];
  const { lines } = await logOf(async () => {
    for (const [name, made] of Object.entries(attacks)) {
      const Authorization = await made;
      const answer = await call("GET", "/api/v1/me", { headers: { Authorization } });
      try {
        expectError(answer, 401, UNAUTHENTICATED);
        expect(answer.headers.get("WWW-Authenticate")).toBe('Bearer realm="holdfast"');
      } catch {
        wrong.push(`${name}: ${answer.status} ${answer.text}`);
      }
    }
  }, "request");
  expect(wrong).toEqual([]);
  expect(lines.filter(({ level }) => level !== "info")).toEqual([]);
}

/** As bearer tokens. */
export const bearer = (tokens: Attacks): Attacks =>
  Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [
      name,
      Promise.resolve(token).then((text) => `Bearer ${text}`),
    ]),
  );

/** Makes an attack of every value. */
export function each(
  values: Readonly<Record<string, unknown>>,
  make: (value: unknown) => Promise<string>,
): Attacks {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
}
