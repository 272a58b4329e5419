export { ApiKeyMemory } from "./api-key-memory.ts";
export { authenticate } from "./authenticate.ts";
export type { IdentityContext } from "./context.ts";
export { EndedSessions } from "./ended-sessions.ts";
export { keyRoutes } from "./key-routes.ts";
export { logIn } from "./log-in.ts";
export { linkMailData, ownerOfToken, signInMailData } from "./mail-data.ts";
export { updateMe } from "./me.ts";
export { type Device, SESSION_LIFE_MS, withSecret } from "./open-session.ts";
export { forgotPassword, resetPassword } from "./password-reset.ts";
export { type Person, readBrowserSession } from "./read-browser-session.ts";
export { register } from "./register.ts";
export { sessionRoutes } from "./session-routes.ts";
export {
  endMyOtherSessions,
  endMySession,
  mySessions,
  type Session,
  signOut,
} from "./sessions.ts";
export { KeyRing, rotateSigningKeys } from "./signing-keys.ts";
export { emailSchema, nameSchema, passwordSchema } from "./user.ts";
export { userRoutes } from "./user-routes.ts";
export { resendVerification, verifyEmail } from "./verify-email.ts";
