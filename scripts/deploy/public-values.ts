import type { Settings } from "./settings.ts";

const EXAMPLE_HOST = /(^|\.)example\.(workers\.dev|com|org|net)$/;

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

function inspectPublicUrl(address: string): string | undefined {
  const host = hostOf(address);
  if (host === undefined) return "PUBLIC_URL is not an address";
  if (EXAMPLE_HOST.test(host)) {
    return `PUBLIC_URL is still the example ${address}: set the shop's own, or https://<name>.<your subdomain>.workers.dev`;
  }
  if (!address.startsWith("https://")) return "PUBLIC_URL must start with https://";
  return new URL(address).origin === address
    ? undefined
    : "PUBLIC_URL must have no path and no slash at the end";
}

function inspectSender(sender: string): string | undefined {
  const host = /@([^\s@>]+)>?$/.exec(sender)?.[1];
  if (host === undefined) return "MAIL_FROM has no mail address in it";
  return EXAMPLE_HOST.test(host)
    ? `MAIL_FROM is still the example ${sender}: use a domain that is verified at Resend`
    : undefined;
}

/** What still has to change in wrangler.toml before a shop can be reached and send mail. */
export function inspectPublicValues({ vars }: Pick<Settings, "vars">): string[] {
  return [inspectPublicUrl(vars.PUBLIC_URL), inspectSender(vars.MAIL_FROM)].filter(
    (problem) => problem !== undefined,
  );
}
