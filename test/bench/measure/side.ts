import { type Bundle, bundleFloor, bundleShop } from "../build/bundle.ts";
import { Target } from "../load/load.ts";
import { GOODS } from "../routes/goods.ts";
import { type HotRoute, hotRoutes, reserve } from "../routes/hot-routes.ts";
import { type Look, lookAt } from "../shop/look.ts";
import { startRuntime } from "../shop/runtime.ts";
import { copySample, makeSample, type Sample } from "../shop/sample-shop.ts";
import { stockShop } from "../shop/stock-shop.ts";
import type { Visit } from "../worker/recorded.ts";

/** A checkout of this repository that is about to be measured. */
export interface Side {
  readonly root: string;
  readonly bundle: Bundle;
  readonly sample: Sample;
  readonly routes: readonly HotRoute[];
  /** What two requests of each route have made the Worker do, by the route's key. */
  readonly visits: ReadonlyMap<string, readonly [Visit, Visit]>;
  /** The same of holding one of what there is plenty of. */
  readonly held: readonly [Visit, Visit];
}

interface Wanted {
  readonly root: string;
  readonly stripeUrl: string;
  readonly rows: number;
  readonly seed: number;
  readonly only: RegExp;
  readonly say: (line: string) => void;
}

/** Builds the checkout in this folder, makes a shop for it, and looks at what its hot routes do. */
export async function prepareSide(wanted: Wanted): Promise<Side> {
  const { root, only, say } = wanted;
  say(`${root}: building the Worker and its shop`);
  const [bundle, sample] = await Promise.all([bundleShop(root), makeSample(wanted)]);
  const look = await lookAt({ bundle, root, sample });
  try {
    const routes = hotRoutes(await stockShop(look, sample)).filter(({ name }) => only.test(name));
    const visits = new Map<string, readonly [Visit, Visit]>();
    for (const route of routes) visits.set(route.key, await visitTwice(look, route));
    const held = await visitTwice(look, { next: reserve(GOODS.sku), status: 201 });
    return { root, bundle, sample, routes, visits, held };
  } finally {
    await look.stop();
  }
}

/** After a first visit, which fills what an isolate remembers. */
async function visitTwice(
  look: Look,
  { next, status }: Pick<HotRoute, "next" | "status">,
): Promise<[Visit, Visit]> {
  await look.visit(next(), status);
  return [await look.visit(next(), status), await look.visit(next(), status)];
}

/** Starts the Worker on its files. */
export async function startShop(side: Side, connections: number): Promise<Target> {
  return Target.open(await startRuntime(side), connections);
}

/** Starts the floor on a copy of the same files. Nothing may run on them meanwhile. */
export async function startFloor({ root, sample }: Side, connections: number): Promise<Target> {
  const bundle = await bundleFloor();
  return Target.open(await startRuntime({ bundle, root, sample: copySample(sample) }), connections);
}
