/** In place of `@upstash/core-analytics`, see wrangler.toml: the limiter brings it along to count for its own dashboard. */
export class Analytics {
  constructor() {
    throw new Error("The shop keeps no analytics of its limits.");
  }
}
