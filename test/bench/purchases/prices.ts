/** A price, in US dollars for so many units, beyond what the Workers Paid plan includes. */
interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly source: string;
}

const MILLION = 1_000_000;
const WORKERS = "https://developers.cloudflare.com/workers/platform/pricing/";
const D1 = "https://developers.cloudflare.com/d1/platform/pricing/";
const QUEUES = "https://developers.cloudflare.com/queues/platform/pricing/";
const GB = 1e9;

/** Cloudflare's public prices, as of November 2026. */
export const PRICES = {
  requests: { dollars: 0.3, per: MILLION, source: WORKERS },
  cpuMs: { dollars: 0.02, per: MILLION, source: WORKERS },
  rowsRead: { dollars: 0.001, per: MILLION, source: D1 },
  rowsWritten: { dollars: 1, per: MILLION, source: D1 },
  /** For a month. */
  bytesStored: { dollars: 0.75, per: GB, source: D1 },
  /** A message is written, read and deleted: three operations. */
  queueOperations: { dollars: 0.4, per: MILLION, source: QUEUES },
} as const satisfies Record<string, Price>;

export type Billed = keyof typeof PRICES;

export const dollarsFor = (what: Billed, units: number): number =>
  (units * PRICES[what].dollars) / PRICES[what].per;
