import { describe, expect, it } from "vitest";
import { makeSession } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { bearer, expectRefused, scene, UNAUTHENTICATED } from "../support/token-attacks.ts";
import { base64url, claimsOf, compact, headerOf, present } from "../support/tokens.ts";
import { travel, useWorld } from "../support/world.ts";

useWorld();

describe("What is shown as a bearer token", () => {
  it("is refused when it is no whole token in three parts", async () => {
    const { good, member, ours, theirs } = await scene();
    const [header = "", payload = "", signature = ""] = good.split(".");
    const admin = base64url(JSON.stringify({ ...claimsOf(member), role: "admin" }));
    await expectRefused(
      bearer({
        "one part": header,
        "two parts": `${header}.${payload}`,
        "four parts": `${good}.${signature}`,
        "only dots": "..",
        "five dots": ".....",
        "no header": `.${payload}.${signature}`,
        "no payload": `${header}..${signature}`,
        "no signature": `${header}.${payload}.`,
        "parts in another order": `${payload}.${header}.${signature}`,
        "another payload": `${header}.${admin}.${signature}`,
        "a signature cut by one": good.slice(0, -2),
        "half a signature": good.slice(0, -43),
        "a longer signature": `${good}AAAA`,
        "a signature of zeros": `${header}.${payload}.${"A".repeat(86)}`,
        "a signature in DER": `${header}.${payload}.${base64url(new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1]))}`,
        "the signature twice": `${good}${signature}`,
        "a header twice": `${header}${header}.${payload}.${signature}`,
        "a header that is no JSON": `${base64url("{")}.${payload}.${signature}`,
        "a header that is null": `${base64url("null")}.${payload}.${signature}`,
        "a header that is an array": `${base64url('["ES256"]')}.${payload}.${signature}`,
        "a header that is a string": `${base64url('"ES256"')}.${payload}.${signature}`,
        "a header in no UTF-8": `${base64url(new Uint8Array([0xff, 0xfe, 0x7b]))}.${payload}.${signature}`,
        "a header with a key twice": compact(
          `{"alg":"none","alg":"ES256","kid":"${ours.kid}","typ":"at+jwt"}`,
          claimsOf(member),
          theirs.privateKey,
        ),
        "a payload with a key twice": compact(
          headerOf(ours),
          JSON.stringify(claimsOf(member)).replace("{", '{"role":"admin",'),
          theirs.privateKey,
        ),
        "padding in the signature": `${good}==`,
        "signs that base64url does not have": `${header}.${payload}.${signature.slice(0, -2)}*!`,
        "letters beyond ASCII": `${header}.${payload}.é${signature}`,
        "percent signs": encodeURIComponent(`${good} `),
        "quotes around it": `"${good}"`,
        "a JSON of it": JSON.stringify({ protected: header, payload, signature }),
        "an encrypted one":
          "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
        "an encrypted one with a key":
          "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AAAA.AAAAAAAAAAAAAAAA.AAAA.AAAA",
        "one inside another": compact({ ...headerOf(ours), cty: "JWT" }, good, ours.privateKey),
        "one inside another of theirs": compact(
          { ...headerOf(theirs), cty: "JWT" },
          good,
          theirs.privateKey,
        ),
        "a megabyte": "A".repeat(1024 * 1024),
        "a megabyte with dots": `${header}.${"A".repeat(1024 * 1024)}.${signature}`,
        "a megabyte of header": `${base64url(`{"kid":"${"x".repeat(700_000)}"}`)}.e30.AA`,
        "a thousand parts": "a.".repeat(1000),
      }),
    );
  });

  it("is refused when it is another secret of the shop", async () => {
    const { member } = await scene();
    const browser = await makeSession(member.id, "browser");
    await expectRefused(
      bearer({
        "a refresh token": member.refreshToken,
        "a browser's secret": browser.refreshToken,
        "a session's id": member.sessionId,
        "a user's id": member.id,
        "an order's token": "ot_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
      }),
    );
  });

  it("is refused when the header holds it in another way", async () => {
    const { good } = await scene();
    await expectRefused({
      nothing: "",
      "only the scheme": "Bearer",
      "the scheme and a space": "Bearer ",
      "no scheme": good,
      Basic: `Basic ${btoa(`${good}:`)}`,
      "Basic with the token as it is": `Basic ${good}`,
      Token: `Token ${good}`,
      JWT: `JWT ${good}`,
      Digest: `Digest username="x", response="${good}"`,
      "a colon": `Bearer: ${good}`,
      "an equals sign": `Bearer token=${good}`,
      "the scheme twice": `Bearer Bearer ${good}`,
      "two tokens": `Bearer ${good} ${good}`,
      "two values": `Bearer ${good}, Bearer ${good}`,
      "two values of which one is bad": `Bearer ${good}, Bearer x`,
      "two schemes": `Basic x, Bearer ${good}`,
      "a comma after it": `Bearer ${good},`,
      "a comma before it": `Bearer ,${good}`,
      "a tab inside": `Bearer ${good.slice(0, 20)}\t${good.slice(20)}`,
      "a space inside": `Bearer ${good.slice(0, 20)} ${good.slice(20)}`,
      "no space": `Bearer${good}`,
      "a tab for the space": `Bearer\t${good}`,
      "a non-breaking space": `Bearer\u00a0${good}`,
    });
  });

  it("is not looked for in cookies, and the scheme may be in any case", async () => {
    const { good } = await scene();
    for (const name of ["access_token", "Authorization", "__Host-session", "token"]) {
      const answer = await call("GET", "/api/v1/me", { headers: { Cookie: `${name}=${good}` } });
      expectError(answer, 401, UNAUTHENTICATED);
    }
    const query = await call("GET", `/api/v1/me?access_token=${good}`);
    expect([401, 422]).toContain(query.status);
    const lower = await call("GET", "/api/v1/me", { headers: { Authorization: `bearer ${good}` } });
    expect(lower.status).toBe(200);
  });
});

describe("A token that was good", () => {
  it("is refused from the second on in which it is over", async () => {
    const { good } = await scene();
    const second = Math.floor(Date.now() / 1000) * 1000;
    await travel(second + 900_000 - 1 - Date.now());
    expect((await present(good)).status).toBe(200);
    await travel(1);
    expectError(await present(good), 401, UNAUTHENTICATED);
  });
});
