import { type AwsError, awsError } from '../lib/errors.ts';
import type { RequestDate } from './request-date.ts';

/** What a signature is valid for: one day, Region and service. */
export interface CredentialScope {
  /** `20150830` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `aws4_request` */
  readonly terminator: string;
}

export interface ExpectedScope {
  /** Any one of these. */
  readonly regions: readonly string[];
  /** The signing name of the service that the request was routed to. */
  readonly service: string;
}

export const TERMINATOR = 'aws4_request';

/**
 * Whether the credential is scoped to the service that was asked, here and on the request's own day. Exact case.
 *
 * @returns InvalidSignatureException that names everything that is wrong with the scope, as AWS does (`docs/conformance.md`)
 */
export function checkScope(
  { scope, requestDate }: { readonly scope: CredentialScope; readonly requestDate: RequestDate },
  { regions, service }: ExpectedScope,
): AwsError | undefined {
  const day = requestDate.text.slice(0, 8);
  const isExpected =
    scope.service === service &&
    scope.terminator === TERMINATOR &&
    scope.date === day &&
    regions.includes(scope.region);
  if (isExpected) return undefined;
  const diagnostics = [
    !regions.includes(scope.region) && 'Credential should be scoped to a valid region. ',
    scope.service !== service && `Credential should be scoped to correct service: '${service}'. `,
    scope.terminator !== TERMINATOR &&
      `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${scope.terminator}'. `,
    scope.date !== day &&
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${requestDate.text}'.`,
  ].filter((diagnostic) => diagnostic !== false);
  return awsError('InvalidSignatureException', diagnostics.join(''));
}
