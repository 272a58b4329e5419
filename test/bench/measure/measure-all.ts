import { type BundleSize, measureBundle } from "../build/parts.ts";
import { measureStartup, type Startup } from "../build/startup.ts";
import { type DropResult, drop } from "../drop/drop.ts";
import { FEW, type Growth, measureGrowth } from "../growth/measure-growth.ts";
import type { Target } from "../load/load.ts";
import type { Options } from "../options.ts";
import { profileRoutes } from "../profile/profile-routes.ts";
import type { TimeOfRoute } from "../profile/where-time-goes.ts";
import { measurePurchases, type PurchaseCosts } from "../purchases/measure-purchases.ts";
import { makeSample } from "../shop/sample-shop.ts";
import { type WithoutIndex, withoutIndex } from "../without/without-index.ts";
import { measureRoutes, type RouteResult, type Running, type Sides } from "./measure-routes.ts";
import { type Side, startFloor, startShop } from "./side.ts";

export type Say = (line: string) => void;

/** What is said of one checkout that no other is needed for. */
export interface CheckoutResult {
  readonly bundle: BundleSize;
  readonly startup: Startup;
  readonly purchases: PurchaseCosts;
}

export interface Results {
  readonly routes: readonly RouteResult[];
  readonly without?: WithoutIndex;
  readonly growth?: Growth;
  readonly profile?: readonly TimeOfRoute[];
  readonly drop?: DropResult;
  readonly shop?: CheckoutResult;
  readonly against?: CheckoutResult;
}

export interface Prepared {
  readonly shop: Side;
  readonly against: Side | undefined;
}

/** Measures all that was asked for, one thing after the other. */
export async function measureAll(sides: Prepared, options: Options, say: Say): Promise<Results> {
  const { routesOnly, buyers, without, growth: growthOnly } = options;
  if (without !== undefined)
    return { routes: [], without: await withoutIndex(sides.shop, without, say) };
  const growth = async () => ({ growth: await measureGrowth(sides.shop, options, say) });
  if (growthOnly) return { routes: [], ...(await growth()) };
  const together = await withAllRunning(sides, options, async (running) => {
    const routes = await measureRoutes(running, { ...options, say });
    if (routesOnly) return { routes };
    say(`the drop: ${buyers} buyers`);
    return { routes, drop: await drop(running, buyers) };
  });
  const { shop, against } = sides;
  const profile = options.profile ? { profile: await profileRoutes(shop, say) } : {};
  if (routesOnly) return { ...together, ...profile };
  return {
    ...{ ...together, ...profile },
    ...(options.rows > FEW ? await growth() : {}),
    shop: await measureCheckout(shop, options, say),
    ...(against === undefined ? {} : { against: await measureCheckout(against, options, say) }),
  };
}

async function measureCheckout(side: Side, options: Options, say: Say): Promise<CheckoutResult> {
  const { root, bundle, sample } = side;
  // What a purchase leaves on disk is seen best where there is little else.
  const stripeUrl = sample.variables["STRIPE_API_URL"] ?? "";
  const empty = await makeSample({ root, stripeUrl, rows: 0, seed: options.seed, say });
  const wanted = { root, bundle, sample: empty, purchases: options.purchases, say };
  const purchases = await measurePurchases(wanted);
  say(`starting the Worker ${options.starts} times`);
  const startup = await measureStartup(root, options.starts);
  return { bundle: measureBundle(bundle), startup, purchases };
}

async function withAllRunning<T>(
  { shop, against }: Prepared,
  { connections }: Options,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  const targets: Target[] = [];
  const opened = async (target: Promise<Target>) => {
    targets.push(await target);
    return target;
  };
  const run = async (side: Side): Promise<Running> => ({
    side,
    target: await opened(startShop(side, connections)),
  });
  try {
    // Before the shop itself, whose files it gets a copy of.
    const floor = await opened(startFloor(shop, connections));
    return await work({
      ...{ floor, shop: await run(shop) },
      against: against === undefined ? undefined : await run(against),
    });
  } finally {
    for (const target of targets) target.close();
    await Promise.all(targets.map(({ runtime }) => runtime.stop()));
  }
}
