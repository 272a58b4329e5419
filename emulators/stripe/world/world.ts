import { createHash } from "node:crypto";
import { loadSnapshot, type SnapshotWriter, snapshotWriter } from "./snapshot.ts";
import { type Account, emptyAccount, emptyState, type State } from "./state.ts";

export interface StripeEmulatorOptions {
  /** Base of the payment pages that `session.url` names, e.g. `http://localhost:8788`. */
  publicUrl: string;
  webhookSecret: string;
  /** Where events are POSTed; when absent they wait until they are taken through the control API. */
  webhookUrl?: string;
  /** JSON snapshot: read at start, written after changes. */
  stateFile?: string;
  /** Milliseconds; `Date.now` unless given. */
  now?: () => number;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
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
  readonly #writer: SnapshotWriter | undefined;

  constructor(options: StripeEmulatorOptions) {
    this.options = options;
    const stored = options.stateFile === undefined ? undefined : loadSnapshot(options.stateFile);
    this.state = stored ?? emptyState(String(this.#freeClock()));
    this.#writer =
      options.stateFile === undefined
        ? undefined
        : snapshotWriter(options.stateFile, () => this.state);
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
    const digest = createHash("sha512").update(input).digest();
    const characters = [...digest.subarray(0, length)].map((byte) => ALPHABET[byte % 62] ?? "0");
    return `${prefix}${characters.join("")}`;
  }

  /** The account of a secret key. Only a digest of the key is kept. */
  account(secretKey: string): Account {
    const digest = createHash("sha256").update(secretKey).digest("hex").slice(0, 16);
    const id = `acct_${digest}`;
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
