import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';

export type Claims = Readonly<Record<string, unknown>>;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** A test OpenID Connect provider that signs tokens and serves its keys over HTTP. */
export class Issuer implements AsyncDisposable {
  readonly url: string;
  readonly algorithm: string;
  /** Number of times its keys were fetched. */
  fetched = 0;
  #keyId = 'key-1';
  #pair: Pair;
  #server: Server | undefined;

  private constructor(url: string, algorithm: string, pair: Pair) {
    this.url = url;
    this.algorithm = algorithm;
    this.#pair = pair;
  }

  static async make(url: string, algorithm = 'RS256'): Promise<Issuer> {
    return new Issuer(url, algorithm, await generateKeyPair(algorithm, { extractable: true }));
  }

  /** Signs with another key from now on. */
  async rotate(keyId: string): Promise<void> {
    this.#keyId = keyId;
    this.#pair = await generateKeyPair(this.algorithm, { extractable: true });
  }

  async keySet(): Promise<JSONWebKeySet> {
    const key = await exportJWK(this.#pair.publicKey);
    return { keys: [{ ...key, kid: this.#keyId, alg: this.algorithm, use: 'sig' }] };
  }

  /** Serves its keys; returns their URL. */
  async listen(
    answer: () => Promise<{ status: number; body: string }> = () => this.#answer(),
  ): Promise<string> {
    this.#server = createServer(async (_, response) => {
      this.fetched += 1;
      const { status, body } = await answer();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async #answer(): Promise<{ status: number; body: string }> {
    return { status: 200, body: JSON.stringify(await this.keySet()) };
  }

  /** A valid token with the test's changes; `undefined` omits a claim. */
  async token(
    now: number,
    claims: Claims = {},
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const seconds = Math.floor(now / 1000);
    const payload = {
      iss: this.url,
      aud: 'sts.amazonaws.com',
      sub: 'repo:shop/app:ref:refs/heads/main',
      iat: seconds,
      exp: seconds + 300,
      ...claims,
    };
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ alg: this.algorithm, kid: this.#keyId, ...header })
      .sign(this.#pair.privateKey);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server === undefined) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
