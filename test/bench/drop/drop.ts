import { learnProgram } from "../floor/learn-program.ts";
import { type Ask, Connection } from "../load/connection.ts";
import type { Target } from "../load/load.ts";
import type { Sides } from "../measure/measure-routes.ts";
import { asStaff, GOODS } from "../routes/goods.ts";
import { type HotRoute, reserve } from "../routes/hot-routes.ts";
import { LEARN_PATH } from "../worker/program.ts";

const MS_PER_S = 1000;
const SOLD = 201;
const REFUSED = 409;
/** Each has an answer on its way until nobody is left who wants one. */
const MAX_CONNECTIONS = 500;

/** How it went for the buyers who all came at once. */
export interface Rush {
  readonly sold: number;
  readonly refused: number;
  readonly msToLastSale: number;
  /** Per second, from the first of them on. */
  readonly refusalsPerSecond: number;
  /** Of the process, a buyer, in milliseconds. */
  readonly cpuMs: number;
}

export interface DropResult {
  readonly buyers: number;
  readonly units: number;
  readonly shop: Rush;
  /** The same statements until they are refused once, and from then on a Worker that does nothing but refuse. */
  readonly floor: Rush;
  readonly against?: Rush;
}

/** Lets so many buyers ask for one unit each of the few there are. Throws unless exactly those are sold. */
export async function drop(sides: Sides, buyers: number): Promise<DropResult> {
  const { shop, against, floor } = sides;
  const next = reserve(GOODS.dropSku);
  await teachDrop(sides);
  const atFloor = (): Ask => ({ ...next(), path: `/${DROP.key}` });
  const results = {
    ...{ buyers, units: GOODS.dropUnits },
    shop: await rush(shop.target, next, buyers),
    floor: await rush(floor, atFloor, buyers),
    ...(against === undefined ? {} : { against: await rush(against.target, next, buyers) }),
  };
  const { apiKey } = shop.side.sample;
  const level = await shop.target.ask(asStaff(apiKey, "GET", `/api/v1/inventory/${GOODS.dropSku}`));
  const { data } = JSON.parse(level.body) as { data: { reserved: number } }; // the API's own
  const sold = [data.reserved, results.shop.sold, results.floor.sold];
  if (sold.some((one) => one !== Math.min(GOODS.dropUnits, buyers)))
    throw new Error(`Of ${GOODS.dropUnits} units, ${sold.join(", ")} were sold.`);
  return results;
}

const DROP: Pick<HotRoute, "key"> = { key: "drop" };

/** What the shop does to hold the goods of which there are plenty, with the few instead of them. */
async function teachDrop({ shop, floor }: Sides): Promise<void> {
  const [first, second] = shop.side.held;
  const program = { ...learnProgram(first, second, SOLD), remembersRefusal: true };
  const body = JSON.stringify(program).replaceAll(GOODS.sku, GOODS.dropSku);
  await floor.ask({ method: "POST", path: `${LEARN_PATH}/${DROP.key}`, body });
}

async function rush(target: Target, next: () => Ask, buyers: number): Promise<Rush> {
  const { host, port } = target.runtime;
  const count = Math.min(buyers, MAX_CONNECTIONS);
  const opened = Array.from({ length: count }, () => Connection.open(host, port));
  const connections = await Promise.all(opened);
  const cpu = target.runtime.cpu();
  const started = performance.now();
  let coming = buyers;
  let sold = 0;
  let lastSale = started;
  let firstRefusal = Number.POSITIVE_INFINITY;
  let refused = 0;
  const buy = async (connection: Connection) => {
    while (coming > 0) {
      coming -= 1;
      const status = await connection.send(next());
      if (status === REFUSED) {
        refused += 1;
        firstRefusal = Math.min(firstRefusal, performance.now());
      } else if (status === SOLD) {
        sold += 1;
        lastSale = performance.now();
      } else throw new Error(`A buyer was answered ${status}.`);
    }
  };
  await Promise.all(connections.map(buy));
  const ended = performance.now();
  for (const one of connections) one.close();
  return {
    ...{ sold, refused, msToLastSale: lastSale - started },
    refusalsPerSecond: refused === 0 ? 0 : (refused * MS_PER_S) / (ended - firstRefusal),
    cpuMs: (target.runtime.cpu() - cpu) / buyers,
  };
}
