import { type AppError, type ErrorCode, STATUS_OF } from "../../platform/errors.ts";
import type { PageContext } from "../context.ts";
import { renderDocument } from "./layout.tsx";
import { settingsFor, shopOn } from "./respond.ts";

const HEADINGS: Readonly<Partial<Record<number, string>>> = {
  401: "This needs a key",
  403: "That was not done",
  404: "There is nothing here",
  405: "That is not possible here",
  409: "Something else came first",
  410: "The time is up",
  413: "That is too much at once",
  415: "We cannot read that",
  422: "Something is not right",
  429: "A little slower, please",
  500: "Something went wrong on our side",
  502: "The payment provider did not answer",
  503: "The shop is busy",
};

const AGAIN = new Set<number>([429, 500, 502, 503]);

/** An error as a page, for people: same status, code and request id as the API's answer. */
export async function errorPage(ctx: PageContext, error: AppError): Promise<Response> {
  const { config, person, requestId } = ctx;
  const code: ErrorCode = error.code;
  const status = STATUS_OF[code];
  const heading = HEADINGS[status] ?? "That did not work";
  const content = (
    <div class="narrow error">
      <p class="eyebrow">Error {status}</p>
      <h1>{heading}</h1>
      <p class="lead">{error.message}</p>
      {AGAIN.has(status) ? <p>Wait a moment, then load the page again.</p> : null}
      <p>
        <a class="button" href="/">
          See what there is
        </a>
      </p>
      <p class="fine">
        {code} · Should you write to us about this, this number helps: <code>{requestId}</code>
      </p>
    </div>
  );
  const head = { title: heading, description: error.message };
  // What keeps the settings from being read may be the very error that is told of.
  const settings = await settingsFor(ctx)().catch(() => ({ name: null }));
  const shop = shopOn(config, settings);
  return new Response(renderDocument({ shop, head, person }, content), {
    status,
    headers: { ...error.extras.headers, "Content-Type": "text/html; charset=UTF-8" },
  });
}
