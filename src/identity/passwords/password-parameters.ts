import { Argon2Type, Argon2Version } from "@phi-ag/argon2";

/** OWASP's second choice for Argon2id: 19 MiB, 2 passes. https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
export const PASSWORD_PARAMETERS = {
  type: Argon2Type.Argon2id,
  version: Argon2Version.Version13,
  memoryCost: 19 * 1024,
  timeCost: 2,
  parallelism: 1,
  hashLength: 32,
} as const;

/** The same characters are the same password, whatever keyboard made them (NIST SP 800-63B-4, 3.1.1.2). */
export function normalizePassword(password: string): string {
  return password.normalize("NFKC");
}
