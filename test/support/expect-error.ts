import { expect } from "vitest";
import type { Answer } from "./http.ts";

/** Expects exactly this error and nothing beside it, in the order of the contract. */
export function expectError(
  answer: Answer,
  status: number,
  error: { code: string; message: string; fields?: object; details?: object },
): void {
  const requestId = answer.headers.get("X-Request-Id");
  expect(answer.headers.get("Content-Type")).toBe("application/json");
  expect(answer.text).toBe(JSON.stringify({ error: { ...error, requestId } }));
  expect(answer.status).toBe(status);
}

/** A `VALIDATION_FAILED` over these fields. */
export function invalid(fields: Readonly<Record<string, string>>) {
  return { code: "VALIDATION_FAILED", message: "Some fields are not right.", fields } as const;
}
