import { awsManagedPolicies } from '../../directory/managed-policies.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { printPolicy } from '../../policy/print.ts';

/**
 * A policy as JSON text, the one that positions of statements count in: AWS's own as AWS publishes it, a document of the
 * folder as it was written (YAML as the JSON that it stands for).
 */
export function documentText({ arn, written, policy }: NamedPolicy): string {
  const ofAws = arn === undefined ? undefined : awsManagedPolicies.find(arn);
  return ofAws ? JSON.stringify(ofAws.document, undefined, 2) : (written?.() ?? printPolicy(policy));
}

/** As IAM answers documents: percent-encoded by RFC 3986. boto3 and the AWS CLI decode them, other SDKs do not. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
