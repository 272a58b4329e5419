import { expectCount, request, type Scenario } from "./scenario.ts";
import type { CrashShop, Sent } from "./shop.ts";

const PASSWORD = "correct horse battery staple";
const NEXT_PASSWORD = "another horse battery staple";
const EMAIL = "new@example.com";

const post = (path: string, body?: unknown, key = "one"): Sent => ({
  method: "POST",
  path: `/api/v1${path}`,
  headers: { "Idempotency-Key": key },
  ...(body === undefined ? {} : { body }),
});

const REGISTRATION = { email: EMAIL, password: PASSWORD, name: "New" };

async function register(shop: CrashShop) {
  const { body } = await shop.ok(post("/auth/register", REGISTRATION, "register"));
  const bearer = (sent: Sent): Sent => ({
    ...sent,
    headers: { Authorization: `Bearer ${body.data.accessToken}`, ...sent.headers },
  });
  return { ...body.data, bearer };
}

/** The token in the last mail with a link to this page. */
function tokenFor(shop: CrashShop, page: string): string {
  const mail = shop.world.internet.mail.mails.findLast(({ text }) => text.includes(page));
  const found = new RegExp(`${page}\\?token=([^\\s]+)`).exec(mail?.text ?? "")?.[1];
  if (found === undefined) throw new Error(`No mail has a link to ${page}`);
  return decodeURIComponent(found);
}

const mayLogIn = async (shop: CrashShop, password: string): Promise<string[]> => {
  const answer = await shop.send(post("/auth/login", { email: EMAIL, password }, "check"));
  return answer?.status === 200 ? [] : [`log-in answered ${answer?.status}`];
};

/** All of it is done, or none. */
const nobodyLeft = async (shop: CrashShop): Promise<string[]> => [
  ...(await expectCount(shop, 0, "FROM users WHERE email = ?", shop.customer.email)),
  ...(await expectCount(shop, 0, "FROM customers WHERE email = ?", shop.customer.email)),
  ...(await expectCount(
    shop,
    1,
    "FROM users u WHERE id = ? AND deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM forgettings WHERE user_id = u.id)",
    shop.customer.id,
  )),
  ...(await expectCount(
    shop,
    0,
    "FROM sessions WHERE user_id = ? AND ended_at IS NULL",
    shop.customer.id,
  )),
];

const SIGNING_IN: readonly Scenario[] = [
  {
    name: "somebody registers",
    route: "POST /auth/register",
    stage: async (shop) =>
      request(shop, post("/auth/register", REGISTRATION), async () => [
        ...(await expectCount(shop, 1, "FROM users WHERE email = ?", EMAIL)),
        ...(await mayLogIn(shop, PASSWORD)),
      ]),
  },
  {
    name: "somebody signs in",
    route: "POST /auth/login",
    stage: async (shop) => {
      await register(shop);
      const sent = post("/auth/login", { email: EMAIL, password: PASSWORD });
      return request(shop, sent, ({ status }) => (status === 200 ? [] : [`answered ${status}`]));
    },
  },
  {
    name: "tokens are rotated",
    route: "POST /auth/refresh",
    stage: async (shop) => {
      const { refreshToken } = await register(shop);
      return request(shop, post("/auth/refresh", { refreshToken }), ({ status }) =>
        status === 200 ? [] : [`answered ${status}`],
      );
    },
  },
  {
    name: "somebody signs out",
    route: "POST /auth/logout",
    stage: async (shop) => {
      const { refreshToken, bearer } = await register(shop);
      // Without a key: who has signed out has no token left to ask for the answer again with.
      const sent = { method: "POST", path: "/api/v1/auth/logout", body: { refreshToken } };
      return request(shop, bearer(sent), () =>
        expectCount(
          shop,
          0,
          "FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = ? AND s.ended_at IS NULL",
          EMAIL,
        ),
      );
    },
  },
  {
    name: "another session is ended",
    route: "DELETE /auth/sessions/{id}",
    stage: async (shop) => {
      const { bearer } = await register(shop);
      const [session] = await shop.world.rows<{ id: string }>(
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = ?",
        EMAIL,
      );
      const path = `/api/v1/auth/sessions/${session?.id}`;
      return request(shop, bearer({ method: "DELETE", path }), () =>
        expectCount(shop, 1, "FROM sessions WHERE id = ? AND ended_at IS NOT NULL", session?.id),
      );
    },
  },
];

