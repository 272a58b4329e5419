import { newApiKey } from "../../../src/identity/api-keys/api-key-secret.ts";
import { hashSecret, newBrowserSecret } from "../../../src/identity/secrets.ts";
import { newId } from "../../../src/platform/ids.ts";
import { type Role, SCOPES, type Scope } from "../../../src/platform/roles.ts";
import {
  type Answer,
  isGone,
  makeUser,
  type Random,
  type SignedIn,
  tokenOf,
  type World,
} from "../world/index.ts";
import { Knowledge, OWN_ADDRESS } from "./knowledge.ts";
import { fillPath, formBody, jsonBody, type Route, type RouteTable, searchIn } from "./routes.ts";
import { CANCELS } from "./state.ts";

/** Who walks: a guest, a customer, an agent, or a program with this one scope. */
export const CALLERS = ["guest", "customer", "agent", ...SCOPES] as const;
export type CallerKind = (typeof CALLERS)[number];

const AGENT = ["inventory:read", "orders:read", "tickets:read", "tickets:write", CANCELS] as const;
const ADDRESS = "203.0.113.66";
const SESSION_LIFE_MS = 30 * 24 * 3_600_000;

/** One way in which the walker can say who they are. */
interface Credential {
  readonly label: string;
  readonly authorization: () => Promise<string | undefined>;
  /** Signs in again after a session has ended. */
  readonly again?: () => Promise<void>;
}

const NOBODY: Credential = { label: "nobody", authorization: async () => undefined };

/** What one request of the walker was, and what came of it. */
export interface Try {
  readonly name: string;
  readonly shown: string;
  readonly status: number;
}

/** Somebody who tries every route with everything they have seen. */
export class Intruder {
  /** Their accounts, users and keys; what they have made as a guest; what they may do besides. */
  readonly owners = new Set<string>();
  readonly made = new Set<string>();
  readonly powers = new Set<string>();
  readonly knows: Knowledge;
  /** The admin whose key a program has. */
  owner: SignedIn | undefined;
  readonly #world: World;
  readonly #random: Random;
  readonly #table: RouteTable;
  readonly #credentials: Credential[] = [NOBODY];
  #main: Credential = NOBODY;
  readonly #cookies = new Map<string, string>();

  constructor(world: World, random: Random, table: RouteTable) {
    this.#world = world;
    this.#random = random;
    this.#table = table;
    this.knows = new Knowledge(random, () => world.now);
  }

  async become(kind: CallerKind): Promise<void> {
    if (kind !== "guest") await this.#signUp(kind);
    this.#main = this.#credentials.at(-1) ?? NOBODY;
  }

