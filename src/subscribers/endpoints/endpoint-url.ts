import { AppError } from "../../platform/errors.ts";

export const MAX_URL_CHARS = 2000;

/** Names that mean this machine or this network wherever they are looked up. https://www.iana.org/assignments/special-use-domain-names */
const LOCAL_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|onion)$/;
/** A URL has every spelling of an IPv4 address (decimal, octal, hexadecimal, short) as four numbers, and IPv6 in brackets. https://url.spec.whatwg.org/#concept-ipv4-parser */
const ADDRESS = /^(\[.*\]|\d+(\.\d+){3})$/;

/** Why an address is none to send events to, as a sentence; undefined for a good one. Where its name leads is asked each time that something is sent. */
export function refusedUrl(text: string, anywhere: boolean): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return "Must be an address that begins with https://.";
  if (url.username !== "" || url.password !== "")
    return "Must not have a name or password in it: deliveries are signed instead.";
  if (url.hash !== "") return "Must not have a fragment (#), which is never sent.";
  return anywhere ? undefined : refusedPlace(url);
}

function refusedPlace({ protocol, port, hostname }: URL): string | undefined {
  if (protocol !== "https:") return "Must be an address that begins with https://.";
  if (port !== "") return "Must not name a port: deliveries go to 443.";
  const host = hostname.replace(/\.+$/, "");
  if (ADDRESS.test(host)) return "Must have a host name, and no IP address.";
  if (!host.includes(".") || LOCAL_NAMES.test(host)) return "Must be reachable from the internet.";
  return undefined;
}

/** Throws `BUSINESS_RULE_VIOLATION`. */
export function requirePublicUrl(text: string, anywhere: boolean): void {
  const why = refusedUrl(text, anywhere);
  if (why === undefined) return;
  throw new AppError("BUSINESS_RULE_VIOLATION", "Events cannot be sent to this address.", {
    fields: { url: why },
  });
}
