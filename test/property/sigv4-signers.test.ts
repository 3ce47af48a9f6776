import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpRequest, header } from '../../src/lib/http-message.ts';
import { parseCredential } from '../../src/sigv4/credential.ts';
import { parseHttpDate } from '../../src/sigv4/request-date.ts';
import { readTarget } from '../../src/sigv4/request-target.ts';
import { type Draft, draft } from '../fixtures/sigv4/drafts.ts';
import { judge, rulesOf } from '../fixtures/sigv4/judge.ts';
import { mutationsOf } from '../fixtures/sigv4/mutations.ts';
import {
  CALLER,
  type Form,
  hasBotocore,
  signWithAws4,
  signWithBotocore,
  signWithSmithy,
} from '../fixtures/sigv4/signers.ts';
import { runs } from './runs.ts';

const FORMS: readonly Form[] = ['header', 'query'];
const RUNS = runs(300);
/** Each has hundreds of mutations. */
const MUTATED_RUNS = runs(20);
const isBotocoreHere = hasBotocore();

/** Neither JavaScript signer supports the name `__proto__`: aws4 omits the parameter from what it signs. */
const isSignable = ({ parameters }: Draft): boolean => parameters.every(([name]) => name !== '__proto__');
const signable = draft.filter(isSignable);

const mutationsOfSigned = (request: HttpRequest, now: number) => {
  const credential = parseCredential(request, rulesOf('awsJson1.1'), { now, skewMinutes: 5 });
  expect(credential.ok).toBe(true);
  const signedHeaders = credential.ok ? credential.value.signedHeaders : [];
  return mutationsOf(request, { signedHeaders, normalizePath: true });
};

/** Every mutation that is accepted although it changes the request's meaning. */
const acceptedMutations = (request: HttpRequest, now: number): string[] =>
  mutationsOfSigned(request, now)
    .filter((mutation) => judge(mutation.request, { ...CALLER, now }) === undefined)
    .map(({ what }) => what);

describe.each(FORMS)('requests signed in the %s', (form) => {
  it('by aws4 are accepted', () => {
    fc.assert(
      fc.property(signable, (unsigned) => {
        expect(judge(signWithAws4(unsigned, form), CALLER)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });

  it('by the signer of the AWS SDK for JavaScript are accepted', async () => {
    await fc.assert(
      fc.asyncProperty(signable, async (unsigned) => {
        expect(judge(await signWithSmithy(unsigned, form), CALLER)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });

  it('by aws4 are rejected after any single mutation', () => {
    fc.assert(
      fc.property(signable, (unsigned) => {
        expect(acceptedMutations(signWithAws4(unsigned, form), CALLER.now)).toEqual([]);
      }),
      { numRuns: MUTATED_RUNS },
    );
  });

  it('by the signer of the AWS SDK for JavaScript are rejected after any single mutation', async () => {
    await fc.assert(
      fc.asyncProperty(signable, async (unsigned) => {
        expect(acceptedMutations(await signWithSmithy(unsigned, form), CALLER.now)).toEqual([]);
      }),
      { numRuns: MUTATED_RUNS },
    );
  });
});

describe.skipIf(!isBotocoreHere)(
  `botocore${isBotocoreHere ? '' : ' (not run: python3 has no botocore)'}`,
  () => {
    /** botocore signs with the current time, so each request is verified at its own time. */
    const signedAt = (request: HttpRequest): number => {
      const query = new Map(readTarget(request.target)?.parameters);
      const text = header(request, 'x-amz-date') ?? header(request, 'date') ?? query.get('X-Amz-Date');
      return parseHttpDate(text ?? '')?.millis ?? 0;
    };
    const headerDrafts = fc.tuple(draft, fc.boolean()).map(([unsigned, isHttpDate]) => ({
      ...unsigned,
      form: 'header' as const,
      headers: isHttpDate ? [...unsigned.headers, ['Date', 'now'] as const] : unsigned.headers,
    }));
    /** Presigning moves a form body into the query, and keeps only the first value of each name. */
    const queryDrafts = draft.map((unsigned) => ({
      ...unsigned,
      form: 'query' as const,
      body: Buffer.alloc(0),
      headers: unsigned.headers.filter(([name]) => !/^(?:x-amz-|content-type)/i.test(name)),
    }));

    it.each([
      ['headers', headerDrafts],
      ['queries', queryDrafts],
    ] as const)('signs %s that are accepted, and rejected after any single mutation', (_, drafts) => {
      const sample = fc.sample<Draft & { readonly form: Form }>(drafts, RUNS);
      const requests = signWithBotocore(sample);
      const refused = requests.filter((request) => judge(request, { ...CALLER, now: signedAt(request) }));
      expect(refused).toEqual([]);
      const accepted = requests
        .slice(0, MUTATED_RUNS)
        .flatMap((request) => acceptedMutations(request, signedAt(request)));
      expect(accepted).toEqual([]);
    });
  },
);