  async #signUp(kind: Exclude<CallerKind, "guest">): Promise<void> {
    const customer = await this.#user("mallory", "customer");
    await this.#openBrowser(customer);
    if (kind === "customer") return;
    if (kind === "agent") {
      await this.#user("mallory-agent", "agent");
      for (const scope of AGENT) this.powers.add(scope);
    } else await this.#takeKey(kind);
  }

  async #user(name: string, role: Role): Promise<SignedIn> {
    const person = await makeUser(this.#world, name, role);
    this.owners.add(person.accountId).add(person.id);
    let current = person;
    let coming: Promise<SignedIn> | undefined; // of two requests at once, one comes back
    this.#credentials.push({
      label: person.email,
      authorization: async () => {
        if (await isGone(this.#world, current)) {
          coming ??= this.#comeBack(person, name, role);
          current = await coming;
          coming = undefined;
        }
        return `Bearer ${await tokenOf(this.#world, current)}`;
      },
      again: async () => {
        if (await isGone(this.#world, current)) return;
        current = { ...current, sessionId: await openSession(this.#world, current.id, "token") };
      },
    });
    return person;
  }

  /** Whoever has deleted themselves registers anew, and is somebody else: perhaps by a request of the walk already. */
  async #comeBack({ email }: SignedIn, name: string, role: Role): Promise<SignedIn> {
    const [there] = await this.#world.rows<{ id: string; accountId: string }>(
      "SELECT id, account_id AS accountId FROM users WHERE email = ?",
      email,
    );
    const person =
      there === undefined
        ? await makeUser(this.#world, name, role)
        : { ...there, email, sessionId: await openSession(this.#world, there.id, "token") };
    this.owners.add(person.accountId).add(person.id);
    return person;
  }

  async #openBrowser(person: SignedIn): Promise<void> {
    const { now } = this.#world;
    const secret = newBrowserSecret();
    const id = await openSession(this.#world, person.id, "browser");
    await this.#world.rows(
      "INSERT INTO session_secrets (hash, session_id, created_at) VALUES (?, ?, ?)",
      ...[await hashSecret(secret), id, now],
    );
    this.#cookies.set("__Host-session", secret);
  }

  /** A key with one scope, which an admin has made. */
  async #takeKey(scope: Scope): Promise<void> {
    const world = this.#world;
    const owner = await makeUser(world, "mona", "admin");
    const [id, secret] = [newId("key", world.now), await newApiKey()];
    await world.rows(
      "INSERT INTO api_keys (id, name, hash, hint, scopes, created_by, owner_id, created_at) VALUES (?, 'walk', ?, '0000', ?, ?, ?, ?)",
      ...[id, await hashSecret(secret), JSON.stringify([scope]), owner.id, owner.id, world.now],
    );
    this.owner = owner;
    this.owners.add(id);
    this.powers.add(scope);
    this.#credentials.push({
      label: `a key of ${scope}`,
      authorization: async () => `Bearer ${secret}`,
    });
  }

  /** Reads what came to their own address. */
  readMail(to: string, text: string): void {
    if (to === OWN_ADDRESS) this.knows.learn(text);
  }

  async tryRoute(route: Route): Promise<Try | undefined> {
    const credential = this.#pickCredential();
    const filled = fillPath(route.path, this.knows);
    const path = route.method === "GET" ? filled + searchIn(filled, this.knows) : filled;
    const forPrograms = /^\/(api|webhooks|health)/.test(path);
    const answer = forPrograms
      ? await this.#call(route, path, credential)
      : await this.#visit(route, path);
    if (answer === undefined) return undefined;
    if (answer.status === 401) await credential.again?.();
    const { headers, text, status } = answer;
    const shown = [text, headers.get("Location") ?? "", ...headers.getSetCookie()].join("\n");
    this.knows.learn(shown);
    if (forPrograms) this.#takeCredentials(answer);
    const who = forPrograms ? credential.label : "a browser";
    return { name: `${route.method} ${path} as ${who}: ${status}`, shown, status };
  }

  /** Mostly as what this caller is for; as somebody else whom they can be now and then. */
  #pickCredential(): Credential {
    const found = this.#random.chance(0.7) ? undefined : this.#random.pick(this.#credentials);
    return found ?? this.#main;
  }

  async #call(route: Route, path: string, credential: Credential): Promise<Answer | undefined> {
    const { knows } = this;
    const sampling = {
      random: this.#random,
      schemas: this.#table.schemas,
      named: (name: string) => knows.named(name),
    };
    const body = jsonBody(route, sampling);
    const authorization = await credential.authorization();
    const token = knows.token("ot_");
    return this.#world.request(route.method, path, {
      ...(body === undefined ? {} : { body }),
      headers: {
        "CF-Connecting-IP": ADDRESS,
        "Idempotency-Key": `walk-${this.#random.uint32()}`,
        ...(authorization === undefined ? {} : { Authorization: authorization }),
        ...(token === undefined || this.#random.chance(0.5) ? {} : { "X-Order-Token": token }),
      },
    });
  }

  async #visit(route: Route, path: string): Promise<Answer | undefined> {
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reads = route.method === "GET";
    const token = this.#random.chance(0.3) ? this.knows.token() : undefined;
    const query = reads && token !== undefined ? `?token=${encodeURIComponent(token)}` : "";
    const answer = await this.#world.request(route.method, path + query, {
      ...(reads ? {} : { body: formBody((name) => this.knows.named(name)) }),
      headers: {
        ...{
          "CF-Connecting-IP": ADDRESS,
          Origin: "https://shop.test",
          "Sec-Fetch-Site": "same-origin",
        },
        ...(reads ? {} : { "Content-Type": "application/x-www-form-urlencoded" }),
        ...(cookies === "" ? {} : { Cookie: cookies }),
      },
    });
    for (const cookie of answer?.headers.getSetCookie() ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value !== "") this.#cookies.set(name, value);
    }
    return answer;
  }

  /** Whoever was registered, signed in or made can be walked as, too. */
  #takeCredentials({ status, body }: Answer): void {
    if (status >= 300 || body?.data === undefined) return;
    const { accessToken, user, secret } = body.data;
    const as = (label: string, text: string) =>
      this.#credentials.push({ label, authorization: async () => `Bearer ${text}` });
    if (typeof accessToken === "string") as(String(user?.email ?? "a user"), accessToken);
    if (typeof secret === "string") as("a key they made", secret);
  }
}

async function openSession(
  world: World,
  userId: string,
  kind: "token" | "browser",
): Promise<string> {
  const { now } = world;
  const id = newId("ses", now);
  await world.rows(
    "INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at) VALUES (?, ?, ?, '', '', ?, ?, ?)",
    ...[id, userId, kind, now, now, now + SESSION_LIFE_MS],
  );
  return id;
}
