import { bundleFloor, bundleShop } from "../build/bundle.ts";
import { Target } from "../load/load.ts";
import { type HotRoute, hotRoutes } from "../routes/hot-routes.ts";
import { type Look, lookAt } from "../shop/look.ts";
import { startRuntime } from "../shop/runtime.ts";
import { copySample, makeSample, type Sample } from "../shop/sample-shop.ts";
import { stockShop } from "../shop/stock-shop.ts";

/** A checkout of this repository that is measured: its Worker runs, and another one of it can be looked into. */
export interface Side {
  readonly root: string;
  /** Its files as they were before anything was measured; nothing runs on them. */
  readonly sample: Sample;
  readonly routes: readonly HotRoute[];
  readonly target: Target;
  /** The same Worker on other files, which says what each request makes it do. */
  readonly look: Look;
  stop(): Promise<void>;
}

interface Options {
  readonly root: string;
  readonly stripeUrl: string;
  readonly connections: number;
  readonly say: (line: string) => void;
}

/** Builds the checkout in this folder, makes a shop for it, and starts it. */
export async function startSide({ root, stripeUrl, connections, say }: Options): Promise<Side> {
  say(`${root}: building the Worker and its shop`);
  const [bundle, sample] = await Promise.all([bundleShop(root), makeSample(root, stripeUrl)]);
  const stocking = await lookAt(bundle, root, sample);
  const routes = hotRoutes(await stockShop(stocking, sample));
  await stocking.stop();
  const runtime = await startRuntime({ bundle, root, sample: copySample(sample) });
  const target = await Target.open(runtime, connections);
  const look = await lookAt(bundle, root, copySample(sample));
  return {
    ...{ root, sample, routes, target, look },
    async stop() {
      target.close();
      await Promise.all([runtime.stop(), look.stop()]);
    },
  };
}

/** Starts the floor on the same files as this side has. */
export async function startFloor({ root, sample }: Side, connections: number): Promise<Target> {
  const bundle = await bundleFloor();
  return Target.open(await startRuntime({ bundle, root, sample: copySample(sample) }), connections);
}
