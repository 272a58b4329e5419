import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { unstable_splitSqlQuery as splitSql } from "wrangler";
import * as z from "zod";
import { type Answer, CloudflareApi, type Failure, type Routes } from "./deploy-api.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";

/** A Worker as the account knows it. */
export interface DeployedWorker {
  secrets: Map<string, string>;
  bindings: z.infer<typeof metadataSchema>["bindings"];
  crons: unknown;
  uploads: number;
}

const nameSchema = z.object({ name: z.string() });
const sqlSchema = z.object({ sql: z.string() });
const queueSchema = z.object({ queue_name: z.string() });
const consumerSchema = z.looseObject({ script_name: z.string() });
const metadataSchema = z.object({
  bindings: z.array(z.looseObject({ name: z.string(), type: z.string() })),
});

const workerNotFound: Failure = {
  status: 404,
  code: 10007,
  message: "This Worker does not exist on your account.",
};

/** The part of Cloudflare's API that a deployment touches, with real SQLite behind D1. */
export class CloudflareAccount extends CloudflareApi {
  readonly databases = new Map<string, { uuid: string; rows: DatabaseSync }>();
  readonly buckets = new Set<string>();
  readonly queues = new Map<string, { id: string; consumers: unknown[] }>();
  readonly workers = new Map<string, DeployedWorker>();

  constructor() {
    super(`/accounts/${ACCOUNT}`);
  }

  override async close(): Promise<void> {
    for (const { rows } of this.databases.values()) rows.close();
    await super.close();
  }

  /** The environment in which wrangler works on this account. */
  get env(): Record<string, string> {
    return {
      CLOUDFLARE_API_BASE_URL: this.url,
      CLOUDFLARE_API_TOKEN: "account-token",
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    };
  }

  private worker(name = ""): DeployedWorker {
    const worker = this.workers.get(name) ?? {
      secrets: new Map(),
      bindings: [],
      crons: undefined,
      uploads: 0,
    };
    this.workers.set(name, worker);
    return worker;
  }

  protected readonly routes: Routes = [
    [/^GET \/user\/tokens\/verify$/, () => ({ result: { id: "token", status: "active" } })],
    [/^GET \/user$/, () => ({ result: { email: "owner@shop.test" } })],
    [/^GET \/accounts$/, () => ({ result: [{ id: ACCOUNT, name: "Shop" }] })],
    [/^GET \/memberships$/, () => ({ result: [] })],

    [/^GET \/d1\/database$/, () => ({ result: this.listDatabases() })],
    [/^POST \/d1\/database$/, (_, { body }) => this.createDatabase(body)],
    [/^GET \/d1\/database\/([^/]+)$/, ([, key]) => this.findDatabase(key)],
    [/^POST \/d1\/database\/([^/]+)\/query$/, ([, uuid], { body }) => this.query(uuid, body)],

    [
      /^GET \/r2\/buckets$/,
      () => ({
        result: { buckets: [...this.buckets].map((name) => ({ name, creation_date: "" })) },
      }),
    ],
    [/^POST \/r2\/buckets$/, (_, { body }) => this.createBucket(body)],
    [/^GET \/r2\/buckets\/([^/]+)$/, ([, name = ""]) => this.findBucket(name)],

    [/^GET \/queues$/, (_, { url }) => this.listQueues(url.searchParams.getAll("name"))],
    [/^POST \/queues$/, (_, { body }) => this.createQueue(body)],
    [
      /^(GET|POST|PUT) \/queues\/([^/]+)\/consumers/,
      ([, method, id], { body }) => this.consume(method, id, body),
    ],

    [/^GET \/workers\/scripts\/([^/]+)\/deployments$/, ([, name]) => this.deployments(name)],
    [/^GET \/workers\/workers\/([^/]+)$/, () => ({ result: { subdomain: { enabled: false } } })],
    [/^POST \/workers\/scripts\/([^/]+)\/subdomain$/, () => ({ result: { enabled: true } })],
    [
      /^(GET|PATCH) \/workers\/scripts\/([^/]+)\/(script-)?settings$/,
      () => ({ result: { bindings: [] } }),
    ],
    [/^GET \/workers\/subdomain$/, () => ({ result: { subdomain: "shop" } })],
    [/^GET \/workers\/services\/([^/]+)$/, ([, name]) => this.describe(name)],
    [/^GET \/workers\/scripts\/([^/]+)\/secrets$/, ([, name]) => this.listSecrets(name)],
    [
      /^PUT \/workers\/scripts\/([^/]+)\/schedules$/,
      ([, name], { body }) => {
        this.worker(name).crons = body;
        return { result: { schedules: [] } };
      },
    ],
    [
      /^POST \/workers\/scripts\/([^/]+)\/assets-upload-session$/,
      () => ({
        result: { jwt: "assets", buckets: [] },
      }),
    ],
    [/^PUT \/workers\/scripts\/([^/]+)$/, ([, name], { body }) => this.upload(name, body)],
    [
      /^POST \/workers\/scripts\/([^/]+)\/versions$/,
      ([, name], { body }) => this.upload(name, body),
    ],
    [/^POST \/workers\/scripts\/([^/]+)\/deployments$/, () => ({ result: { id: randomUUID() } })],
  ];

