import { HOLD_MS } from "../inventory/index.ts";
import { buyersKnown, customersAddUp } from "./customers/store.ts";
import { countedOnce, daysAddUp } from "./days/store.ts";
import {
  accountsOf,
  accountsWithinLimits,
  holdingAccounts,
  holdsCounted,
  holdsWithinLimits,
} from "./holds/store.ts";
import { moneyAddsUp, moneyEnds, onBothBooks, paidOnce, refundsUnderWay } from "./money/store.ts";
import {
  codesCounted,
  effectsOnce,
  eventsSettled,
  goodsThere,
  keysAnswered,
  nothingForgotten,
  ownersAgree,
  promisesKept,
  salesHaveOrders,
  statesFit,
  toldOnce,
} from "./records/store.ts";
import {
  heldIsReserved,
  holdsEnd,
  holdsUnderWay,
  ledgerAddsUp,
  levelsAddUp,
  noMoreComesBack,
  unitsOwed,
} from "./stock/store.ts";
import { ALL, type Which } from "./store.ts";

export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long work may be under way, in milliseconds, before it counts as undone; 0 once queues are empty and the sweeps have run. */
  readonly underWayMs: number;
}

/** What is under way at this moment: as much as is done at once, however old the shop. */
export function rulesOfMoment({ now, underWayMs }: Moment) {
  const before = now - underWayMs;
  return [
    ...heldIsReserved(),
    ...refundsUnderWay(),
    ...eventsSettled(before),
    ...nothingForgotten(),
    ...holdsUnderWay(before),
    ...promisesKept(before),
    ...holdsWithinLimits(),
    ...accountsWithinLimits(holdingAccounts),
    ...onBothBooks(),
  ];
}

const ofOrders = (orders: Which) => [
  ...noMoreComesBack(orders),
  ...moneyAddsUp(orders),
  ...paidOnce(orders),
  ...effectsOnce(orders),
  ...salesHaveOrders(orders),
  ...goodsThere(orders),
  ...moneyEnds(orders),
  ...statesFit(orders),
  ...toldOnce(orders),
  ...ownersAgree(orders),
  ...unitsOwed(orders),
  ...countedOnce(orders),
  ...buyersKnown(orders),
  ...accountsWithinLimits(accountsOf(orders)),
];

const ofHolds = (holds: Which) => [...holdsEnd(holds, HOLD_MS), ...holdsCounted(holds)];

/** The rules about each row of a kind, for those rows that are asked for. */
export const RULES_OF = {
  orders: ofOrders,
  holds: ofHolds,
  skus: levelsAddUp,
  codes: codesCounted,
  days: daysAddUp,
  customers: customersAddUp,
  keys: keysAnswered,
} as const satisfies Readonly<Record<string, (which: Which) => object[]>>;

/** What is looked at row by row. */
export type Kind = keyof typeof RULES_OF;

/** All of them, each over these rows of its kind. */
export function rulesOver(which: Readonly<Record<Kind, Which>>, moment: Moment) {
  return [
    ...levelsAddUp(which.skus),
    ...ofOrders(which.orders),
    ...ofHolds(which.holds),
    ...codesCounted(which.codes),
    ...daysAddUp(which.days),
    ...customersAddUp(which.customers),
    ...keysAnswered(which.keys),
    ...rulesOfMoment(moment),
  ];
}

/** All of them, over everything; the ledger by every row that there is. */
export function everyRule(moment: Moment) {
  const everything = Object.fromEntries(Object.keys(RULES_OF).map((kind) => [kind, ALL])) as Record<
    Kind,
    Which
  >;
  return [...ledgerAddsUp(), ...rulesOver(everything, moment)];
}
