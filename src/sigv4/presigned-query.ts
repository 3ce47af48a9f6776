import { type AwsError, awsError } from '../lib/errors.ts';
import { err, ok } from '../lib/result.ts';
import { parseBasicDate } from './request-date.ts';
import type { RequestTarget } from './request-target.ts';
import type { ClaimReader } from './signature-claim.ts';

const REQUIRED = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;
const OPTIONAL = ['X-Amz-Expires', 'X-Amz-Security-Token'] as const;

/**
 * Reads a presigned request's `X-Amz-…` parameters.
 *
 * @returns IncompleteSignatureException for missing ones, all named at once, or one given twice
 */
export const readPresignedQuery: ClaimReader = (_, target) => {
  const given = new Map(target.parameters);
  const missing = REQUIRED.filter((name) => !given.get(name));
  if (missing.length > 0) {
    const sentences = missing.map((name) => `AWS query-string parameters must include '${name}'. `);
    return err(incomplete(`${sentences.join('')}Re-examine the query-string parameters.`));
  }
  const repeated = [...REQUIRED, ...OPTIONAL].find((name) => count(target, name) > 1);
  if (repeated !== undefined) {
    return err(
      incomplete(
        `AWS query-string parameters must include '${repeated}' only once. Re-examine the query-string parameters.`,
      ),
    );
  }
  const part = (name: (typeof REQUIRED)[number]): string => given.get(name) ?? '';
  const expires = given.get('X-Amz-Expires');
  const sessionToken = given.get('X-Amz-Security-Token');
  return ok({
    form: 'query',
    algorithm: part('X-Amz-Algorithm'),
    credential: part('X-Amz-Credential'),
    signedHeaders: part('X-Amz-SignedHeaders'),
    signature: part('X-Amz-Signature'),
    dateText: part('X-Amz-Date'),
    date: parseBasicDate(part('X-Amz-Date')),
    ...(expires !== undefined && { expires }),
    ...(sessionToken !== undefined && { sessionToken }),
  });
};

const count = ({ parameters }: RequestTarget, wanted: string): number =>
  parameters.filter(([name]) => name === wanted).length;

const incomplete = (message: string): AwsError => awsError('IncompleteSignatureException', message);
