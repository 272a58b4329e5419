import { bundleShop } from "../build/bundle.ts";
import { Target } from "../load/load.ts";
import type { Side } from "../measure/side.ts";
import { startRuntime } from "../shop/runtime.ts";
import { Inspector } from "./inspector.ts";
import { type TimeOfRoute, whereTimeGoes } from "./where-time-goes.ts";

/** So few at once that the profile is of requests and not of queueing. */
const CONNECTIONS = 4;

/** How long each route is watched. */
const SECONDS = 2;

/** Watches the Worker of this checkout, with readable names, serve each of its hot routes. */
export async function profileRoutes(
  side: Side,
  say: (line: string) => void,
): Promise<TimeOfRoute[]> {
  const bundle = await bundleShop(side.root, { readable: true });
  const runtime = await startRuntime({ ...side, bundle, inspect: true });
  const target = await Target.open(runtime, CONNECTIONS);
  const inspector = await Inspector.open(await runtime.inspector());
  try {
    const found: TimeOfRoute[] = [];
    for (const { name, next, status } of side.routes) {
      say(`profile of ${name}`);
      await target.measure(next, status, SECONDS);
      let requests = 0;
      const profile = await inspector.profile(async () => {
        ({ requests } = await target.measure(next, status, SECONDS));
      });
      found.push(whereTimeGoes(name, profile, { requests, bundle }));
    }
    return found;
  } finally {
    inspector.close();
    target.close();
    await runtime.stop();
  }
}
