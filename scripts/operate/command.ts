import { resolve } from "node:path";
import { Refusal } from "../dev/refusal.ts";
import { type Choice, openShop, type Shop } from "./shop.ts";

/** The flags that choose the shop, for `parseArgs`. */
export const SHOP_FLAGS = {
  env: { type: "string" },
  remote: { type: "boolean", default: false },
} as const;

/** Opens the shop that the flags choose. */
export function chosenShop(choice: Choice): Shop {
  return openShop(choice, { root: resolve(import.meta.dirname, "../.."), env: process.env });
}

/** Runs a command to its end; what the person at the terminal can act on is one sentence, without a stack. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const expected = error instanceof Refusal || isArgumentError(error);
    console.error(expected ? error.message : error);
    process.exitCode = 1;
  }
}

function isArgumentError(error: unknown): error is Error {
  return (
    error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
  );
}