const PROVING: readonly Scenario[] = [
  {
    name: "a new password is asked for",
    route: "POST /auth/password/forgot",
    stage: async (shop) => {
      await register(shop);
      return request(shop, post("/auth/password/forgot", { email: EMAIL }), () =>
        expectCount(shop, 1, "FROM outbox WHERE topic = 'mail.reset_password' AND status = 'done'"),
      );
    },
  },
  {
    name: "a new password is set",
    route: "POST /auth/password/reset",
    stage: async (shop) => {
      await register(shop);
      await shop.ok(post("/auth/password/forgot", { email: EMAIL }, "forgot"));
      await shop.settle();
      const body = { token: tokenFor(shop, "/reset-password"), password: NEXT_PASSWORD };
      return request(shop, post("/auth/password/reset", body), () => mayLogIn(shop, NEXT_PASSWORD));
    },
  },
  {
    name: "an address is proved",
    route: "POST /auth/email/verify",
    stage: async (shop) => {
      const { bearer } = await register(shop);
      await shop.settle();
      const sent = bearer(post("/auth/email/verify", { token: tokenFor(shop, "/verify-email") }));
      return request(shop, sent, () =>
        expectCount(shop, 1, "FROM users WHERE email = ? AND email_verified_at IS NOT NULL", EMAIL),
      );
    },
  },
  {
    name: "the link is sent again",
    route: "POST /auth/email/resend",
    stage: async (shop) => {
      const { bearer } = await register(shop);
      await shop.settle();
      return request(shop, bearer(post("/auth/email/resend")), ({ status }) =>
        status === 202 ? [] : [`answered ${status}`],
      );
    },
  },
];

const MANAGING: readonly Scenario[] = [
  {
    name: "somebody changes their name",
    route: "PATCH /me",
    stage: async (shop) => {
      const body = { name: "Renamed" };
      const sent = await shop.asUser({ method: "PATCH", path: "/api/v1/me", body });
      return request(shop, sent, () =>
        expectCount(shop, 1, "FROM users WHERE name = 'Renamed' AND id = ?", shop.customer.id),
      );
    },
  },
  {
    name: "somebody deletes themselves",
    route: "DELETE /me",
    stage: async (shop) => {
      const sent = await shop.asUser({ method: "DELETE", path: "/api/v1/me", body: {} });
      return request(shop, sent, () => nobodyLeft(shop));
    },
  },
  {
    name: "a customer is deleted",
    route: "DELETE /customers/{id}",
    stage: async (shop) => {
      const [row] = await shop.world.rows<{ id: string }>(
        "SELECT id FROM customers WHERE email = ?",
        shop.customer.email,
      );
      const path = `/api/v1/customers/${row?.id}`;
      return request(shop, shop.asOperator({ method: "DELETE", path }), () => nobodyLeft(shop));
    },
  },
  {
    name: "a user is disabled",
    route: "PATCH /users/{id}",
    stage: async (shop) => {
      const path = `/api/v1/users/${shop.customer.id}`;
      const sent = shop.asOperator({ method: "PATCH", path, body: { disabled: true } });
      return request(shop, sent, async () => [
        ...(await expectCount(
          shop,
          0,
          "FROM sessions WHERE user_id = ? AND ended_at IS NULL",
          shop.customer.id,
        )),
        // A repeated PATCH is another entry: it was asked for twice.
        ...(await expectCount(
          shop,
          1,
          "FROM users u WHERE id = ? AND EXISTS (SELECT 1 FROM audit_log WHERE target = u.id)",
          shop.customer.id,
        )),
      ]);
    },
  },
  {
    name: "a key for a program is made",
    route: "POST /api-keys",
    stage: async (shop) => {
      const sent = shop.asOperator(post("/api-keys", { name: "sync", scopes: ["orders:read"] }));
      return request(shop, sent, () => expectCount(shop, 1, "FROM api_keys WHERE name = 'sync'"));
    },
  },
  {
    name: "a key for a program is taken over",
    route: "PATCH /api-keys/{id}",
    stage: async (shop) => {
      const made = post("/api-keys", { name: "sync", scopes: ["orders:read"] });
      const { body } = await shop.ok(shop.asOperator(made));
      const path = `/api/v1/api-keys/${body.data.id}`;
      const sent = { method: "PATCH", path, body: { keep: true } };
      return request(shop, await shop.asUser(sent, shop.admin), () =>
        expectCount(shop, 1, "FROM api_keys WHERE name = 'sync' AND revoked_at IS NULL"),
      );
    },
  },
  {
    name: "a key for a program is ended",
    route: "DELETE /api-keys/{id}",
    stage: async (shop) => {
      const made = post("/api-keys", { name: "sync", scopes: ["orders:read"] });
      const { body } = await shop.ok(shop.asOperator(made));
      const path = `/api/v1/api-keys/${body.data.id}`;
      return request(shop, shop.asOperator({ method: "DELETE", path }), () =>
        expectCount(shop, 1, "FROM api_keys WHERE name = 'sync' AND revoked_at IS NOT NULL"),
      );
    },
  },
];

/** Every mutating route of identity. */
export const IDENTITY_SCENARIOS = [...SIGNING_IN, ...PROVING, ...MANAGING];
