import { env } from "cloudflare:workers";
import { type Member, makeMember, makeSession } from "./credentials.ts";
import { type Answer, type Call, call, newKeyWhereNeeded } from "./http.ts";

export const PASSWORD = "correct horse battery staple";

export interface Person {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

let count = 0;
/** Tests travel in time, and an access token is good for 15 minutes. */
const FRESH_MS = 10 * 60_000;
let admin: { readonly member: Promise<Member>; readonly since: number } | undefined;

function newAddress(): string {
  count += 1;
  return `person-${count}@example.com`;
}

/** Registers somebody over the API. */
export async function registerPerson(email = newAddress()): Promise<Person> {
  const answer = await call("POST", "/api/v1/auth/register", {
    body: { email, password: PASSWORD, name: "Ada Lovelace" },
  });
  if (answer.status !== 201) throw new Error(answer.text);
  const { user, accessToken, refreshToken } = answer.body.data;
  return { id: user.id, accountId: user.account.id, email: user.email, accessToken, refreshToken };
}

/** Somebody with a role, signed in after they got it. */
export async function personWithRole(role: "customer" | "agent" | "admin"): Promise<Person> {
  const person = await registerPerson();
  if (role === "customer") return person;
  await env.DB.prepare("UPDATE users SET role = ? WHERE id = ?").bind(role, person.id).run();
  const answer = await call("POST", "/api/v1/auth/refresh", {
    body: { refreshToken: person.refreshToken },
  });
  const { accessToken, refreshToken } = answer.body.data;
  return { ...person, accessToken, refreshToken };
}

/** The shop's admin in this test, with an access token that is still good. */
export function theAdmin(): Promise<Member> {
  const now = Date.now();
  if (admin === undefined) admin = { member: makeMember("admin"), since: now };
  else if (Math.abs(now - admin.since) > FRESH_MS) {
    admin = { member: admin.member.then(signedInAgain), since: now };
  }
  return admin.member;
}

async function signedInAgain(member: Member): Promise<Member> {
  const { id: sessionId, ...tokens } = await makeSession(member.id);
  return { ...member, sessionId, ...tokens };
}

/** The shop is empty again. */
export function forgetPeople(): void {
  admin = undefined;
}

/** One request with somebody's access token, and with a new idempotency key where one is needed. */
export function as(
  person: Pick<Person, "accessToken">,
  method: string,
  path: string,
  options: Call = {},
): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${person.accessToken}`,
    ...newKeyWhereNeeded(method, path),
    ...options.headers,
  };
  return call(method, path, { ...options, headers });
}

/** Whoever has registered an address says that a link in its mail is theirs. */
export function verifyAs(person: Pick<Person, "accessToken">, token: string): Promise<Answer> {
  return as(person, "POST", "/api/v1/auth/email/verify", { body: { token } });
}

/** One request as the shop's admin. */
export async function asAdmin(method: string, path: string, options: Call = {}): Promise<Answer> {
  return as(await theAdmin(), method, path, options);
}
