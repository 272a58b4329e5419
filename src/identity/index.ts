export { ApiKeyMemory } from "./api-key-memory.ts";
export { authenticate } from "./authenticate.ts";
export type { IdentityContext } from "./context.ts";
export { keyRoutes } from "./key-routes.ts";
export { linkMailData, ownerOfToken, signInMailData } from "./mail-data.ts";
export { sessionRoutes } from "./session-routes.ts";
export { KeyRing, rotateSigningKeys } from "./signing-keys.ts";
export { emailSchema } from "./user.ts";
export { userRoutes } from "./user-routes.ts";
