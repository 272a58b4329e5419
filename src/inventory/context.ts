import type { Context } from "../platform/context.ts";
import type { SoldOutMemory } from "./sold-out-memory.ts";

export interface InventoryContext extends Context {
  readonly soldOut: SoldOutMemory;
}
