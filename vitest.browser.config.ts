import { defineConfig } from "vitest/config";

const TIMEOUT_MS = 300_000;

/** Needs a Chromium: the shop as `npm run dev` starts it, used by a person. */
export default defineConfig({
  test: {
    name: "browser",
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/support/start-shop.ts"],
    // One shop for all files, which take turns so that a slow machine stays fast enough.
    fileParallelism: false,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
});
