import { type Client, goShopping, receiveStock } from "./kill-buyers.ts";
import { Caller, pause } from "./kill-caller.ts";
import {
  findLosses,
  findMailGaps,
  findMoneyGaps,
  findOtherAnswers,
  findStockGaps,
} from "./kill-checks.ts";
import { breachesOf, countBegun, listMails, openShelves, settle } from "./kill-settle.ts";
import type { KillableShop, Victim } from "./kill-shop.ts";
import { listEvents, listSessions } from "./kill-stripe.ts";
import { Told } from "./kill-told.ts";

const BUYERS = 24;
const EARLIEST_MS = 300;
const LATEST_MS = 3500;
/** How often the shop is killed again while it picks up what the first kill left. */
const TWICE = 0.4;
const RECOVERY_MS = 800;
const LOOKS = 600;
const BETWEEN_LOOKS_MS = 100;
/** For how long the shop is gone, as its clock sees it. */
const OUTAGE_MS = 60_000;
export const SEEDS = 2 ** 31;

export interface KillResult {
  readonly kills: number;
  /** Answers and observed states that had to be there after a kill. */
  readonly acknowledged: number;
  readonly orders: number;
  readonly paid: number;
  /** Ended by customers and by staff. */
  readonly canceled: number;
  readonly refunds: number;
  readonly events: number;
  /** Requests that a kill left without an answer. */
  readonly cutOff: number;
  /** Checkouts, events and promises that a kill found begun and not finished. */
  readonly begun: number;
}

/** What to do to the files while the shop is down. `delivered` are events that it had answered before. */
export type Plant = (shop: KillableShop, told: Told, delivered: readonly string[]) => void;

export interface RoundOptions {
  readonly victim: Victim;
  /** For tests of this program. The kill then waits for a purchase and for an event. */
  readonly plant?: Plant | undefined;
}

/** One shop day: buyers at work, a kill or two, the recovery, and a look at everything. Throws at the first breach. */
export class Round {
  readonly #shop: KillableShop;
  readonly #random: () => number;
  readonly #options: RoundOptions;
  readonly #told = new Told();
  readonly #caller: Caller;
  readonly #startsBefore: number;
  #over = false;
  #kills = 0;
  #events = 0;
  #delivered: readonly string[] = [];
  #begun = 0;

  constructor(shop: KillableShop, random: () => number, options: RoundOptions) {
    this.#shop = shop;
    this.#random = random;
    this.#options = options;
    this.#startsBefore = shop.starts;
    this.#caller = new Caller(({ to }) =>
      to === "shop" ? shop.addresses.url : shop.addresses.stripeUrl,
    );
  }

  async play(): Promise<KillResult> {
    const shelves = await openShelves(this.#shop);
    const working = this.#startWork([...shelves.keys()]);
    // Whoever fails is heard of when everybody is waited for, below.
    working.catch(() => undefined);
    await pause(EARLIEST_MS + this.#random() * (LATEST_MS - EARLIEST_MS));
    if (this.#options.plant !== undefined)
      await Promise.race([working, this.#untilMuchIsAtStake()]);
    await this.#killAndLook();
    if (this.#random() < TWICE) {
      await pause(this.#random() * RECOVERY_MS);
      await this.#killAndLook();
    }
    await working;
    await settle(this.#shop);
    await this.#lookAtTheEnd(shelves);
    return {
      kills: this.#kills,
      acknowledged: this.#told.count,
      orders: this.#told.purchases.size,
      paid: this.#told.paid.size,
      canceled: [...this.#told.seen.values()].filter((seen) => seen.has("canceled")).length,
      refunds: this.#told.refunds.size,
      events: this.#events,
      cutOff: this.#caller.cutOff,
      begun: this.#begun,
    };
  }

  #startWork(skus: readonly string[]): Promise<unknown> {
    const client = (): Client => ({
      caller: this.#caller,
      told: this.#told,
      skus,
      adminApiKey: this.#shop.addresses.adminApiKey,
      random: randomOf(this.#random() * SEEDS),
      over: () => this.#over,
    });
    const buyers = Array.from({ length: BUYERS }, () => goShopping(client()));
    return Promise.all([...buyers, receiveStock(client())]);
  }

  async #untilMuchIsAtStake(): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      this.#delivered = await listEvents(this.#shop, true);
      if (this.#told.purchases.size > 0 && this.#delivered.length > 0) return;
      await pause(BETWEEN_LOOKS_MS);
    }
  }

  async #killAndLook(): Promise<void> {
    this.#caller.closeGate();
    await this.#shop.kill(this.#options.victim);
    this.#over = true;
    this.#kills += 1;
    this.#begun += countBegun(this.#shop);
    this.#options.plant?.(this.#shop, this.#told, this.#delivered);
    await this.#shop.revive();
    await this.#caller.idle();
    this.#shop.passTime(OUTAGE_MS);
    await this.#refuseLosses("after the kill");
    this.#caller.openGate();
  }

  async #refuseLosses(when: string): Promise<void> {
    const delivered = await listEvents(this.#shop, true);
    this.#events = delivered.length;
    refuse(
      when,
      this.#shop.database((database) => findLosses(database, this.#told, delivered)),
    );
  }

  async #lookAtTheEnd(shelves: ReadonlyMap<string, number>): Promise<void> {
    await this.#refuseLosses("at the end");
    const sessions = await listSessions(this.#shop);
    const subjects = await listMails(this.#shop);
    const all = this.#shop.starts === this.#startsBefore;
    refuse(
      "at the end",
      this.#shop.database((database) => [
        ...findMoneyGaps(database, this.#told, sessions),
        ...findStockGaps(database, this.#told, shelves),
        ...findMailGaps(database, this.#told, { subjects, all }),
      ]),
    );
    refuse("at the end", await breachesOf(this.#shop));
    refuse("sent again", await findOtherAnswers(this.#caller, this.#told));
  }
}

function refuse(when: string, breaches: readonly string[]): void {
  if (breaches.length === 0) return;
  throw new Error(`${breaches.length} breaches ${when}:\n${breaches.join("\n")}`);
}

/** mulberry32 */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
