import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../scripts/dev/refusal.ts";
import { createAdmin } from "../../../scripts/operate/create-admin.ts";
import { createKey } from "../../../scripts/operate/create-key.ts";
import { rotateKeys } from "../../../scripts/operate/rotate-keys.ts";
import { sealKeys } from "../../../scripts/operate/seal-keys.ts";
import { type Choice, openShop } from "../../../scripts/operate/shop.ts";
import { CloudflareAccount } from "../deploy-account.ts";
import { ask as askShop, restartShop, theShop } from "./shop.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");
const PASSWORD = "correct horse battery staple";
const ANOTHER_PASSWORD = "purple lamp under seven seas";
const LINK = /^ {2}(\S+\/reset-password\?token=(link_[0-9A-Za-z]{30,40}))$/m;
const KEY = /^ {2}(hf_[0-9A-Za-z]{36,46})$/m;

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** `npm run <name> -- <args>` */
function run(
  name: "admin" | "keys" | "reindex",
  args: string[],
  env: Record<string, string>,
): Promise<Ran> {
  const child = spawn(process.execPath, [`scripts/${name}.ts`, ...args], {
    env: { ...process.env, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

const local = (name: "admin" | "keys" | "reindex", ...args: string[]) =>
  run(name, args, { HOLDFAST_STATE: theShop().folder });

/** What these commands open, without starting a program for each. */
const opened = (choice: Choice = {}, folder = theShop().folder) =>
  openShop(choice, { root: REPOSITORY, env: { ...process.env, HOLDFAST_STATE: folder } });
const makeAdmin = (email: string) => createAdmin(opened(), { email }, Date.now());
const tokenOf = (link: string) => new URL(link).searchParams.get("token") ?? "";

const ask = (method: string, path: string, body?: object, bearer?: string) =>
  askShop(
    method,
    `/api/v1${path}`,
    body,
    bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` },
  );

const logIn = (email: string, password: string) => ask("POST", "/auth/login", { email, password });
const choose = (token: string, password: string) =>
  ask("POST", "/auth/password/reset", { token, password });
const auditOf = async (target: string) =>
  (await ask("GET", `/audit-log?target=${target}`, undefined, theShop().adminApiKey)).data;
const kidOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;

function creation(): void {
  it("makes an admin who chooses a password by a link that is good once, and no forged one", async () => {
    const name = `Robert'); DROP TABLE users; -- "\\ ✓`;
    const { code, output } = await local("admin", "create", "First@Example.com", "--name", name);
    expect([code, output]).toEqual([0, expect.stringContaining("first@example.com")]);
    const [, link, token = ""] = LINK.exec(output) ?? [];
    expect(link).toBe(`${theShop().url}/reset-password?token=${token}`);
    expect((await logIn("first@example.com", PASSWORD)).status).toBe(401);

    expect((await choose(`link_${"0".repeat(40)}`, PASSWORD)).status).toBe(422);
    expect((await ask("POST", "/auth/email/verify", { token })).status).toBe(401);
    expect((await choose(token, PASSWORD)).status).toBe(204);
    expect(await choose(token, ANOTHER_PASSWORD)).toMatchObject({
      status: 422,
      error: { code: "VALIDATION_FAILED", fields: { token: expect.any(String) } },
    });

    const { data } = await logIn("first@example.com", PASSWORD);
    expect(data.user).toMatchObject({ name, role: "admin", emailVerified: true });
    expect((await ask("GET", "/users", undefined, data.accessToken)).status).toBe(200);
    expect(await auditOf(data.user.id)).toContainEqual(
      expect.objectContaining({ actor: "admin-script", action: "user.made_admin" }),
    );
  });

  it("promotes a user, whose old password and sessions end", async () => {
    const squatter = { email: "second@example.com", password: PASSWORD, name: "Who knows" };
    const registered = (await ask("POST", "/auth/register", squatter)).data;

    const { link } = await makeAdmin("second@example.com");

    expect((await logIn(squatter.email, PASSWORD)).status).toBe(401);
    const { refreshToken } = registered;
    expect((await ask("POST", "/auth/refresh", { refreshToken })).status).toBe(401);
    await choose(tokenOf(link), ANOTHER_PASSWORD);
    const { data } = await logIn(squatter.email, ANOTHER_PASSWORD);
    // What a stranger has called them goes with the stranger's password.
    expect(data.user).toMatchObject({ id: registered.user.id, role: "admin", name: "second" });
  });

  it("refuses a disabled user, and changes nothing", async () => {
    const person = { email: "third@example.com", password: PASSWORD, name: "Gone" };
    const { user } = (await ask("POST", "/auth/register", person)).data;
    await ask("PATCH", `/users/${user.id}`, { disabled: true }, theShop().adminApiKey);

    await expect(makeAdmin("third@example.com")).rejects.toThrow("is disabled");

    await ask("PATCH", `/users/${user.id}`, { disabled: false }, theShop().adminApiKey);
    const { data } = await logIn(person.email, PASSWORD);
    expect(data.user).toMatchObject({ role: "customer" });
    expect((await auditOf(user.id)).map(({ actor }: { actor: string }) => actor)).not.toContain(
      "admin-script",
    );
  });

  it("says in one sentence what it cannot do", async () => {
    const cases: [() => unknown, string][] = [
      [() => makeAdmin("nobody"), "The email is not an email address."],
      [() => opened({ env: "staging" }), "add --remote"],
      [() => opened({ remote: true }), "--env staging or --env production"],
      [
        () => createKey(opened(), { name: "x", scopes: "everything" }, Date.now()),
        "--scopes is one or more of catalog:write,",
      ],
      [() => opened({}, "nowhere"), "npm run dev"],
    ];
    for (const [work, words] of cases) {
      const refusal = await Promise.resolve()
        .then(work)
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Refusal);
      expect(String(refusal)).toContain(words);
    }
    const { code, output } = await local("admin", "creat", "a@example.com");
    expect([code, output]).toEqual([1, expect.stringContaining("npm run admin -- create <email>")]);
    expect(output).not.toContain("    at ");
  });
}

const CURRENT = "SELECT kid FROM signing_keys WHERE status = 'current'";

function keys(): void {
  it("makes a key that is good for its scopes and no others", async () => {
    const { output } = await local("admin", "key", "stock sync", "--scopes", "inventory:read");
    const key = KEY.exec(output)?.[1];
    expect((await ask("GET", "/inventory", undefined, key)).status).toBe(200);
    expect((await ask("GET", "/users", undefined, key)).status).toBe(403);
  });

  it("signs new tokens with the published key when told to rotate, and old tokens stay good", async () => {
    const [admin] = theShop().users;
    const before = (await logIn(admin?.email ?? "", admin?.password ?? "")).data.accessToken;
    const published = await (await fetch(`${theShop().url}/.well-known/jwks.json`)).json();

    // The shop would take up to five minutes to read its keys again.
    await restartShop(async () => {
      expect((await local("keys", "rotate")).code).toBe(0);
      await expect(rotateKeys(opened(), Date.now())).rejects.toThrow("no next key yet");
    });

    const after = (await logIn(admin?.email ?? "", admin?.password ?? "")).data.accessToken;
    expect(kidOf(after)).not.toBe(kidOf(before));
    expect(published.keys.map(({ kid }: { kid: string }) => kid)).toContain(kidOf(after));
    for (const token of [before, after])
      expect((await ask("GET", "/me", undefined, token)).status).toBe(200);

    await theShop().fire("*/5 * * * *");
    expect((await rotateKeys(opened(), Date.now())).kid).not.toBe(kidOf(after));
  });

  it("seals the keys with a new TOKEN_SECRET, with which the shop goes on signing with them", async () => {
    const [admin] = theShop().users;
    const enter = async () =>
      (await logIn(admin?.email ?? "", admin?.password ?? "")).data.accessToken;
    const before = await enter();
    // The running shop may have the keys of before the last rotation in mind for some minutes more.
    const current = theShop().database((files) => files.prepare(CURRENT).get()?.["kid"]);
    const tokenSecret = "a-secret-that-is-new-0000000000000000";
    const without = await local("keys", "seal");
    expect([without.code, without.output]).toEqual([
      1,
      expect.stringContaining("Give TOKEN_SECRET and TOKEN_SECRET_PREVIOUS"),
    ]);
    await restartShop(async ({ folder }) => {
      const file = join(folder, "secrets.json");
      const { tokenSecret: previousTokenSecret, ...others } = JSON.parse(
        readFileSync(file, "utf8"),
      );
      const secrets = { tokenSecret, previousTokenSecret };
      const { sealedAgain, lost } = await sealKeys(opened(), secrets, Date.now());
      expect([sealedAgain > 0, lost]).toEqual([true, 0]);
      expect(await sealKeys(opened(), secrets, Date.now())).toEqual({ sealedAgain: 0, lost: 0 });
      writeFileSync(file, JSON.stringify({ ...others, tokenSecret }));
    });
    const after = await enter();
    expect(kidOf(after)).toBe(current);
    for (const token of [before, after])
      expect((await ask("GET", "/me", undefined, token)).status).toBe(200);
  });
}

const fillings = () =>
  opened().transactSearch(["SELECT kind, generation, filled FROM index_state ORDER BY kind"]);

function reindexing(): void {
  it("fills the index of words anew when told to, and what it has is found until that is done", async () => {
    await theShop().fire("* * * * *");
    const [product] = (await ask("GET", "/products?pageSize=1")).data;
    const path = `/products?q=${encodeURIComponent(product.title)}`;
    const found = async () =>
      (await ask("GET", path)).data.map(({ id }: { id: string }) => id).includes(product.id);
    expect(await found()).toBe(true);
    const { code, output } = await local("reindex");
    expect([code, output]).toEqual([0, expect.stringContaining("being filled anew")]);
    expect(await found()).toBe(true);
    await theShop().fire("* * * * *");
    expect(await found()).toBe(true);
    expect(await fillings()).toEqual([
      { kind: "customers", generation: 2, filled: 2 },
      { kind: "orders", generation: 2, filled: 2 },
      { kind: "products", generation: 2, filled: 2 },
    ]);
  });

  it("begins one kind alone when told so, and refuses what is none", async () => {
    expect((await local("reindex", "orders")).code).toBe(0);
    await theShop().fire("* * * * *");
    expect(await fillings()).toEqual([
      { kind: "customers", generation: 2, filled: 2 },
      { kind: "orders", generation: 3, filled: 3 },
      { kind: "products", generation: 2, filled: 2 },
    ]);
    expect((await local("reindex", "people")).code).toBe(1);
    expect(await fillings()).toMatchObject([
      { generation: 2 },
      { generation: 3 },
      { generation: 2 },
    ]);
  });
}

function deployed(): void {
  it("works on the database of that environment", async () => {
    const account = new CloudflareAccount();
    await account.listen();
    const rows = new DatabaseSync(":memory:");
    for (const file of readdirSync("migrations")
      .filter((name) => name.endsWith(".sql"))
      .sort())
      rows.exec(readFileSync(`migrations/${file}`, "utf8"));
    account.databases.set("holdfast-staging", { uuid: crypto.randomUUID(), rows });
    try {
      const args = ["create", "owner@example.com", "--env", "staging", "--remote"];
      const { code, output } = await run("admin", args, account.env);
      expect([code, output]).toEqual([0, expect.stringMatching(LINK)]);
      expect(output).toContain("https://holdfast-staging.");
      expect(rows.prepare("SELECT email, role FROM users").all()).toEqual([
        { email: "owner@example.com", role: "admin" },
      ]);
      expect(rows.prepare("SELECT secret_hash FROM email_tokens").get()).toBeDefined();
      expect(rows.prepare("SELECT topic, status FROM outbox").all()).toEqual([
        { topic: "search.user", status: "pending" },
      ]);
      expect(account.unknown).toEqual([]);

      account.refuse = /^POST \/d1/;
      const refused = await run("admin", args, account.env);
      expect([refused.code, refused.output]).toEqual([
        1,
        expect.stringContaining("Whether the database was changed is not known"),
      ]);
    } finally {
      await account.close();
    }
  });
}

export function operators(): void {
  describe("npm run admin -- create, while the shop runs", creation);
  describe("npm run admin -- key, and npm run keys", keys);
  describe("npm run reindex", reindexing);
  describe("npm run admin, for a deployed shop", deployed);
}
