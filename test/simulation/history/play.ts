import { schedules } from "../../../src/schedules.ts";
import {
  type Answer,
  type Databases,
  type Moment as DatabaseThen,
  type Fault,
  Random,
  World,
} from "../world/index.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Session } from "./check-money.ts";
import type { Known } from "./memory.ts";
import { type Caller, credentialsOf, makePeople, type People, refreshTokens } from "./people.ts";
import { type KeyedRequest, Records } from "./records.ts";
import { termsOf } from "./terms.ts";

const PROCESSES = 2;
/** Within this a key still means the first request; in milliseconds, a little less than the shop's 24 hours. */
const KEY_LIFE_MS = 23 * 3_600_000;

/** A moment to which the database can be put back; `at` is in milliseconds. */
export interface Moment {
  readonly at: number;
  readonly database: DatabaseThen;
  readonly known: Known;
}

export type Party =
  | "database"
  | "search"
  | "queue"
  | "bucket"
  | "stripe"
  | "resend"
  | "dns"
  | "subscriber";

/** A history being played: the world, who is in it, and what they have seen. */
export class Play {
  readonly world: World;
  readonly people: People;
  readonly records = new Records();
  /** Who cannot be reached at the moment, and how it shows. */
  readonly down = new Map<Party, Fault>();
  /** Faults that have struck in the current step. */
  struck = 0;
  /** The id of the endpoint that is told of everything. */
  endpoint = "";
  keys = 0;
  readonly holdsPerCaller: number;
  readonly moments: Moment[] = [];
  /** How often the database went back. */
  restores = 0;
  /** `ORDER_NUMBERS_FROM`, as it is where nobody has set it. */
  ordersFrom = 1001;
  /** The shop is closed after a restore: these had been paid by then. */
  reopening: { readonly owed: readonly Session[] } | undefined;
  /** When each cron expression ran last while the world was healing; in milliseconds. */
  readonly lastRuns = new Map<string, number>();

  private constructor(world: World, people: People, holdsPerCaller: number) {
    this.world = world;
    this.people = people;
    this.holdsPerCaller = holdsPerCaller;
  }

  static async begin(seed: string, databases: Databases): Promise<Play> {
    const { variables, taxPercent, holdsPerCaller } = termsOf(new Random(`terms ${seed}`));
    const world = await World.open({ seed, databases, processes: PROCESSES, variables });
    await world.internet.control("/tax", { percent: taxPercent });
    return new Play(world, await makePeople(world), holdsPerCaller);
  }

  /** Begins a step: its chance, its tokens. */
  async prepare(seed: string): Promise<void> {
    this.world.reseed(seed);
    this.struck = 0;
    await refreshTokens(this.world, this.people);
  }

  anyShopper(random: Random): Caller {
    return random.pick(this.people.shoppers) ?? this.people.operator;
  }

  anyProcess(random: Random): number {
    return random.between(0, PROCESSES - 1);
  }

  /** One request without a key. Undefined when the process died. */
  async ask(
    who: Caller,
    [method, path]: readonly [string, string],
    more: { body?: object; headers?: Record<string, string>; process?: number } = {},
  ): Promise<Answer | undefined> {
    const headers = { ...(await credentialsOf(this.world, who)), ...more.headers };
    const answer = await this.world.request(method, path, { ...more, headers });
    this.#judge(`${method} ${path}`, answer);
    return answer;
  }

  /** A request that may be repeated: the same key, the same answer. */
  newRequest(
    kind: KeyedRequest["kind"],
    who: Caller,
    call: Pick<KeyedRequest, "path" | "body" | "headers">,
  ): KeyedRequest {
    this.keys += 1;
    const request = { kind, who, ...call, key: `key-${this.keys}`, at: this.world.now };
    this.records.requests.push(request);
    return request;
  }

  /** Sends it, for the first or another time. */
  async send(request: KeyedRequest, process: number): Promise<Answer | undefined> {
    const { who, path, body, key } = request;
    const headers = {
      ...(await credentialsOf(this.world, who)),
      ...request.headers,
      "Idempotency-Key": key,
    };
    const answer = await this.world.request("POST", path, { body, headers, process });
    this.#judge(`POST ${path}`, answer);
    // What a restore has lost may be there again the next time.
    const gone = answer?.status === 404 && this.restores > 0;
    if (answer !== undefined && isFinal(answer) && !gone) this.#learn(request, answer);
    return answer;
  }

  /** Whether a client may still rely on the key. */
  isFresh({ at }: KeyedRequest): boolean {
    return Math.abs(this.world.now - at) < KEY_LIFE_MS;
  }

  #learn(request: KeyedRequest, { status, text, body }: Answer): void {
    const { answer: first } = request;
    if (first === undefined) {
      request.answer = { status, text };
      if (status < 300) acknowledge(this, request, body);
      return;
    }
    if (first.status === status && first.text === text) {
      this.world.count("replays");
      return;
    }
    this.records.breach(
      `I7: POST ${request.path} with ${request.key} was answered ${first.status} ${first.text} and then ${status} ${text}`,
    );
  }

  /** An error of the shop's own making needs a reason. */
  #judge(what: string, answer: Answer | undefined): void {
    if (answer === undefined) {
      this.world.count("unanswered");
      return;
    }
    this.world.count(`answered ${Math.floor(answer.status / 100)}xx`);
    const excused = this.struck > 0 || this.down.size > 0;
    if (answer.status === 500 && !excused) {
      const why = this.world.log.findLast((line) => line.includes('"level":"error"'));
      this.records.breach(`${what} was answered 500 though nothing had gone wrong: ${why}`);
    }
  }
}

/** An answer that the shop stands by: not one that says to try again. */
function isFinal({ status, body }: Answer): boolean {
  if (status === 401 || status === 429 || status >= 500) return false;
  return body?.error?.code !== "IDEMPOTENCY_KEY_IN_USE";
}

/** Every cron expression of the shop. */
export const CRONS = Object.keys(schedules);

/** The expression by which the shop compares itself with Stripe. */
export const COMPARES =
  Object.entries(schedules).find(([, tasks]) => "reconcile_stripe" in tasks)?.[0] ?? "";

/** Whether the shop finds by itself what no webhook told it. */
export const RECONCILES = Object.values(schedules).some((tasks) =>
  Object.keys(tasks).some((name) => name.includes("reconcil")),
);
