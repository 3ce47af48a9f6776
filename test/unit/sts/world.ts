import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../../src/index.ts';
import { accountId } from '../../../src/lib/identifiers.ts';
import { signRequest } from '../../../src/sigv4/verify.ts';

export const ACCOUNT = accountId('123456789012');
export const START = Date.parse('2026-11-24T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const userArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:user/${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const sessionArn = (role: string, name: string): string =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`;

/** Elements of a policy statement, as in JSON. */
type Statement = Readonly<Record<string, unknown>>;

export const policy = (...Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement });
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') =>
  policy({ Effect: 'Allow', Action, Resource });
/** A trust policy of one statement. */
export const trust = (AWS: string | readonly string[], more: Statement = {}) =>
  policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more });

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The credentials in a response of STS, in the form of the SDKs. */
export function credentialsIn(output: {
  readonly Credentials?:
    | {
        readonly AccessKeyId: string | undefined;
        readonly SecretAccessKey: string | undefined;
        readonly SessionToken: string | undefined;
      }
    | undefined;
}): Required<Credentials> {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = output.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** An error response, as a client sees it. */
export interface Refusal {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
}

/** The error response of a call that must fail. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (cause) {
    // A modeled error has its own class; `Code` is what the XML contains.
    const { name, message, Code, $metadata } = cause as Error & {
      Code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    return { status: $metadata?.httpStatusCode, code: Code ?? name, message };
  }
  throw new Error('the call succeeded, but an error was expected');
}

/** AWS's message for a denied role assumption, which has no reason. */
export const mayNot = (who: string, role: string, action = 'sts:AssumeRole'): Refusal => ({
  status: 403,
  code: 'AccessDenied',
  message: `User: ${who} is not authorized to perform: ${action} on resource: ${roleArn(role)}`,
});

/** A proxy with a clock that the test sets, and clients that sign with the same clock. */
export class World implements AsyncDisposable {
  readonly proxy: RunningProxy;
  readonly #clock: { now: number };

  private constructor(proxy: RunningProxy, clock: { now: number }) {
    this.proxy = proxy;
    this.#clock = clock;
  }

  static async open(options: ProxyOptions): Promise<World> {
    const clock = { now: START };
    return new World(await startProxy({ ...options, clock: () => clock.now }), clock);
  }

  get now(): number {
    return this.#clock.now;
  }

  wait(millis: number): void {
    this.#clock.now += millis;
  }

  /** The first key of a user, or the given credentials. */
  keyOf(who: string | Credentials): Credentials {
    return typeof who === 'string' ? this.proxy.clientConfig(`user/${who}`).credentials : who;
  }

  /**
   * The configuration of all clients of this proxy. Clients adjust to the time of responses, so each is used for one
   * call.
   */
  settings(who: string | Credentials) {
    return {
      endpoint: this.proxy.url,
      region: this.proxy.config.region,
      credentials: this.keyOf(who),
      systemClockOffset: this.now - Date.now(),
      maxAttempts: 1,
    };
  }

  sts(who: string | Credentials): STSClient {
    return new STSClient(this.settings(who));
  }

  personalize(who: string | Credentials): PersonalizeClient {
    return new PersonalizeClient(this.settings(who));
  }

  runtime(who: string | Credentials): PersonalizeRuntimeClient {
    return new PersonalizeRuntimeClient(this.settings(who));
  }

  /** AssumeRole for a role of the account, by name. */
  assumeRole(who: string | Credentials, role: string, more: Partial<AssumeRoleCommandInput> = {}) {
    const input = { RoleArn: roleArn(role), RoleSessionName: 'test', ...more };
    return this.sts(who).send(new AssumeRoleCommand(input));
  }

  /** The credentials of a new session of a role. */
  async session(...call: Parameters<World['assumeRole']>): Promise<Required<Credentials>> {
    return credentialsIn(await this.assumeRole(...call));
  }

  /** A signed STS call with parameters that SDKs would not send. */
  async post(who: string | Credentials, parameters: Readonly<Record<string, string>>): Promise<WireAnswer> {
    const { accessKeyId, secretAccessKey, sessionToken } = this.keyOf(who);
    const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString();
    const { host: _, ...headers } = signRequest(
      {
        method: 'POST',
        target: '/',
        headers: {
          host: new URL(this.proxy.url).host,
          'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        },
        body: Buffer.from(body),
      },
      {
        ...{ accessKeyId, secretAccessKey, sessionToken },
        region: this.proxy.config.region,
        service: 'sts',
        now: this.now,
      },
    );
    const response = await fetch(this.proxy.url, { method: 'POST', headers, body });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.proxy.close();
  }
}

interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
