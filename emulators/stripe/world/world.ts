import { derivedCharacters } from "./ids.ts";
import { type Account, emptyAccount, emptyState, type State } from "./state.ts";

/** Where the state outlives the emulator. */
export interface StateStorage {
  /** Undefined when nothing is stored yet. @throws when what is stored is no state. */
  load(): State | undefined;
  /** Begins to store what `state` returns, soon after each call of `changed`. */
  writer(state: () => State): StateWriter;
}

export interface StateWriter {
  changed(): void;
  close(): Promise<void>;
}

export interface StripeEmulatorOptions {
  /** Base of the payment pages that `session.url` names, e.g. `http://localhost:8788`. */
  publicUrl: string;
  webhookSecret: string;
  /** Where events are POSTed; when absent they wait until they are taken through the control API. */
  webhookUrl?: string;
  /** Read at start, written after changes; without it the state ends with the emulator. */
  storage?: StateStorage;
  /** Milliseconds; `Date.now` unless given. */
  now?: () => number;
}

const ID_CHARACTERS = 24;
const SESSION_ID_CHARACTERS = 58;

/** The emulator's state with its clock, its ids and its options. */
export class World {
  readonly options: StripeEmulatorOptions;
  state: State;
  /** Idempotency keys whose first request is still executing, as `account key`. */
  readonly executing = new Set<string>();
  /** Called when there is something new to deliver. */
  wakeCourier: () => void = () => {};
  readonly #writer: StateWriter | undefined;
  /** Secret key → account id; never stored. */
  readonly #accountIds = new Map<string, string>();

  constructor(options: StripeEmulatorOptions) {
    this.options = options;
    const empty = emptyState(String(this.#freeClock()));
    this.state = { ...empty, ...options.storage?.load() };
    this.#writer = options.storage?.writer(() => this.state);
  }

  /** Milliseconds on the emulator's clock, which the control API may hold. */
  now(): number {
    return this.state.heldClock ?? this.#freeClock();
  }

  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Milliseconds that retries are counted in: real ones when deliveries are real. */
  deliveryClock(): number {
    return this.options.webhookUrl === undefined ? this.now() : Date.now();
  }

  /** Milliseconds written into signatures: a real receiver checks them against its own clock. */
  signingClock(): number {
    return this.options.webhookUrl === undefined ? this.now() : this.#freeClock();
  }

  #freeClock(): number {
    return this.options.now?.() ?? Date.now();
  }

  /** A new id, unguessable in form only: the same seed and history give the same ids. */
  newId<P extends string>(prefix: P): `${P}${string}` {
    const length = prefix === "cs_test_" ? SESSION_ID_CHARACTERS : ID_CHARACTERS;
    const input = `${this.state.seed}:${this.state.issuedIds++}`;
    return `${prefix}${derivedCharacters(input, length)}`;
  }

  /** The account of a secret key. Only a digest of the key is kept. */
  async account(secretKey: string): Promise<Account> {
    const id = this.#accountIds.get(secretKey) ?? (await accountId(secretKey));
    this.#accountIds.set(secretKey, id);
    const present = this.state.accounts.get(id);
    if (present !== undefined) return present;
    const account = emptyAccount(id);
    this.state.accounts.set(id, account);
    return account;
  }

  /** To be called after every change of the state. */
  changed(): void {
    this.#writer?.changed();
  }

  reset(seed?: string): void {
    const { state } = this;
    this.state = emptyState(seed ?? state.seed);
    // Ids go on, so that a receiver that kept its records does not meet an old id again.
    if (seed === undefined) this.state.issuedIds = state.issuedIds;
    this.executing.clear();
    this.changed();
  }

  async close(): Promise<void> {
    await this.#writer?.close();
  }
}

const ACCOUNT_ID_BYTES = 8;

async function accountId(secretKey: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secretKey));
  return `acct_${hex(new Uint8Array(digest).subarray(0, ACCOUNT_ID_BYTES))}`;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Who acts on which account: what every operation needs. */
export interface Scope {
  world: World;
  account: Account;
  request: { id: string | null; idempotencyKey: string | null };
}

/** The scope of something that no API request asked for: a click, a timer, a bank. */
export function unasked(world: World, account: Account): Scope {
  return { world, account, request: { id: null, idempotencyKey: null } };
}
