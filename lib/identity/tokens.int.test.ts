import { createHmac, generateKeyPairSync, randomBytes, sign as signBytes } from "node:crypto";
import { EncryptJWT, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#lib/core/ids";
import { SigningKeys } from "#lib/identity/signing-keys";
import { isOwnToken, signToken, type TokenKind, tokenKinds, verifyToken } from "#lib/identity/tokens";
import { runtime } from "#lib/platform/runtime";
import { composeIdentity, sql } from "#test/identity";

let close: () => Promise<void>;
beforeAll(async () => {
  close = await composeIdentity();
});
afterAll(() => close());

const now = new Date("2026-11-20T12:00:00Z");
const nowSeconds = now.getTime() / 1000;
const claims = { subject: "usr_1", sessionId: "ses_1" };
const ofKey = { subject: "acct_1", keyId: "key_1", generation: 3 };
const ofTry = { ...ofKey, userId: "usr_1", ipAddress: "192.0.2.7" };
const claimsOf = { user: claims, session: claims, partner: ofKey, explorer: ofTry };
const kinds = Object.keys(tokenKinds) as TokenKind[];
const sign = (kind: TokenKind) => signToken(kind, claimsOf[kind], 60, now);
const invalid = expect.objectContaining({
  code: "TOKEN_INVALID",
  detail: "The token is not valid here, or it has expired.",
});

/** A token that is good in everything but what is changed. */
function forge(change: { header?: object; payload?: JWTPayload; without?: string } = {}): Promise<string> {
  const { current } = runtime().signingKeys;
  const payload: JWTPayload = {
    iss: runtime().env.PUBLIC_URL,
    aud: tokenKinds.user.audience,
    sub: "usr_1",
    sid: "ses_1",
    iat: nowSeconds,
    exp: nowSeconds + 60,
    ...change.payload,
  };
  if (change.without) delete payload[change.without];
  return signRaw({ alg: "EdDSA", typ: "user+jwt", kid: current.id, ...change.header }, payload);
}

/** Signs any header and payload with our own key, past every check of the library. */
async function signRaw(header: object, payload: object): Promise<string> {
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = await crypto.subtle.sign(
    "Ed25519",
    runtime().signingKeys.current.privateKey as never,
    Buffer.from(input),
  );
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

test("a token of each kind says who and what stands behind it, and lasts as long as asked", async () => {
  for (const kind of kinds) {
    const token = await sign(kind);
    const said = { ...claimsOf[kind], expiresAt: new Date(now.getTime() + 60_000) };
    expect(await verifyToken(kind, token, now)).toEqual(said);
    expect(await verifyToken(kind, token, new Date(now.getTime() + 59_000))).toEqual(said);
    expect(isOwnToken(token)).toBe(true);
    await expect(verifyToken(kind, token, new Date(now.getTime() + 61_000))).rejects.toEqual(invalid);
  }
  expect(await verifyToken("user", await forge(), now)).toMatchObject(claims); // so each forgery below fails for its change alone
});

test("no kind of token is taken for another", async () => {
  const types = kinds.map((kind) => tokenKinds[kind].typ);
  expect(new Set(types).size).toBe(kinds.length);
  expect(new Set(kinds.map((kind) => tokenKinds[kind].audience)).size).toBe(kinds.length);
  for (const made of kinds) {
    for (const taken of kinds.filter((kind) => kind !== made)) {
      await expect(verifyToken(taken, await sign(made), now)).rejects.toEqual(invalid);
    }
  }
  for (const typ of ["JWT", "at+jwt", "partner+jwt", "session+jwt", "USER+JWT", "application/user+jwt", "", 1, null]) {
    await expect(verifyToken("user", await forge({ header: { typ } }), now), String(typ)).rejects.toEqual(invalid);
  }
});

test("a partner's token without a key, or without a whole number of its secret, is none", async () => {
  const header = { typ: "partner+jwt" };
  const payload = { aud: "portico:gateway", key: "key_1", gen: 1 };
  expect(await verifyToken("partner", await forge({ header, payload }), now)).toMatchObject({ generation: 1 });
  for (const wrong of [{ key: 1 }, { gen: "1" }, { gen: 1.5 }, { gen: null }, { key: null }]) {
    const token = await forge({ header, payload: { ...payload, ...wrong } });
    await expect(verifyToken("partner", token, now), JSON.stringify(wrong)).rejects.toEqual(invalid);
  }
});

const forgeries: [string, () => string | Promise<string>][] = [
  ["nothing", () => ""],
  ["words", () => "not.a.token"],
  ["10 kB", () => "x".repeat(10_000)],
  ["a signature stripped", async () => `${(await forge()).split(".").slice(0, 2).join(".")}.`],
  ["two parts", async () => (await forge()).split(".").slice(0, 2).join(".")],
  [
    "another person",
    async () => (await forge()).replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"usr_2"}').toString("base64url")}.`),
  ],
  ...["none", "None", "nOnE", "HS256", "RS256", "ES256", "Ed25519", "PBES2-HS256+A128KW"].map(
    (alg): [string, () => Promise<string>] => [`alg ${alg}`, () => forge({ header: { alg } })],
  ),
  ["alg missing", () => signRaw({ typ: "user+jwt", kid: runtime().signingKeys.current.id }, {})],
  ["HS256 with our public key as the secret", () => hmacForgery()],
  ["a key of somebody else, under our key id", () => foreignForgery({})],
  ["an embedded jwk", () => foreignForgery({ jwk: {} })],
  ...(["jku", "x5u", "x5c", "crit", "b64", "zip", "p2c", "cty", "enc"] as const).map(
    (member): [string, () => Promise<string>] => [
      `a ${member} header`,
      () =>
        forge({
          header: { [member]: member === "crit" ? ["exp"] : member === "b64" ? false : "http://127.0.0.1:9/x" },
        }),
    ],
  ),
  ...(["../../dev/null", "' OR 1=1 --", "x".repeat(2_000), "", null, ["a"], "sgk_0000000000000000000000"] as const).map(
    (kid): [string, () => Promise<string>] => [
      `kid ${JSON.stringify(kid)?.slice(0, 30)}`,
      () => forge({ header: { kid } }),
    ],
  ),
  ["kid missing", () => signRaw({ alg: "EdDSA", typ: "user+jwt" }, {})],
  ...(["exp", "iat", "sub", "sid", "iss", "aud"] as const).map((without): [string, () => Promise<string>] => [
    `${without} missing`,
    () => forge({ without }),
  ]),
  ...(
    [
      ["text", String(nowSeconds + 60)],
      ["with a fraction", nowSeconds + 60.5],
      ["negative", -1],
      ["2^63", 2 ** 63],
      ["past", nowSeconds - 1],
      ["null", null],
    ] as const
  ).map(([what, exp]): [string, () => Promise<string>] => [
    `exp ${what}`,
    () => forge({ payload: { exp: exp as number } }),
  ]),
  ["nbf in the future", () => forge({ payload: { nbf: nowSeconds + 30 } })],
  ["iat 61 s in the future", () => forge({ payload: { iat: nowSeconds + 61 } })],
  ["iat a text", () => forge({ payload: { iat: "1" as never } })],
  ["another issuer", () => forge({ payload: { iss: "https://evil.example" } })],
  ["another audience", () => forge({ payload: { aud: "portico:gateway" } })],
  ["our audience among others", () => forge({ payload: { aud: [tokenKinds.user.audience, "other"] } })],
  ["our audience as a list", () => forge({ payload: { aud: [tokenKinds.user.audience] } })],
  ["sub an object", () => forge({ payload: { sub: { not: "" } as never } })],
  ["a signature of zeros", async () => `${(await forge()).split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`],
  ["a signature with S + L", () => malleated()],
  ["another spelling of the signature", async () => respelled(await forge())],
  ["spaces around", async () => ` ${await forge()}`],
  [
    "an encrypted token",
    () => new EncryptJWT({ sub: "usr_1" }).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(randomBytes(32)),
  ],
];

test.each(forgeries)("refuses %s", async (_what, make) => {
  const token = await make();
  const startedMs = performance.now();
  await expect(verifyToken("user", token, now)).rejects.toEqual(invalid);
  expect(performance.now() - startedMs).toBeLessThan(50);
});

function hmacForgery(): string {
  const { id, publicJwk } = runtime().signingKeys.current;
  const input = [{ alg: "HS256", typ: "user+jwt", kid: id }, { sub: "usr_1" }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${input}.${createHmac("sha256", Buffer.from(String(publicJwk.x), "base64url"))
    .update(input)
    .digest("base64url")}`;
}

async function foreignForgery(header: object): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const jwk = "jwk" in header ? { jwk: publicKey.export({ format: "jwk" }) } : {};
  const payload = {
    iss: runtime().env.PUBLIC_URL,
    aud: tokenKinds.user.audience,
    sub: "usr_1",
    sid: "ses_1",
    iat: nowSeconds,
    exp: nowSeconds + 60,
  };
  const head = { alg: "EdDSA", typ: "user+jwt", kid: runtime().signingKeys.current.id, ...jwk };
  const input = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${input}.${signBytes(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

/** Ed25519 signatures whose S is not reduced verify in careless code (RFC 8032 5.1.7). */
async function malleated(): Promise<string> {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const [head, payload, signature = ""] = (await forge()).split(".");
  const bytes = Buffer.from(signature, "base64url");
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + order;
  Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse().copy(bytes, 32);
  return `${head}.${payload}.${bytes.toString("base64url")}`;
}

/** The last of 86 characters carries four bits that decode to nothing. */
function respelled(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.slice(-1)) + 1];
}

test("processes that start together make one key, and its private half is not readable in the database", async () => {
  const { env, postgres } = runtime();
  const opened = await Promise.all(Array.from({ length: 4 }, () => SigningKeys.open({ env, pool: postgres.platform })));
  expect(new Set(opened.map((keys) => keys.current.id)).size).toBe(1);
  const rows = await sql<{ private_encrypted: Buffer; public_jwk: object }>(
    "SELECT private_encrypted, public_jwk FROM signing_keys",
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.private_encrypted.includes('"d"')).toBe(false);
  expect(rows[0]?.public_jwk).not.toHaveProperty("d");
  await expect(
    SigningKeys.open({ env: { ENCRYPTION_KEY: "another key, also thirty-two bytes." }, pool: postgres.platform }),
  ).rejects.toThrow();
});

test("the published keys verify our tokens and hold nothing private", async () => {
  const { signingKeys } = runtime();
  expect(signingKeys.jwks.keys).toEqual([
    { kty: "OKP", crv: "Ed25519", x: expect.any(String), kid: signingKeys.current.id, alg: "EdDSA", use: "sig" },
  ]);
});

test("a key made by another process a moment ago is found, and made-up ids do not make us look each time", async () => {
  const { env, postgres, changes } = runtime();
  const keys = await SigningKeys.open({ env, pool: postgres.platform, changes });
  const id = newId("sgk");
  await sql(
    "INSERT INTO signing_keys (id, algorithm, public_jwk, private_encrypted) SELECT $1, algorithm, public_jwk, private_encrypted FROM signing_keys LIMIT 1",
    [id],
  );
  expect(await keys.find(id)).toBeUndefined(); // it has only just looked
  await sql('SELECT pg_notify(\'portico\', \'{"kind":"signing_key","id":""}\')');
  await expect.poll(() => keys.find(id), { timeout: 1_000 }).toBeDefined();
  expect(await new SignJWT({}).setProtectedHeader({ alg: "EdDSA" }).sign(keys.current.privateKey)).toBeTypeOf("string");
});
