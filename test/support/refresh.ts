import { expect } from "vitest";
import { expectError } from "./expect-error.ts";
import { type Answer, call } from "./http.ts";

const OVER = {
  code: "UNAUTHENTICATED",
  message: "This sign-in is over. Please sign in again.",
} as const;

/** One use of a refresh token. */
export function refresh(refreshToken: string): Promise<Answer> {
  return call("POST", "/api/v1/auth/refresh", { body: { refreshToken } });
}

/** The pair that a good one brings. */
export async function refreshed(
  refreshToken: string,
): Promise<{ accessToken: string; refreshToken: string }> {
  const { status, body, text } = await refresh(refreshToken);
  expect(status, text).toBe(200);
  return body.data;
}

/** Its session has ended. */
export async function expectOver(refreshToken: string): Promise<void> {
  expectError(await refresh(refreshToken), 401, OVER);
}
