/**
 * The bench: what the hot routes cost beyond the statements that they send, on this machine and in one run. It is no
 * timed test: it says what is, and judges nothing.
 *
 *   npm run bench                               all of it
 *   npm run bench -- --only 'reserve' --rounds 3   in a minute
 *   npm run bench -- --against ../before        another checkout beside this one
 */
import { pathToFileURL } from "node:url";
import type { Target } from "./load/load.ts";
import { measureRoutes, type Running } from "./measure/measure-routes.ts";
import { prepareSide, type Side, startFloor, startShop } from "./measure/side.ts";
import { type Options, readOptions } from "./options.ts";
import { keepReport, newReport, type Report } from "./report/keep.ts";
import { routesTable } from "./report/table.ts";
import { startStripe } from "./shop/stripe.ts";

type Say = (line: string) => void;

/** Measures what was asked for. */
export async function bench(options: Options, say: Say): Promise<Report> {
  const stripe = await startStripe();
  try {
    const prepare = (root: string) => prepareSide({ ...options, root, stripeUrl: stripe.url, say });
    const shop = await prepare(options.root);
    const against = options.against === undefined ? undefined : await prepare(options.against);
    const routes = await measureAll({ shop, against }, options, say);
    const { rounds, seconds, connections, rows } = options;
    return newReport({ rounds, seconds, connections, rows, against: options.against }, { routes });
  } finally {
    stripe.stop();
  }
}

interface Prepared {
  readonly shop: Side;
  readonly against: Side | undefined;
}

async function measureAll({ shop, against }: Prepared, options: Options, say: Say) {
  const targets: Target[] = [];
  const started = async (target: Promise<Target>) => {
    targets.push(await target);
    return target;
  };
  const run = async (side: Side): Promise<Running> => ({
    side,
    target: await started(startShop(side, options.connections)),
  });
  try {
    // Before the shop itself, whose files it gets a copy of.
    const floor = await started(startFloor(shop, options.connections));
    const sides = {
      ...{ floor, shop: await run(shop) },
      against: against === undefined ? undefined : await run(against),
    };
    return await measureRoutes(sides, { ...options, say });
  } finally {
    for (const target of targets) target.close();
    await Promise.all(targets.map(({ runtime }) => runtime.stop()));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const options = readOptions(process.argv.slice(2));
  const report = await bench(options, (line) => console.error(line));
  console.log(`\n${routesTable(report.routes)}\n`);
  console.log(keepReport(options.root, report));
}
