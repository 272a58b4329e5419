import type { Actor } from "../context.ts";

const IPV6_GROUPS = 8;
/** What one household or server gets, and can take any address of. */
const IPV6_CLIENT_GROUPS = 4;
/** What one site or provider's region gets. */
const IPV6_NETWORK_GROUPS = 3;
const IPV4_NETWORK_PARTS = 3;
const IPV4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i;
const MAX_KEY_CHARS = 64;

/** The client behind an address: an IPv4 address, or the /64 of an IPv6 one. */
export function clientOf(address: string): string {
  const ipv4 = IPV4.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  return prefix(address, IPV6_CLIENT_GROUPS);
}

/** The network around an address: the /24 of an IPv4 one, the /48 of an IPv6 one. */
export function networkOf(address: string): string {
  const ipv4 = IPV4.exec(address)?.[1];
  if (ipv4 !== undefined) return `${ipv4.split(".").slice(0, IPV4_NETWORK_PARTS).join(".")}.0/24`;
  return prefix(address, IPV6_NETWORK_GROUPS);
}

/** What is no address (there is none outside Cloudflare) is one client of its own. */
function prefix(address: string, groups: number): string {
  const all = ipv6Groups(address);
  if (all === undefined) return address.slice(0, MAX_KEY_CHARS);
  return `${all.slice(0, groups).join(":")}::/${groups * 16}`;
}

/** The eight groups without leading zeros. RFC 4291, 2.2 */
function ipv6Groups(address: string): string[] | undefined {
  const [head = "", tail, ...more] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = IPV6_GROUPS - left.length - right.length;
  const fits = tail === undefined ? missing === 0 : missing > 0 && more.length === 0;
  const groups = [...left, ...Array.from({ length: Math.max(missing, 0) }, () => "0"), ...right];
  if (!fits || !groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

/** Who is counted: a user, an API key, or everybody else at this address. */
export function callerOf(actor: Actor): string {
  return actor.kind === "user" || actor.kind === "key" ? actor.label : clientOf(actor.address);
}
