import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Pool, PoolClient } from "pg";
import { newId } from "#lib/core/ids";
import type { ChangeFeed } from "#lib/platform/changes";
import { decrypt, deriveKey, encrypt } from "#lib/platform/crypto";
import { type Env, SettingsError } from "#lib/platform/env";

declare module "#lib/platform/runtime" {
  interface Runtime {
    signingKeys: SigningKeys;
  }
}

/** RFC 8037. Only our own tokens are signed with it; what others sign is verified by their own keys. */
export const signingAlgorithm = "EdDSA";
const retiredKeptDays = 40; // longer than any token lives
const reloadPauseMs = 5_000;

interface SigningKey {
  id: string;
  publicJwk: JWK;
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}

interface KeyRow {
  id: string;
  public_jwk: JWK;
  private_encrypted: Buffer;
}

interface Parts {
  env: Pick<Env, "ENCRYPTION_KEY">;
  pool: Pool;
  changes?: ChangeFeed;
}

/** The keys our tokens are signed with, newest first; the private halves are in memory here and encrypted everywhere else. */
export class SigningKeys {
  #keys: readonly SigningKey[];
  #loadedAtMs = performance.now();
  readonly #load: () => Promise<readonly SigningKey[]>;

  private constructor(keys: readonly SigningKey[], load: () => Promise<readonly SigningKey[]>) {
    this.#keys = keys;
    this.#load = load;
  }

  /** Loads the keys, making the first one if there is none. Processes that start together make one. */
  static async open({ env, pool, changes }: Parts): Promise<SigningKeys> {
    const sealingKey = deriveKey(env.ENCRYPTION_KEY, "signing keys");
    const load = async () => Promise.all((await readKeys(pool)).map((row) => openKey(row, sealingKey)));
    await createFirstKey(pool, sealingKey);
    const keys = new SigningKeys(await load().catch(otherKey), load);
    changes?.subscribe(({ kind }) => {
      if (kind === "signing_key" || kind === "all") keys.#loadedAtMs = Number.NEGATIVE_INFINITY;
    });
    return keys;
  }

  /** The key new tokens are signed with. */
  get current(): SigningKey {
    const [newest] = this.#keys;
    if (!newest) throw new Error("No signing key was loaded.");
    return newest;
  }

  /** The public half of a key by its id. An unknown id may be a key made a moment ago: looked up at most every few seconds. */
  async find(id: string): Promise<CryptoKey | undefined> {
    const known = this.#keys.find((key) => key.id === id);
    if (known || performance.now() - this.#loadedAtMs < reloadPauseMs) return known?.publicKey;
    this.#loadedAtMs = performance.now();
    this.#keys = await this.#load();
    return this.#keys.find((key) => key.id === id)?.publicKey;
  }

  /** RFC 7517, for `/.well-known/jwks.json`. */
  get jwks(): { keys: JWK[] } {
    return {
      keys: this.#keys.map(({ id, publicJwk }) => ({ ...publicJwk, kid: id, alg: signingAlgorithm, use: "sig" })),
    };
  }
}

async function readKeys(executor: Pool | PoolClient): Promise<KeyRow[]> {
  const { rows } = await executor.query<KeyRow>(
    `SELECT id, public_jwk, private_encrypted FROM signing_keys
     WHERE retired_at IS NULL OR retired_at > now() - make_interval(days => $1)
     ORDER BY retired_at IS NULL DESC, created_at DESC, id`,
    [retiredKeptDays],
  );
  return rows;
}

async function createFirstKey(pool: Pool, sealingKey: Buffer): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('portico.signing_keys', 0))");
    const { rowCount } = await client.query("SELECT FROM signing_keys WHERE retired_at IS NULL LIMIT 1");
    if (rowCount === 0) {
      const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, { crv: "Ed25519", extractable: true });
      const sealed = Buffer.from(encrypt(sealingKey, JSON.stringify(await exportJWK(privateKey))));
      await client.query(
        "INSERT INTO signing_keys (id, algorithm, public_jwk, private_encrypted) VALUES ($1, $2, $3, $4)",
        [newId("sgk"), signingAlgorithm, await exportJWK(publicKey), sealed],
      );
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

async function openKey(row: KeyRow, sealingKey: Buffer): Promise<SigningKey> {
  const { id, public_jwk: publicJwk, private_encrypted: sealed } = row;
  const privateJwk = JSON.parse(decrypt(sealingKey, sealed)) as JWK;
  const [publicKey, privateKey] = await Promise.all([
    importJWK(publicJwk, signingAlgorithm),
    importJWK(privateJwk, signingAlgorithm),
  ]);
  if (publicKey instanceof Uint8Array || privateKey instanceof Uint8Array)
    throw new Error(`Signing key ${id} is not a key pair.`);
  return { id, publicJwk, publicKey, privateKey };
}

/** Says in words what AES-GCM says in its own. */
function otherKey(cause: unknown): never {
  const isSealedOtherwise = cause instanceof Error && /authenticate data/.test(cause.message);
  if (!isSealedOtherwise) throw cause;
  throw new SettingsError("ENCRYPTION_KEY is not the one this database was written with: set that one.");
}
