import { createEvaluator } from '../../src/commands/evaluate/evaluate.ts';
import type { Signing, SoakCall } from './calls.ts';
import { ACCOUNT, FIXED } from './folder.ts';
import type { RawResponse } from './pipelined-connection.ts';

/**
 * What a response says: the call was allowed (whatever its upstream answered), denied, or rejected; the upstream could not
 * be reached; or the proxy failed.
 */
export type Verdict = 'allowed' | 'denied' | 'rejected' | 'unavailable' | 'failed';

/** A state that a request may have met. */
export interface World {
  readonly version: string;
  /** The proxy's clock, in milliseconds from the true time. */
  readonly offset: number;
}

/** How a verdict is recorded; what the proxy could not record it must not answer otherwise than as a failure. */
export const OUTCOMES: Readonly<Record<Exclude<Verdict, 'failed'>, readonly string[]>> = {
  allowed: ['forwarded', 'answered'],
  denied: ['denied'],
  rejected: ['rejected'],
  unavailable: ['forwarded'],
};

const REJECTIONS =
  /UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken|IncompleteSignature|InvalidClientTokenId|ExpiredToken|SerializationException|UnknownOperation|RequestExpired/;

export function verdictOf({ status, headers, body }: RawResponse): Verdict {
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  if (status >= 500) return 'failed';
  const code = `${headers.get('x-amzn-errortype') ?? ''} ${status === 200 ? '' : body}`;
  if (/AccessDenied/.test(code)) return 'denied';
  return REJECTIONS.test(code) ? 'rejected' : 'allowed';
}

const SKEW_MILLIS = 5 * 60_000;
/** Dates of signatures are in whole seconds. */
const ROUNDING_MILLIS = 2_000;

/** What the engine says of a call in a world. */
export class Expectations {
  readonly #evaluate = createEvaluator();
  readonly #known = new Map<string, Verdict>();
  readonly #documents: ReadonlyMap<string, unknown>;

  constructor(documents: ReadonlyMap<string, unknown>) {
    this.#documents = documents;
  }

  /** @param signed when it was signed, in milliseconds since the epoch, by the clock of the client */
  of(
    call: SoakCall,
    who: Signing,
    signed: { readonly at: number; readonly offset: number },
    world: World,
  ): readonly Verdict[] {
    if (call.isRejected) return ['rejected'];
    const apart = Math.abs(world.offset - signed.offset);
    if (apart > SKEW_MILLIS + ROUNDING_MILLIS) return ['rejected'];
    const decided = this.#decided(call, who.caller, world.version);
    const end = (who.expiresAt ?? Number.POSITIVE_INFINITY) - world.offset;
    if (end > Date.now() + ROUNDING_MILLIS) return [decided];
    return end < signed.at - ROUNDING_MILLIS ? ['rejected'] : [decided, 'rejected'];
  }

  /** A version that is no longer in force. */
  forget(version: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(`${version} `)) this.#known.delete(key);
  }

  #decided({ check }: SoakCall, caller: string, version: string): Verdict {
    if (check === undefined) return 'allowed';
    const key = `${version} ${caller} ${check.action} ${check.resource}`;
    const known = this.#known.get(key);
    if (known) return known;
    const line = { ...principalOf(caller), ...check, policies: this.#policiesOf(caller, version) };
    const { decision } = JSON.parse(this.#evaluate(JSON.stringify(line))) as { decision?: string };
    if (decision === undefined) throw new Error(`the engine does not decide ${JSON.stringify(line)}`);
    const verdict = decision === 'allowed' ? 'allowed' : 'denied';
    this.#known.set(key, verdict);
    return verdict;
  }

  #policiesOf(caller: string, version: string) {
    if (caller === 'prober') return { identity: [{ name: 'everything', document: FIXED.everything }] };
    const team = { name: 'team', document: this.#documents.get(version) };
    if (caller !== 'bob') return { identity: [team] };
    return { identity: [team, { name: 'read', document: FIXED.read }], permissionsBoundary: FIXED.fence };
  }
}

function principalOf(caller: string) {
  const context = { 'aws:SourceIp': '127.0.0.1' };
  if (caller === 'worker')
    return { principal: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/soak` }, context };
  return {
    principal: { arn: `arn:aws:iam::${ACCOUNT}:user/${caller}` },
    context: { ...context, 'aws:username': caller },
  };
}
