import type { Context } from "../platform/context.ts";
import type { ApiKeyMemory } from "./api-keys/api-key-memory.ts";
import type { EndedSessions } from "./sessions/ended-sessions.ts";
import type { KeyRing } from "./signing/signing-keys.ts";

export interface IdentityContext extends Context {
  readonly keys: KeyRing;
  readonly apiKeys: ApiKeyMemory;
  readonly endedSessions: EndedSessions;
}
