/**
 * A recorded resource as an element of a policy that means it alone. `${` would begin a policy variable, and an S3 key may
 * hold what a policy takes for a wildcard. All objects below a prefix, which is what a service role reads and writes, are
 * recorded with `*` at the end after `/`: that stays a wildcard.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function literalResource(resource: string): string {
  const text = resource.replaceAll('${', '${$}{');
  return /^arn:[^:]*:s3:/.test(text) ? text.replace(/\*(?!$)|(?<!\/)\*$|\?/g, '${$&}') : text;
}
