import { describe, expect, it, vi } from "vitest";
import { call } from "../support/http.ts";
import { type Attacks, bearer, each, expectRefused, scene } from "../support/token-attacks.ts";
import { base64url, claimsOf, compact, headerOf } from "../support/tokens.ts";
import { useWorld } from "../support/world.ts";

useWorld();

async function hmac(hash: string, secret: string): Promise<CryptoKey> {
  const raw = new TextEncoder().encode(secret);
  return crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
}

async function pair(algorithm: SubtleCryptoGenerateKeyAlgorithm): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in made)) throw new Error("Not a pair.");
  return made.privateKey;
}

describe("A token of another algorithm", () => {
  it("is refused: none, in any spelling", async () => {
    const { member, good, ours } = await scene();
    const claims = base64url(JSON.stringify({ ...claimsOf(member), role: "admin" }));
    const signature = good.split(".")[2];
    const unsigned = (alg: unknown) => base64url(JSON.stringify({ ...headerOf(ours), alg }));
    const attacks = ["none", "None", "NONE", "nOnE", "", null, 0, false].flatMap((alg) => [
      [`${alg} without a signature`, `${unsigned(alg)}.${claims}.`],
      [`${alg} with the signature of another token`, `${unsigned(alg)}.${claims}.${signature}`],
    ]);
    await expectRefused(bearer(Object.fromEntries(attacks)));
  });

  it("is refused: the public key as a shared secret", async () => {
    const { member, ours } = await scene();
    const { body } = await call("GET", "/.well-known/jwks.json");
    const point = `${ours.publicJwk.x}${ours.publicJwk.y}`;
    const secrets = {
      jwk: JSON.stringify(ours.publicJwk),
      jwks: JSON.stringify(body),
      "published jwk": JSON.stringify(body.keys[0]),
      point,
      kid: ours.kid,
      pem: `-----BEGIN PUBLIC KEY-----\n${point}\n-----END PUBLIC KEY-----\n`,
    };
    const attacks: Record<string, Promise<string>> = {};
    for (const bits of [256, 384, 512]) {
      for (const [name, secret] of Object.entries(secrets)) {
        const key = await hmac(`SHA-${bits}`, secret);
        const header = { ...headerOf(ours), alg: `HS${bits}` };
        attacks[`HS${bits} ${name}`] = compact(header, claimsOf(member), key, "HMAC");
      }
    }
    await expectRefused(bearer(attacks));
  });

  it("is refused: another one, also with the right key", async () => {
    const { member, ours } = await scene();
    const claims = claimsOf(member);
    const rsa = (name: string) => ({
      name,
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    });
    const withAlg = (alg: unknown) => ({ ...headerOf(ours), alg });
    const named: Attacks = each(
      Object.fromEntries(
        [
          "ES384",
          "ES512",
          "ES256K",
          "EdDSA",
          "Ed25519",
          "RS256",
          "PS256",
          "HS256",
          "es256",
          "ES256 ",
          "ES-256",
        ].map((alg) => [`${alg} by name only`, alg]),
      ),
      (alg) => compact(withAlg(alg), claims, ours.privateKey),
    );
    const odd = each(
      { missing: undefined, number: 256, array: ["ES256"], object: { name: "ES256" }, true: true },
      (alg) => compact(withAlg(alg), claims, ours.privateKey),
    );
    const p384 = await pair({ name: "ECDSA", namedCurve: "P-384" });
    const p521 = await pair({ name: "ECDSA", namedCurve: "P-521" });
    await expectRefused(
      bearer({
        ...named,
        ...odd,
        ES384: compact(withAlg("ES384"), claims, p384, { name: "ECDSA", hash: "SHA-384" }),
        ES512: compact(withAlg("ES512"), claims, p521, { name: "ECDSA", hash: "SHA-512" }),
        EdDSA: compact(withAlg("EdDSA"), claims, await pair({ name: "Ed25519" }), "Ed25519"),
        RS256: compact(
          withAlg("RS256"),
          claims,
          await pair(rsa("RSASSA-PKCS1-v1_5")),
          "RSASSA-PKCS1-v1_5",
        ),
        PS256: compact(withAlg("PS256"), claims, await pair(rsa("RSA-PSS")), {
          name: "RSA-PSS",
          saltLength: 32,
        }),
      }),
    );
  });
});

