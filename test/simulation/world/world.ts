import { consume } from "../../../src/jobs.ts";
import type { Bindings } from "../../../src/platform/config.ts";
import { runSchedule } from "../../../src/schedules.ts";
import { type AppContext, createContext, createServices } from "../../../src/services.ts";
import { Chronicle } from "./chronicle.ts";
import { asBinding, type Databases, describeBatch, type Sql } from "./database.ts";
import { EMPTY_INDEX, emptying } from "./empty-database.ts";
import {
  type Fault,
  type Injector,
  LOST,
  type Mortal,
  type OutsideCall,
  unlessDead,
  withFault,
} from "./faults.ts";
import { surround } from "./globals.ts";
import { type Answer, type Call, describeAnswer, toAnswer, toRequest } from "./http.ts";
import { Internet } from "./internet.ts";
import { type Moment, puttingBack, readMoment } from "./moment.ts";
import { appOf, ShopProcess } from "./process.ts";
import {
  asBatch,
  DELIVERIES,
  describeSend,
  JOBS,
  type QueuedMessage,
  WorldQueue,
} from "./queue.ts";
import { Random } from "./random.ts";
import { Turnstile } from "./turnstile.ts";
import { PROCESS_HOST, variables } from "./variables.ts";

/** Turns of the event loop between two outside calls: of one request, of tasks side by side, of requests side by side. */
const TURNS = { request: 2, tasks: 4, together: 9 } as const;

export interface WorldOptions {
  readonly seed: string;
  readonly databases: Databases;
  /** How many processes of the shop run side by side; 1 unless given. */
  readonly processes?: number;
  /** Environment variables besides the usual ones, such as ways of delivery. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A planted bug: what runs in place of a batch, with as many statements in all, each inner list one transaction. */
export type Rewrite = (batch: readonly Sql[]) => readonly (readonly Sql[])[];

export class World extends Chronicle {
  inject: Injector = () => undefined;
  rewrite: Rewrite | undefined;
  readonly queue = new WorldQueue(() => this.now);
  readonly internet: Internet;
  /** What lies in the bucket, by its name. */
  readonly bucket = new Map<string, ArrayBuffer>();
  /** The bytes of pictures, by their key. */
  readonly images = new Map<string, Uint8Array>();
  /** The same of the bucket for exports and imports. */
  readonly files = new Map<string, Uint8Array>();
  readonly #databases: Databases;
  readonly #slots: (ShopProcess | undefined)[];
  /** Every process there has been: what a dead one still sends must not pass for its successor's. */
  readonly #processes: ShopProcess[] = [];
  #variables: Readonly<Record<string, string>>;
  #system: AppContext | undefined;
  #underWay = 0;
  #lastToLookUp: ShopProcess | undefined;
  readonly #turnstile: Turnstile;
  #entropy: Random;
  #restore: () => void = () => undefined;

  private constructor({ seed, databases, processes = 1, variables = {} }: WorldOptions) {
    super();
    this.#databases = databases;
    this.#variables = variables;
    this.#entropy = new Random(`${seed}:entropy`);
    this.#turnstile = new Turnstile(new Random(`${seed}:turns`));
    this.internet = new Internet(() => this.now, seed);
    this.#slots = Array.from({ length: processes }, () => undefined);
  }

