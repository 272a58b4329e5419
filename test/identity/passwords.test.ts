import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { COMMON_PASSWORDS } from "../../src/identity/passwords/common-passwords.ts";
import { checkPassword, hashPassword } from "../../src/identity/passwords/password.ts";
import { type Answer, call } from "../support/http.ts";
import { registerPerson } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

let count = 0;

function register(password: string): Promise<Answer> {
  count += 1;
  const email = `password-${count}@example.com`;
  return call("POST", "/api/v1/auth/register", { body: { email, password, name: "Ada" } });
}

function signIn(email: string, password: string): Promise<Answer> {
  return call("POST", "/api/v1/auth/login", { body: { email, password } });
}

async function refusal(password: string): Promise<string | undefined> {
  const answer = await register(password);
  expect(answer.status).toBe(422);
  return answer.body.error.fields.password;
}

const TOO_SHORT = "Must have at least 12 characters.";
const TOO_LONG = "Must have at most 128 characters.";
const TOO_COMMON = "Is too easy to guess. A few unrelated words are good.";

/** A text of this many different-looking characters. */
const long = (length: number, alphabet: string) =>
  Array.from({ length }, (_, i) => [...alphabet][(i * i + i) % [...alphabet].length]).join("");

const HORSES = "🐎🔋🧷✅🦄🍕🚲🌍🎺🪁🧶🫐🪴";

describe("The length of a password", () => {
  it("is 12 to 128 characters", async () => {
    expect(await refusal("zebra-klavi")).toBe(TOO_SHORT);
    expect((await register("zebra-klavie")).status).toBe(201);
    expect((await register(long(128, "quizblorkafemy-73"))).status).toBe(201);
    expect(await refusal(long(129, "quizblorkafemy-73"))).toBe(TOO_LONG);
    expect(await refusal(long(5000, "quizblorkafemy-73"))).toBe(TOO_LONG);
  });

  it("counts an emoji as one character", async () => {
    expect(await refusal(long(11, HORSES))).toBe(TOO_SHORT);
    expect((await register(long(12, HORSES))).status).toBe(201);
    expect((await register(long(128, HORSES))).status).toBe(201);
    expect(await refusal(long(129, HORSES))).toBe(TOO_LONG);
  });

  it("is counted after normalising, so that spelling an accent apart gains nothing", async () => {
    const apart = "äöüéñçåøõîë".normalize("NFD");
    expect(apart.length).toBeGreaterThan(12);
    expect(await refusal(apart)).toBe(TOO_SHORT);
    expect(await refusal("\uFDFA".repeat(12))).toBe(TOO_LONG); // one character that NFKC makes eighteen
  });
});

describe("A password with other letters than English ones", () => {
  it("is the same password however a keyboard composes it", async () => {
    const { body } = await register("Größenwahn-Ärger".normalize("NFD"));
    const { email } = body.data.user;
    expect((await signIn(email, "Größenwahn-Ärger".normalize("NFC"))).status).toBe(200);
    expect((await signIn(email, "Größenwahn-Ärger".normalize("NFKD"))).status).toBe(200);
    expect((await signIn(email, "Grossenwahn-Arger")).status).toBe(401);
  });

  it("counts to its last letter", async () => {
    const { body } = await register("правильный-конь-скоба");
    const { email } = body.data.user;
    expect((await signIn(email, "правильный-конь-скоба")).status).toBe(200);
    expect((await signIn(email, "правильный-кот--рыбка")).status).toBe(401);
    const emoji = await register(long(12, HORSES));
    const other = [...long(12, HORSES)].slice(0, 11).join("");
    expect((await signIn(emoji.body.data.user.email, `${other}🎻`)).status).toBe(401);
  });

  it("has the hash that any other Argon2 makes of it", async () => {
    // Made by node:crypto's argon2Sync over the UTF-8 bytes.
    const made =
      "$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Rub2JvZHlzMQ$pM1Ul+k59IAmvlXk2E3heu2LISNQiUdftiCFt5y205Q";
    expect(await checkPassword("пароль-пароль-пароль 🐎", made)).toEqual({
      right: true,
      outdated: false,
    });
    expect((await checkPassword("пароль-пароль-пароль 🐴", made)).right).toBe(false);
  });
});