describe("A token of another key", () => {
  it("is refused, whatever it says of the key", async () => {
    const { member, ours, theirs } = await scene();
    const fetched = vi.spyOn(globalThis, "fetch");
    const claims = { ...claimsOf(member), role: "admin" };
    const jwk = { ...theirs.publicJwk, kid: ours.kid, alg: "ES256", use: "sig" };
    const address = "https://evil.test/jwks.json";
    const extras: Record<string, object> = {
      "our kid": {},
      "its own kid": { kid: theirs.kid },
      "jwk beside our kid": { jwk },
      "jwk beside its kid": { jwk, kid: theirs.kid },
      jku: { jku: address },
      "jku beside its kid": { jku: address, kid: theirs.kid },
      "jku of our own": { jku: "https://shop.test/.well-known/jwks.json", kid: theirs.kid },
      x5u: { x5u: "https://evil.test/cert.pem", kid: theirs.kid },
      x5c: { x5c: ["MIIB"], kid: theirs.kid },
      x5t: { x5t: "abc", "x5t#S256": "abc", kid: theirs.kid },
      "kid an address": { kid: address },
    };
    await expectRefused(
      bearer(
        each(extras, (extra) =>
          compact({ ...headerOf(ours), ...(extra as object) }, claims, theirs.privateKey),
        ),
      ),
    );
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it("is refused, and so is ours under a name that is not the key's", async () => {
    const { member, ours } = await scene();
    const kids: Record<string, unknown> = {
      missing: undefined,
      empty: "",
      null: null,
      number: 1,
      zero: 0,
      true: true,
      array: [ours.kid],
      object: { kid: ours.kid },
      "path traversal": "../../../../dev/null",
      "an absolute path": "/dev/null",
      "a file address": "file:///etc/passwd",
      "an address": "https://shop.test/.well-known/jwks.json",
      "SQL that is always true": "' OR '1'='1",
      "SQL that selects": "x' UNION SELECT public_jwk FROM signing_keys --",
      "SQL that drops": "'; DROP TABLE signing_keys; --",
      "a LIKE pattern": "%",
      "a command": "| sleep 10",
      "a prototype": "__proto__",
      "a constructor": "constructor",
      "a method": "toString",
      "very long": "k".repeat(20_000),
      "a NUL at the end": `${ours.kid}\0`,
      "a space at the end": `${ours.kid} `,
      "in capitals": ours.kid.toUpperCase().replace(/\d/g, "A"),
      "an emoji": "🔑",
      "the thumbprint's prefix": ours.kid.slice(0, 8),
    };
    await expectRefused(
      bearer(
        each(kids, (kid) => compact({ ...headerOf(ours), kid }, claimsOf(member), ours.privateKey)),
      ),
    );
  });
});

describe("A token's header", () => {
  it("makes it refused when it asks for anything else than a plain access token", async () => {
    const { member, ours } = await scene();
    const headers: Record<string, object> = {
      "no typ": { typ: undefined },
      "typ JWT": { typ: "JWT" },
      "typ in capitals": { typ: "AT+JWT" },
      "typ in mixed case": { typ: "at+JWT" },
      "typ with its tree": { typ: "application/at+jwt" },
      "typ of an id token": { typ: "id_token+jwt" },
      "typ of a logout token": { typ: "logout+jwt" },
      "typ a number": { typ: 1 },
      "typ an array": { typ: ["at+jwt"] },
      "typ empty": { typ: "" },
      "crit unknown": { crit: ["https://evil.test"], "https://evil.test": true },
      "crit exp": { crit: ["exp"], exp: 1 },
      "crit empty": { crit: [] },
      "crit a string": { crit: "exp" },
      "crit b64": { crit: ["b64"], b64: false },
      "crit that is missing": { crit: ["kid", "nothing"] },
    };
    await expectRefused(
      bearer(
        each(headers, (extra) =>
          compact({ ...headerOf(ours), ...(extra as object) }, claimsOf(member), ours.privateKey),
        ),
      ),
    );
  });
});
