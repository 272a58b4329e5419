import type { Role } from "../../src/platform/roles.ts";

/** The password of all demo users. */
export const DEMO_PASSWORD = "anchor-and-lantern";

/** Who can sign in to a shop on this machine. */
export const DEMO_USERS: readonly { email: string; name: string; role: Role }[] = [
  { email: "admin@example.com", name: "Ada Admin", role: "admin" },
  { email: "agent@example.com", name: "Abel Agent", role: "agent" },
  { email: "customer@example.com", name: "Carla Customer", role: "customer" },
];