describe("A common password", () => {
  const chosen = [...COMMON_PASSWORDS].filter((word) => /^[a-z]{3,}$/.test(word));
  const sample = chosen.filter((_, i) => i % Math.floor(chosen.length / 48) === 0).slice(0, 48);

  it("is refused, with digits after it too", async () => {
    for (const password of [
      "password1234",
      "qwertyuiop12",
      ...sample.map((word) => `${word}${"1234567890!?".slice(0, Math.max(12 - word.length, 1))}`),
    ])
      expect(await refusal(password), password).toBe(TOO_COMMON);
  });

  it("is refused in capitals, in wide letters, said twice, or as a row of keys", async () => {
    for (const password of [
      "PassWord1234",
      "ｐａｓｓｗｏｒｄ1234",
      "monkeymonkey",
      "123456789012",
      "abcdefghijklm",
      "aaaaaaaaaaaaaaaa",
      "ababababcabab",
      "🐎".repeat(12),
    ])
      expect(await refusal(password), password).toBe(TOO_COMMON);
  });
});

describe("A stored password", () => {
  it("is an Argon2id hash in PHC format with OWASP's parameters, and different each time", async () => {
    const people = [await registerPerson(), await registerPerson()];
    const hashes = await rows<{ hash: string }>("SELECT password_hash AS hash FROM users");
    expect(hashes).toHaveLength(people.length);
    for (const { hash } of hashes)
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(people.length);
  });

  it("with weaker parameters still signs in, and is stronger afterwards", async () => {
    const person = await registerPerson();
    const weak =
      "$argon2id$v=19$m=8192,t=1,p=1$aG9sZGZhc3Rub2JvZHlzMQ$17AVhvEnguuMERGzCFHyhMdQrJWS22T4AF4sMcR1LC8";
    await env.DB.prepare("UPDATE users SET password_hash = ?").bind(weak).run();
    expect((await signIn(person.email, "wrong horse battery staple")).status).toBe(401);
    expect(await rows("SELECT password_hash AS hash FROM users")).toEqual([{ hash: weak }]);
    expect((await signIn(person.email, "correct horse battery staple")).status).toBe(200);
    const [row] = await rows<{ hash: string }>("SELECT password_hash AS hash FROM users");
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await signIn(person.email, "correct horse battery staple")).status).toBe(200);
  });

  it("that is not one, or is missing, lets nobody in and breaks nothing", async () => {
    const person = await registerPerson();
    for (const hash of [
      null,
      "",
      "x",
      "$argon2id$",
      "$2b$10$abc",
      "$argon2id$v=19$m=1,t=0,p=0$$",
    ]) {
      await env.DB.prepare("UPDATE users SET password_hash = ?").bind(hash).run();
      expect((await signIn(person.email, "correct horse battery staple")).status).toBe(401);
    }
  });
});

describe("A strange password", () => {
  const strange = {
    "a NUL inside": "zebra\0klavier-hut",
    "a NUL at the end": "zebra-klavier-hut\0",
    "only NULs and a few letters": "\0\0\0\0\0\0\0\0abcdef",
    "a lone surrogate": "zebra-klavier-\ud83d",
    "surrogates the wrong way round": "zebra-klavier-\udc0e\ud83d",
    "characters that NFKC makes longer": `zebra-${"\uFB03".repeat(20)}`,
    "right-to-left marks": "zebra-\u202eklavier\u202c-hut",
  };

  it.each(Object.entries(strange))(
    "with %s is refused or works, and never breaks the shop",
    async (_, text) => {
      const answer = await register(text);
      expect([201, 422]).toContain(answer.status);
      if (answer.status === 201) {
        const { email } = answer.body.data.user;
        expect((await signIn(email, text)).status).toBe(200);
        expect((await signIn(email, text.split("\0")[0]?.concat("x") ?? "x")).status).toBe(401);
      }
      const person = await registerPerson();
      expect([401, 422]).toContain((await signIn(person.email, text)).status);
      expect([401, 422]).toContain((await signIn(text, text)).status);
    },
  );

  it("never ends at a NUL", async () => {
    const hash = await hashPassword("zebra\0klavier-hut");
    expect((await checkPassword("zebra\0klavier-hut", hash)).right).toBe(true);
    expect((await checkPassword("zebra\0klavier-hat", hash)).right).toBe(false);
    expect((await checkPassword("zebra", hash)).right).toBe(false);
  });
});
