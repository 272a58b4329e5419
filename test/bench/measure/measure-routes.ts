import type { Target } from "../load/load.ts";
import type { HotRoute } from "../routes/hot-routes.ts";
import { ONE_SELECT_PATH } from "../worker/program.ts";
import { always, type Contender, measureInTurns, ratioOf, type Speed, speedOf } from "./compare.ts";
import type { Side } from "./side.ts";
import { costOf, type DatabaseCost, teachFloor } from "./teach-floor.ts";

/** Against the floor: requests per second, and CPU a request, divided by the floor's. */
export interface Ratios {
  readonly ratio: number;
  readonly cpuRatio: number;
}

/** A line of the report. `ratio` and `cpuRatio` are against the floor. */
export interface RouteResult extends Ratios, Speed {
  readonly name: string;
  /** What the floor does: the same statements, or one bare SELECT where the shop answers from memory. */
  readonly floorIs: "statements" | "one SELECT";
  readonly floor: Speed;
  /** The other checkout against the same floor, with `--against`. */
  readonly against?: Ratios & Speed;
  readonly database: DatabaseCost;
}

/** A side with its Worker running. */
export interface Running {
  readonly side: Side;
  readonly target: Target;
}

export interface Sides {
  readonly shop: Running;
  readonly against: Running | undefined;
  readonly floor: Target;
}

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** Measures each hot route of the shop, of the other checkout and of the floor in turns. */
export async function measureRoutes(sides: Sides, options: Options): Promise<RouteResult[]> {
  const { routes } = sides.shop.side;
  const results: RouteResult[] = [];
  for (const [i, route] of routes.entries()) {
    options.say(`${i + 1}/${routes.length} ${route.name}`);
    results.push(await measureRoute(sides, route, options));
  }
  return results;
}

async function measureRoute(sides: Sides, route: HotRoute, options: Options): Promise<RouteResult> {
  const visits = sides.shop.side.visits.get(route.key);
  if (visits === undefined) throw new Error(`Nobody has looked at ${route.name}.`);
  const database = costOf(visits[1]);
  if (!route.fromMemory) await teachFloor(sides.floor, route, visits);
  const rounds = await measureInTurns(contendersOf(sides, route), options);
  const of = (name: string) => rounds.get(name) ?? [];
  const shop = of("shop");
  return {
    name: route.name,
    floorIs: route.fromMemory ? "one SELECT" : "statements",
    ...ratioOf(shop, of("floor")),
    ...speedOf(shop),
    floor: speedOf(of("floor")),
    ...(sides.against === undefined
      ? {}
      : { against: { ...ratioOf(of("against"), of("floor")), ...speedOf(of("against")) } }),
    database,
  };
}

function contendersOf({ shop, against, floor }: Sides, route: HotRoute): Contender[] {
  const { name, next, status } = route;
  const other = against?.side.routes.find((one) => one.name === name);
  const oneSelect = always({ method: "GET", path: ONE_SELECT_PATH });
  const statements = () => ({ ...next(), path: `/${route.key}` });
  return [
    { name: "shop", target: shop.target, next, status },
    ...(against === undefined || other === undefined
      ? []
      : [{ name: "against", target: against.target, next: other.next, status: other.status }]),
    { name: "floor", target: floor, next: route.fromMemory ? oneSelect : statements, status: 200 },
  ];
}
