import { onTestFinished, vi } from "vitest";

export interface SentMail {
  readonly idempotencyKey: string | null;
  readonly body: { readonly to: string; readonly subject: string; readonly html: string };
}

/**
 * Lets Resend answer as told, one answer a call, the last one for good; undefined is Resend's own answer.
 * Returns what it was asked, in order.
 */
export function resendAnswers(...answers: readonly (Problem | undefined)[]): SentMail[] {
  const asked: SentMail[] = [];
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const isMail = new URL(request.url).hostname === "resend.test" && request.method === "POST";
    if (!isMail) return real(request);
    const body = await request.clone().json<SentMail["body"]>();
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ idempotencyKey: request.headers.get("Idempotency-Key"), body });
    if (answer === undefined) return real(request);
    const { status, name } = answer;
    return Response.json({ statusCode: status, name, message: "No." }, { status });
  });
  onTestFinished(() => spy.mockRestore());
  return asked;
}

/** An error of https://resend.com/docs/api-reference/errors */
export interface Problem {
  readonly status: number;
  readonly name: string;
}
