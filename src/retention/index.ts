export type { Archive } from "./context.ts";
export { purge } from "./purge.ts";
