/**
 * The race: 500 buyers want 50 units, all at once, over HTTP against the running Worker. Exactly 50 must win, each round.
 *
 *   npm run race                    100 rounds
 *   npm run race -- --rounds 5
 */
import { Agent, request } from "node:http";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type ShopProcess, startShop } from "./shop-process.ts";

const BUYERS = 500;
const UNITS = 50;
const ROUNDS = 100;
/** Nobody may be refused for longer than this once stock is free. */
const SOLD_OUT_MEMORY_MS = 2000;
const CLOSED = ["ECONNRESET", "EPIPE"];

interface Answer {
  readonly status: number;
  readonly body: { data?: Record<string, unknown>; error?: { code: string; details?: unknown } };
}

export interface RaceResult {
  readonly rounds: number;
  readonly reservations: number;
  readonly refusals: number;
  readonly requestsPerSecond: number;
}

/** Runs the rounds and throws at the first that does not end as it must. */
export async function race(
  shop: Pick<ShopProcess, "url" | "adminApiKey">,
  rounds: number,
  report: (line: string) => void = () => undefined,
): Promise<RaceResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: BUYERS });
  const ask = (method: string, path: string, body?: object, key?: string) =>
    send(agent, shop.url, {
      method,
      path,
      ...(body === undefined ? {} : { body }),
      ...(key === undefined ? {} : { key }),
    });
  let ms = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const sku = `RACE-${Date.now().toString(36)}-${round}`;
    const variants = [
      { sku, title: "One", price: { amount: 100, currency: "USD" }, initialStock: UNITS },
    ];
    check(await ask("POST", "/api/v1/products", { title: sku, variants }, shop.adminApiKey), 201);
    const started = performance.now();
    const buy = () => ask("POST", "/api/v1/reservations", { items: [{ sku, quantity: 1 }] });
    const answers = await Promise.all(Array.from({ length: BUYERS }, buy));
    ms += performance.now() - started;
    const won = answers.filter(({ status }) => status === 201);
    const lost = answers.filter(
      ({ status, body }) => status === 409 && body.error?.code === "INSUFFICIENT_STOCK",
    );
    const level = await ask("GET", `/api/v1/inventory/${sku}`, undefined, shop.adminApiKey);
    const held = level.body.data?.["reserved"];
    if (won.length !== UNITS || lost.length !== BUYERS - UNITS || held !== UNITS) {
      throw new Error(
        `Round ${round}: ${won.length} won, ${lost.length} lost, ${String(held)} reserved`,
      );
    }
    await sellWhatComesBack(ask, buy, String(won[0]?.body.data?.["id"]), round);
    report(`round ${round}/${rounds}: ${won.length} of ${BUYERS} won`);
  }
  agent.destroy();
  return {
    rounds,
    reservations: rounds * UNITS,
    refusals: rounds * (BUYERS - UNITS),
    requestsPerSecond: Math.round((rounds * BUYERS * 1000) / ms),
  };
}

/** Every tenth round one unit comes back, and two seconds later at the latest it must be for sale. */
async function sellWhatComesBack(
  ask: (method: string, path: string) => Promise<Answer>,
  buy: () => Promise<Answer>,
  reservationId: string,
  round: number,
): Promise<void> {
  if (round % 10 !== 1) return;
  check(await ask("DELETE", `/api/v1/reservations/${reservationId}`), 204);
  await new Promise((resolve) => setTimeout(resolve, SOLD_OUT_MEMORY_MS));
  check(await buy(), 201);
}

function check(answer: Answer, status: number): void {
  if (answer.status !== status) throw new Error(`Expected ${status}: ${JSON.stringify(answer)}`);
}

function send(
  agent: Agent,
  url: string,
  options: { method: string; path: string; body?: object; key?: string },
): Promise<Answer> {
  const { method, path, body, key } = options;
  const headers = {
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) }),
      );
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      // An idle connection that the server has just closed: it has not read this.
      sent.reusedSocket && CLOSED.includes(error.code ?? "")
        ? resolve(send(agent, url, options))
        : reject(error),
    );
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: String(ROUNDS) } },
  });
  const shop = await startShop();
  try {
    const result = await race(shop, Number(values.rounds), console.log);
    console.log(
      `${result.rounds} rounds of ${BUYERS} buyers for ${UNITS} units: exactly ${UNITS} won each time; ${result.reservations} held, ${result.refusals} refused, ${result.requestsPerSecond} requests/s`,
    );
  } finally {
    await shop.stop();
  }
}
