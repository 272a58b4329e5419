import { ApiKeyMemory, EndedSessions, KeyRing } from "./identity/index.ts";
import { SoldOutMemory } from "./inventory/index.ts";
import { createMailer, type Mailer } from "./notifications/index.ts";
import { createPaymentGateway, type PaymentGateway } from "./payments/index.ts";
import type { Clock } from "./platform/clock.ts";
import { type Bindings, type Config, parseConfig } from "./platform/config.ts";
import { type Replicas, replicasOf } from "./platform/connection.ts";
import type { Actor, Context } from "./platform/context.ts";
import { Database } from "./platform/db.ts";
import type { Job } from "./platform/jobs/messages.ts";
import { Log } from "./platform/log.ts";
import { Memory } from "./platform/memory/memory.ts";
import { SharedCache } from "./platform/memory/shared-cache.ts";
import { RateLimiter, RequestLimits } from "./platform/rate-limit/limiter.ts";
import type { Archive } from "./retention/index.ts";

/** What lives as long as the isolate. */
export interface Services {
  readonly config: Config;
  readonly bindings: Bindings;
  readonly now: Clock;
  readonly limiter: RateLimiter;
  readonly payments: PaymentGateway;
  readonly mailer: Mailer;
  readonly memory: Memory | undefined;
  /** Cloudflare's Cache API; undefined where the catalog is not kept. */
  readonly cache: Cache | undefined;
  readonly soldOut: SoldOutMemory;
  readonly keys: KeyRing;
  readonly apiKeys: ApiKeyMemory;
  readonly endedSessions: EndedSessions;
}

/** The context of every feature's use cases. */
export interface AppContext extends Context {
  readonly archive: Archive | undefined;
  readonly images: R2Bucket;
  readonly files: R2Bucket;
  readonly payments: PaymentGateway;
  readonly mailer: Mailer;
  readonly soldOut: SoldOutMemory;
  readonly keys: KeyRing;
  readonly apiKeys: ApiKeyMemory;
  readonly endedSessions: EndedSessions;
}

/** Builds the infrastructure once for fetch, queue and cron. Throws `ConfigError`. */
export function createServices(env: Bindings, overrides: Partial<Services> = {}): Services {
  const config = overrides.config ?? parseConfig(env);
  const now = overrides.now ?? (() => Date.now());
  return {
    config,
    bindings: env,
    now,
    limiter: new RateLimiter(config, env),
    payments: createPaymentGateway(config),
    mailer: createMailer(config.mail),
    memory: config.catalogMemory ? new Memory() : undefined,
    cache: config.catalogMemory ? caches.default : undefined,
    soldOut: new SoldOutMemory(),
    keys: new KeyRing(),
    apiKeys: new ApiKeyMemory(),
    endedSessions: new EndedSessions(),
    ...overrides,
  };
}

const built = new WeakMap<Bindings, Services>();

/** The services of this isolate. */
export function servicesOf(env: Bindings): Services {
  const existing = built.get(env);
  if (existing !== undefined) return existing;
  const services = createServices(env);
  built.set(env, services);
  return services;
}

/** The context of one request, message or task. `later` keeps the isolate alive for work after the answer. */
export function createContext(
  services: Services,
  scope: {
    readonly requestId: string;
    readonly actor: Actor;
    readonly later: (work: Promise<unknown>) => void;
    readonly log: Record<string, unknown>;
    /** What the client has seen of the database: a bookmark. */
    readonly atLeast?: string | undefined;
  },
): AppContext {
  const { requestId, actor, later, atLeast } = scope;
  const { config, bindings, cache } = services;
  const log = new Log({ requestId, ...scope.log });
  return {
    config,
    db: new Database(bindings.DB, services.memory?.tags, replicasFor(services, atLeast)),
    search: new Database(bindings.SEARCH),
    archive: bindings.ARCHIVE,
    images: bindings.IMAGES,
    files: bindings.FILES,
    now: services.now,
    limits: new RequestLimits(services.limiter, services.now, log),
    payments: services.payments,
    mailer: services.mailer,
    memory: services.memory,
    shared:
      cache &&
      new SharedCache(
        cache,
        { origin: config.publicUrl, version: bindings.VERSION?.id ?? "" },
        later,
      ),
    soldOut: services.soldOut,
    keys: services.keys,
    apiKeys: services.apiKeys,
    endedSessions: services.endedSessions,
    log,
    requestId,
    actor,
    wake: (job) => {
      const queue = job.type === "delivery" ? bindings.DELIVERIES : bindings.JOBS;
      const sent = queue.send({ ...job, requestId: job.requestId ?? requestId });
      later(sent.catch((error: unknown) => reportUnsent(requestId, job, error)));
    },
  };
}

function replicasFor(
  { config, bindings, memory }: Services,
  atLeast: string | undefined,
): Replicas | undefined {
  if (!config.readReplicas) return undefined;
  return replicasOf(bindings.DB, { atLeast, newest: memory?.tags.bookmark });
}

/** Not an error of the request: its answer is on disk, and the sweep wakes what the queue was not told. */
function reportUnsent(requestId: string, job: Job, error: unknown): void {
  const log = new Log({ event: "queue_send_failed", requestId, job, error });
  log.raise("warn");
  log.emit();
}

/** What the work has cost so far: its round trips to both databases, and how long they took, in milliseconds. */
export function costOf({ db, search }: AppContext): { trips: number; milliseconds: number } {
  return {
    trips: db.trips + search.trips,
    milliseconds: db.milliseconds + search.milliseconds,
  };
}
