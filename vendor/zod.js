/**
 * What `zod` exports, without its messages in 50 languages, which @hono/zod-openapi would bring into the bundle by taking
 * the whole namespace: 40 KiB gzipped. Stands in for the package in the bundle alone (`[alias]` in wrangler.toml).
 */
import * as z from "./zod-parts.js";

export * from "./zod-parts.js";
export { z, z as default };
