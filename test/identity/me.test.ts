import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as, PASSWORD, registerPerson } from "../support/people.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

describe("PATCH /me", () => {
  it("changes the name, and the password only with the current one", async () => {
    const person = await registerPerson();
    const change = (body: object) => as(person, "PATCH", "/api/v1/me", { body });
    expect((await change({ name: "  Ada King " })).body.data.name).toBe("Ada King");
    const password = "a brand new passphrase";
    expectError(
      await change({ password }),
      422,
      invalid({ currentPassword: "Is needed to change the password." }),
    );
    expectError(
      await change({ password, currentPassword: "wrong horse battery" }),
      422,
      invalid({ currentPassword: "Is not your current password." }),
    );
    expectError(
      await change({ password: "password1234", currentPassword: PASSWORD }),
      422,
      invalid({ password: "Is too easy to guess. A few unrelated words are good." }),
    );
    expect((await change({ password, currentPassword: PASSWORD })).status).toBe(200);
    const logIn = (given: string) =>
      call("POST", "/api/v1/auth/login", { body: { email: person.email, password: given } });
    expect((await logIn(PASSWORD)).status).toBe(401);
    expect((await logIn(password)).status).toBe(200);
    expect(await rows("SELECT actor, action, target FROM audit_log")).toEqual([
      { actor: person.id, action: "password.changed", target: person.id },
    ]);
  });

  it("gives nobody who never had a password one", async () => {
    const member = await makeMember();
    for (const currentPassword of ["", "x", PASSWORD]) {
      const body = { password: "a brand new passphrase", currentPassword };
      expect((await as(member, "PATCH", "/api/v1/me", { body })).status).toBe(422);
    }
    expect(await rows("SELECT password_hash AS hash FROM users")).toEqual([{ hash: null }]);
  });

  it("changes nothing else", async () => {
    const person = await registerPerson();
    for (const body of [
      { role: "admin" },
      { email: "eve@evil.test" },
      { emailVerified: true },
      { account: { id: "acc_1" } },
      { disabled: false },
    ])
      expect((await as(person, "PATCH", "/api/v1/me", { body })).status).toBe(422);
  });
});
