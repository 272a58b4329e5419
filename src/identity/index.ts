export { ApiKeyMemory } from "./api-keys/api-key-memory.ts";
export { apiKeyRoutes } from "./api-keys/routes.ts";
export { countAttemptAt } from "./attempts.ts";
export { authRoutes } from "./auth-routes.ts";
export { authenticate } from "./authenticate.ts";
export type { IdentityContext } from "./context.ts";
export { customerSchema, presentCustomer } from "./customers/customer.ts";
export {
  customerIndex,
  indexBuyer,
  indexCustomer,
  indexUser,
  promiseForgotten,
} from "./customers/index-customer.ts";
export { customerRoutes } from "./customers/routes.ts";
export { findCustomer, nameGuest } from "./customers/store.ts";
export { linkMailData, ownerOfToken, signInMailData } from "./links/mail-data.ts";
export { forgotPassword, resetPassword } from "./links/password-reset.ts";
export { resendVerification, verifyEmail } from "./links/verify-email.ts";
export { checkPassword } from "./passwords/password.ts";
export { passwordSchema } from "./passwords/password-rules.ts";
export { newGuestSecret } from "./secrets.ts";
export { EndedSessions } from "./sessions/ended-sessions.ts";
export { knownDevice } from "./sessions/known-device.ts";
export { logIn } from "./sessions/log-in.ts";
export { type Device, SESSION_LIFE_MS, withSecret } from "./sessions/open-session.ts";
export { type Person, readBrowserSession } from "./sessions/read-browser-session.ts";
export {
  endMyOtherSessions,
  endMySession,
  mySessions,
  type Session,
  signedIn,
  signOut,
} from "./sessions/sessions.ts";
export { keySetRoutes } from "./signing/routes.ts";
export { sealKeysAgain } from "./signing/seal-again.ts";
export { KeyRing, rotateSigningKeys } from "./signing/signing-keys.ts";
export { findUser, stillHolds } from "./store.ts";
export { emailSchema, nameSchema, presentUser, userSchema } from "./user.ts";
export { updateMe } from "./users/me.ts";
export { register } from "./users/register.ts";
export { userRoutes } from "./users/routes.ts";