  private listDatabases(): object[] {
    return [...this.databases].map(([name, { uuid }]) => ({ name, uuid }));
  }

  private createDatabase(body: unknown): Answer {
    const { name } = nameSchema.parse(body);
    const database = { uuid: randomUUID(), rows: new DatabaseSync(":memory:") };
    this.databases.set(name, database);
    return { result: { name, uuid: database.uuid } };
  }

  private findDatabase(key: string | undefined): Answer {
    const found = [...this.databases].find(([name, { uuid }]) => [name, uuid].includes(key ?? ""));
    return found === undefined
      ? { status: 404, code: 7404, message: "The database could not be found" }
      : { result: { name: found[0], uuid: found[1].uuid } };
  }

  /** Runs each statement for its rows, like D1: all or nothing. */
  private query(uuid: string | undefined, body: unknown): Answer {
    const database = [...this.databases.values()].find((one) => one.uuid === uuid);
    if (database === undefined) return { status: 404, code: 7404, message: "no such database" };
    const { rows } = database;
    rows.exec("BEGIN");
    try {
      const statements = splitSql(sqlSchema.parse(body).sql);
      const results = statements.map((statement) => rows.prepare(statement).all());
      rows.exec("COMMIT");
      return {
        result: results.map((one) => ({ results: one, success: true, meta: { duration: 1 } })),
      };
    } catch (error) {
      rows.exec("ROLLBACK");
      throw error;
    }
  }

  private createBucket(body: unknown): Answer {
    const { name } = nameSchema.parse(body);
    this.buckets.add(name);
    return { result: { name } };
  }

  private findBucket(name: string): Answer {
    if (this.buckets.has(name)) return { result: { name, creation_date: "" } };
    return { status: 404, code: 10006, message: "The specified bucket does not exist." };
  }

  private listQueues(names: string[]): Answer {
    const result = [...this.queues]
      .filter(([name]) => names.length === 0 || names.includes(name))
      .map(([queue_name, { id, consumers }]) => ({
        queue_id: id,
        queue_name,
        producers: [],
        producers_total_count: 0,
        consumers,
        consumers_total_count: consumers.length,
      }));
    return { result };
  }

  private createQueue(body: unknown): Answer {
    const { queue_name } = queueSchema.parse(body);
    const queue = { id: randomUUID(), consumers: [] };
    this.queues.set(queue_name, queue);
    return { result: { queue_name, queue_id: queue.id } };
  }

  private consume(method: string | undefined, id: string | undefined, body: unknown): Answer {
    const queue = [...this.queues.values()].find((one) => one.id === id);
    if (queue === undefined) return { status: 404, code: 11000, message: "no such queue" };
    if (method === "POST") {
      queue.consumers.push({ ...consumerSchema.parse(body), consumer_id: randomUUID() });
    }
    return { result: method === "GET" ? queue.consumers : (queue.consumers[0] ?? {}) };
  }

  private describe(name: string | undefined): Answer {
    if (!this.workers.has(name ?? "")) return workerNotFound;
    const script = { id: name, tag: "tag", tags: [], last_deployed_from: "wrangler" };
    return { result: { id: name, default_environment: { environment: "production", script } } };
  }

  private deployments(name: string | undefined): Answer {
    return this.workers.has(name ?? "") ? { result: { deployments: [] } } : workerNotFound;
  }

  private listSecrets(name: string | undefined): Answer {
    const worker = this.workers.get(name ?? "");
    if (worker === undefined) return workerNotFound;
    return {
      result: [...worker.secrets.keys()].map((secret) => ({ name: secret, type: "secret_text" })),
    };
  }

  /** Takes a Worker in; like Cloudflare, refuses to inherit a secret that is not there. */
  private upload(name: string | undefined, body: unknown): Answer {
    const metadata = body instanceof FormData ? body.get("metadata") : null;
    const { bindings } = metadataSchema.parse(JSON.parse(String(metadata)));
    const known = this.workers.get(name ?? "");
    for (const binding of bindings) {
      if (binding.type === "inherit" && known?.secrets.has(binding.name) !== true) {
        return {
          status: 400,
          code: 10057,
          message: `inherit binding '${binding.name}' is invalid`,
        };
      }
    }
    const worker = this.worker(name);
    worker.uploads += 1;
    worker.bindings = bindings;
    for (const { type, name: secret, text } of bindings) {
      if (type === "secret_text") worker.secrets.set(secret, String(text));
    }
    const id = randomUUID();
    return {
      result: { id, etag: "etag", deployment_id: id, resources: { script: { etag: "etag" } } },
    };
  }
}