  /** Empties the databases and takes the isolate over, until `close`. */
  static async open(options: WorldOptions): Promise<World> {
    const { shop, search } = options.databases;
    await shop(await emptying(shop));
    await search(EMPTY_INDEX);
    const world = new World(options);
    world.#restore = surround({
      now: () => world.now,
      entropy: () => world.#entropy,
      fetch: (request) => world.#fetch(request),
      log: (line) => world.note(line),
    });
    await world.internet.open();
    return world;
  }

  async close(): Promise<void> {
    for (const process of this.#processes) process.die();
    await this.internet.close();
    this.#restore();
  }

  /** Chance begins anew from here, so that what comes does not depend on how much chance was used before. */
  reseed(seed: string): void {
    this.#entropy = new Random(`${seed}:entropy`);
    this.#turnstile.random = new Random(`${seed}:turns`);
  }

  /** One request to the shop, and what it leaves to be done after the answer. Undefined when the process died before it could answer. */
  async request(method: string, path: string, call: Call = {}): Promise<Answer | undefined> {
    const slot = call.process ?? 0;
    const process = this.process(slot);
    const later: Promise<unknown>[] = [];
    const execution = {
      waitUntil: (work: Promise<unknown>) => void later.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    const responding = Promise.resolve(
      appOf(slot, process).fetch(toRequest(method, path, call), process.bindings, execution),
    ).then(toAnswer);
    const answer = await this.#running("request", process.outcome(responding));
    this.tell(`${method} ${path}: ${answer === undefined ? "no answer" : describeAnswer(answer)}`);
    await process.outcome(Promise.allSettled(later));
    return answer;
  }

  /** Fires a cron expression. */
  async cron(expression: string, slot = 0): Promise<void> {
    this.tell(`cron ${expression}`);
    const process = this.process(slot);
    const later: Promise<unknown>[] = [];
    const work = runSchedule(expression, process.services, (one) => void later.push(one));
    await this.#running("tasks", process.outcome(work));
    await process.outcome(Promise.allSettled(later));
  }

  /** Hands messages of one queue to the consumer. When it dies, all of them come again. */
  async deliver(messages: readonly QueuedMessage[], slot = 0): Promise<void> {
    if (messages.length === 0) return;
    this.tell(`messages ${messages.map(({ body }) => JSON.stringify(body)).join(" ")}`);
    const process = this.process(slot);
    const later: Promise<unknown>[] = [];
    const settled = new Map<QueuedMessage, "ack" | { delaySeconds: number }>();
    for (const message of messages) message.attempts += 1;
    const batch = asBatch(messages, (message, how) => settled.set(message, how));
    const work = consume(batch, process.services, (one) => void later.push(one));
    await this.#running("tasks", process.outcome(work));
    await process.outcome(Promise.allSettled(later));
    for (const message of messages) {
      const how = process.alive ? (settled.get(message) ?? "ack") : { delaySeconds: 0 };
      if (how === "ack") this.queue.remove(message);
      else this.queue.retry(message, how.delaySeconds);
    }
  }

  /** The process in this slot; a fresh one where the last has died. */
  process(slot = 0): ShopProcess {
    const found = this.#slots[slot];
    if (found?.alive === true) return found;
    const number = this.#processes.length;
    const fresh = new ShopProcess(
      (self) => this.#bindings(self, number),
      () => this.now,
    );
    this.#processes.push(fresh);
    this.#slots[slot] = fresh;
    return fresh;
  }

  /** Ends a process between two pieces of work, as Cloudflare does at any time. */
  kill(slot = 0): void {
    this.#slots[slot]?.die();
  }

  /** The shop from now on with these environment variables besides those it has, in fresh processes. */
  deploy(variables: Readonly<Record<string, string>>): void {
    this.#variables = { ...this.#variables, ...variables };
    this.#system = undefined;
    for (const process of this.#slots) process?.die();
  }

  /** The shop's database as it is now, for `goBack`. */
  takeMoment(): Promise<Moment> {
    return readMoment(this.#databases.shop);
  }

  /** Puts the shop's database back, and nothing else: neither the index, the queue, Stripe, mails nor processes. */
  async goBack(moment: Moment): Promise<void> {
    await this.#databases.shop(await puttingBack(this.#databases.shop, moment));
    this.#system = undefined;
  }

  /** The shop's own context, over the database without faults. */
  system(): AppContext {
    const { shop, search } = this.#databases;
    const databases = { DB: asBinding(shop), SEARCH: asBinding(search) };
    const bindings = { ...this.#bindings(new Immortal(), 0), ...databases };
    this.#system ??= createContext(
      createServices(bindings, { now: () => this.now, cache: undefined }),
      {
        requestId: "req_world",
        actor: { kind: "system", label: "system", address: "" },
        later: () => undefined,
        log: {},
      },
    );
    return this.#system;
  }

  /** What happens outside of the shop, in its turn among the calls of the shop. */
  elsewhere<T>(happens: () => Promise<T>): Promise<T> {
    return this.#turnstile.pass(happens);
  }

  /** Looks into the database past the shop. */
  async rows<T = Record<string, unknown>>(sql: string, ...params: unknown[]): Promise<T[]> {
    const [found] = await this.#databases.shop([{ sql, params }]);
    return (found?.results ?? []) as T[];
  }

  /** The same for the index of words. */
  async indexRows<T = Record<string, unknown>>(sql: string, ...params: unknown[]): Promise<T[]> {
    const [found] = await this.#databases.search([{ sql, params }]);
    return (found?.results ?? []) as T[];
  }

  #bindings(process: Mortal, number: number): Bindings {
    const limit = { limit: async () => ({ success: true }) };
    return {
      ...variables(number),
      ...this.#variables,
      DB: asBinding((batch) =>
        this.#database([process, "database", batch], () => this.#runPlanted(batch)),
      ),
      SEARCH: asBinding((batch) =>
        this.#database([process, "search", batch], () => this.#databases.search(batch)),
      ),
      JOBS: this.#queueOf(process, JOBS),
      DELIVERIES: this.#queueOf(process, DELIVERIES),
      ARCHIVE: {
        put: (name: string, bytes: ArrayBuffer) =>
          this.#store(process, "put", () => this.bucket.set(name, bytes)),
      } as unknown as R2Bucket,
      IMAGES: {
        put: (key: string, bytes: Uint8Array) =>
          this.#store(process, "put", () => this.images.set(key, bytes)),
        get: async (key: string) => {
          const bytes = this.images.get(key);
          return bytes === undefined ? null : new Response(bytes as BodyInit);
        },
        delete: (keys: readonly string[]) =>
          this.#store(process, "delete", () => keys.map((key) => this.images.delete(key))),
      } as unknown as R2Bucket,
      FILES: {
        put: (key: string, bytes: Uint8Array) =>
          this.#store(process, "put", () => this.files.set(key, bytes.slice())),
        get: async (
          key: string,
          { range }: { range?: { offset: number; length: number } } = {},
        ) => {
          const bytes = this.files.get(key);
          if (bytes === undefined) return null;
          const { offset = 0, length = bytes.byteLength } = range ?? {};
          return new Response(bytes.slice(offset, offset + length) as BodyInit);
        },
        delete: (keys: string | readonly string[]) =>
          this.#store(process, "delete", () => [keys].flat().map((key) => this.files.delete(key))),
        list: async () => ({ objects: [...this.files.keys()].sort().map((key) => ({ key })) }),
      } as unknown as R2Bucket,
      RATE_LIMIT: limit,
      RATE_LIMIT_RESERVATIONS: limit,
      RATE_LIMIT_SIGN_IN: limit,
    } as Bindings; // the variables are read through `parseConfig`
  }

  #database(
    [process, kind, batch]: readonly [Mortal, "database" | "search", readonly Sql[]],
    run: () => Promise<D1Result[]>,
  ): Promise<D1Result[]> {
    const call = { kind, what: describeBatch(batch) };
    return this.#outside(process, call, (fault) => withFault(process, fault, run)).catch(
      (error: unknown) => {
        throw error instanceof Error && error.message === LOST
          ? new Error(`D1_ERROR: ${LOST}`)
          : error;
      },
    );
  }

  async #runPlanted(batch: readonly Sql[]): Promise<D1Result[]> {
    const results: D1Result[] = [];
    for (const part of this.rewrite?.(batch) ?? [batch])
      results.push(...(await this.#databases.shop(part)));
    return results;
  }

  #queueOf(process: Mortal, queue: QueuedMessage["queue"]): Queue<unknown> {
    const send = (body: unknown) => this.#send(process, body, queue);
    return { send } as unknown as Queue<unknown>; // the shop does nothing else with it
  }

  #send(process: Mortal, body: unknown, queue: QueuedMessage["queue"]): Promise<void> {
    return this.#outside(process, describeSend(body), (fault) =>
      withFault(process, fault, async () => {
        this.queue.add(body, queue);
        return true;
      }),
    ).then(() => undefined);
  }

  #store(process: Mortal, what: "put" | "delete", act: () => unknown): Promise<void> {
    return this.#outside(process, { kind: "bucket", what }, (fault) =>
      withFault(process, fault, async () => {
        act();
        return true;
      }),
    ).then(() => undefined);
  }

  #fetch(request: Request): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const [, party, number = ""] = PROCESS_HOST.exec(hostname) ?? [];
    if (SUBSCRIBER.test(hostname)) return this.#tell(request);
    const process = this.#processes[Number(number)];
    if (process === undefined || !isParty(party)) {
      return Promise.reject(new Error(`Nobody meant ${request.url}`));
    }
    if (party === "dns") this.#lastToLookUp = process;
    const call = { kind: party, what: `${request.method} ${pathname}` } as const;
    return this.#outside(process, call, (fault) => this.internet[party](process, fault, request));
  }

  /** Whoever looked up the name before sends there now: an address that staff have typed does not tell which process it is. */
  #tell(request: Request): Promise<Response> {
    const last = this.#lastToLookUp;
    const process = last?.alive === true ? last : this.#processes.find(({ alive }) => alive);
    if (process === undefined) return Promise.reject(new Error("Nobody is there to tell."));
    const call = { kind: "subscriber", what: "POST" } as const;
    return this.#outside(process, call, (fault) =>
      this.internet.subscriber(process, fault, request),
    );
  }

  /** The more there is under way, the longer it takes until each piece of it is at its next outside call. */
  async #running<T>(kind: "request" | "tasks", work: Promise<T>): Promise<T> {
    this.#underWay += 1;
    this.#turnstile.turns = this.#underWay > 1 ? TURNS.together : TURNS[kind];
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Every call to the outside comes through here. */
  #outside<T>(
    process: Mortal,
    call: OutsideCall,
    act: (fault: Fault | undefined) => Promise<T>,
  ): Promise<T> {
    return unlessDead(
      this.#turnstile.pass(async () => {
        const fault = process.alive ? this.inject(call) : undefined;
        this.count(`call ${call.kind}`);
        if (fault !== undefined) {
          this.count(`fault ${fault}`);
          this.tell(`${fault}: ${call.kind} ${call.what}`);
        }
        return act(fault);
      }),
    );
  }
}

const SUBSCRIBER = /[.]subscriber[.]test$/;

function isParty(name: string | undefined): name is "stripe" | "resend" | "dns" {
  return name === "stripe" || name === "resend" || name === "dns";
}

/** Whoever asks past the shop does not die of it. */
class Immortal {
  readonly alive = true;
  die(): void {
    throw new Error("A fault was meant for the shop.");
  }
}
