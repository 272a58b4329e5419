import { customerId } from "./customers.ts";
import type { Answer } from "./http.ts";
import { call } from "./http.ts";
import { mailedToken } from "./mailbox.ts";
import { as, asAdmin, PASSWORD, personWithRole, registerPerson, verifyAs } from "./people.ts";

async function madeKey(): Promise<string> {
  const body = { name: "Test", scopes: ["orders:read"] };
  return (await asAdmin("POST", "/api/v1/api-keys", { body })).body.data.id;
}

/** Each route of identity with its budget of round trips and a successful visit. */
export const IDENTITY_VISITS: Readonly<Record<string, readonly [number, () => Promise<Answer>]>> = {
  "GET /.well-known/jwks.json": [0, () => call("GET", "/.well-known/jwks.json")],
  "POST /api/v1/auth/register": [
    1,
    () =>
      call("POST", "/api/v1/auth/register", {
        body: { email: `${crypto.randomUUID()}@example.com`, password: PASSWORD, name: "Ada" },
      }),
  ],
  "POST /api/v1/auth/login": [
    2,
    async () => {
      const { email } = await registerPerson();
      return call("POST", "/api/v1/auth/login", { body: { email, password: PASSWORD } });
    },
  ],
  "POST /api/v1/auth/refresh": [
    2,
    async () => {
      const { refreshToken } = await registerPerson();
      return call("POST", "/api/v1/auth/refresh", { body: { refreshToken } });
    },
  ],
  "POST /api/v1/auth/logout": [
    2,
    async () => {
      const person = await registerPerson();
      const body = { refreshToken: person.refreshToken };
      return as(person, "POST", "/api/v1/auth/logout", { body });
    },
  ],
  "GET /api/v1/auth/sessions": [
    1,
    async () => as(await registerPerson(), "GET", "/api/v1/auth/sessions"),
  ],
  "DELETE /api/v1/auth/sessions/{id}": [
    1,
    async () => {
      const person = await registerPerson();
      const [session] = (await as(person, "GET", "/api/v1/auth/sessions")).body.data;
      return as(person, "DELETE", `/api/v1/auth/sessions/${session.id}`);
    },
  ],
  "POST /api/v1/auth/password/forgot": [
    1,
    () => call("POST", "/api/v1/auth/password/forgot", { body: { email: "nobody@example.com" } }),
  ],
  // One of them for the address, which is no password.
  "POST /api/v1/auth/password/reset": [
    2,
    async () => {
      const { email } = await registerPerson();
      await call("POST", "/api/v1/auth/password/forgot", { body: { email } });
      const body = {
        token: await mailedToken(email, "/reset-password"),
        password: `${PASSWORD} 2`,
      };
      return call("POST", "/api/v1/auth/password/reset", { body });
    },
  ],
  "POST /api/v1/auth/email/verify": [
    1,
    async () => {
      const person = await registerPerson();
      return verifyAs(person, await mailedToken(person.email, "/verify-email"));
    },
  ],
  "POST /api/v1/auth/email/resend": [
    2,
    async () => as(await registerPerson(), "POST", "/api/v1/auth/email/resend"),
  ],
  "GET /api/v1/me": [1, async () => as(await registerPerson(), "GET", "/api/v1/me")],
  "PATCH /api/v1/me": [
    2,
    async () => as(await registerPerson(), "PATCH", "/api/v1/me", { body: { name: "Grace" } }),
  ],
  "GET /api/v1/me/export": [2, async () => as(await registerPerson(), "GET", "/api/v1/me/export")],
  "DELETE /api/v1/me": [
    2,
    async () =>
      as(await registerPerson(), "DELETE", "/api/v1/me", { body: { currentPassword: PASSWORD } }),
  ],
  "GET /api/v1/customers/{id}/export": [
    2,
    async () => {
      const { email } = await registerPerson();
      return asAdmin("GET", `/api/v1/customers/${await customerId(email)}/export`);
    },
  ],
  "DELETE /api/v1/customers/{id}": [
    2,
    async () => {
      const { email } = await registerPerson();
      return asAdmin("DELETE", `/api/v1/customers/${await customerId(email)}`);
    },
  ],
  "GET /api/v1/users": [1, () => asAdmin("GET", "/api/v1/users?include=total")],
  "PATCH /api/v1/users/{id}": [
    1,
    async () => {
      const { id } = await personWithRole("customer");
      return asAdmin("PATCH", `/api/v1/users/${id}`, { body: { role: "agent" } });
    },
  ],
  "GET /api/v1/customers": [1, () => asAdmin("GET", "/api/v1/customers?include=total")],
  "GET /api/v1/customers/{id}": [
    1,
    async () => {
      const { email } = await registerPerson();
      return asAdmin("GET", `/api/v1/customers/${await customerId(email)}`);
    },
  ],
  "POST /api/v1/api-keys": [
    1,
    () => asAdmin("POST", "/api/v1/api-keys", { body: { name: "Test", scopes: ["orders:read"] } }),
  ],
  "GET /api/v1/api-keys": [1, () => asAdmin("GET", "/api/v1/api-keys?include=total")],
  "PATCH /api/v1/api-keys/{id}": [
    1,
    async () => asAdmin("PATCH", `/api/v1/api-keys/${await madeKey()}`, { body: { keep: true } }),
  ],
  "DELETE /api/v1/api-keys/{id}": [
    1,
    async () => asAdmin("DELETE", `/api/v1/api-keys/${await madeKey()}`),
  ],
  "GET /api/v1/audit-log": [1, () => asAdmin("GET", "/api/v1/audit-log?include=total")],
};
