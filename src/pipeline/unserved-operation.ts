import type { AwsError } from '../lib/errors.ts';
import { unsupportedIam } from '../services/iam/answer.ts';
import { unsupportedSts } from '../services/sts/answer.ts';
import type { Route } from '../wire/route.ts';

/**
 * The refusal of an operation of STS or IAM that exists on AWS and is not supported here. Where AWS asks for no signature
 * (AssumeRoleWithSAML), nothing else is looked at; a signed call is authorized first, and a denial comes before this.
 */
export function unservedOperation({ service, operation: { name } }: Route): AwsError | undefined {
  if (service.name === 'sts') return unsupportedSts(name);
  return service.name === 'iam' ? unsupportedIam(name) : undefined;
}

/** Why an unsigned call is refused: that its operation is not supported counts more than the missing signature. */
export const unsignedRefusal = (refusal: AwsError, unserved: AwsError | undefined): AwsError =>
  refusal.code === 'MissingAuthenticationTokenException' ? (unserved ?? refusal) : refusal;
