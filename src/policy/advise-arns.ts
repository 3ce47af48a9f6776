import { type ArnParts, parseArn } from '../lib/arn.ts';
import { AWS_REGIONS } from '../lib/aws-regions.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import type { Located, Statement } from './ast.ts';
import { overlaps } from './pattern-overlap.ts';
import { isRegionPattern } from './region-pattern.ts';
import type { Report } from './report.ts';
import { isTemplateText } from './template-text.ts';

/** Warns of ARNs that no resource has: invalid accounts and regions, empty fields, malformed buckets. */
export function adviseArns(
  { resource, conditions }: Statement,
  reference: ActionReference,
  report: Report,
): void {
  for (const pattern of resource?.patterns ?? []) {
    adviseFields(pattern, report);
    adviseBucket(pattern, report);
    if (resource?.element === 'Resource') adviseEmptyFields(pattern, reference, report);
  }
  for (const { values } of conditions) for (const value of values) adviseFields(value, report);
}

/** A field of an ARN with wildcards or policy variables is not checked: they match any value. */
const isOpen = (field: string): boolean => /[*?$]/.test(field);

/** Owners of resources that AWS services provide, in place of an account. */
const OWNERS: ReadonlySet<string> = new Set([
  '',
  'aws',
  'aws-managed',
  'aws-marketplace',
  'cloudfront',
  'third-party',
]);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-invalid-arn-account */
function adviseFields({ text, position }: Located, report: Report): void {
  // A policy variable contains a colon, which does not separate fields.
  const arn = parseArn(text.replace(/\$\{[^}]*\}/g, '$'));
  if (arn === undefined || isTemplateText(text)) return;
  const { account, region } = arn;
  if (!isOpen(account) && !OWNERS.has(account) && !/^\d{12}$/.test(account))
    report.warning(
      'invalid-account',
      `"${text}" matches no resource: ${accountDiagnostic(account)}`,
      position,
    );
  if (region !== '' && region !== 'aws-global' && !isRegionPattern(region)) {
    const hint = isOpen(region) ? '' : didYouMean(region, AWS_REGIONS);
    report.warning(
      'unknown-region',
      `"${text}" matches no resource: AWS has no region "${region}"${hint}`,
      position,
    );
  }
}

const accountDiagnostic = (account: string): string =>
  /^\d+$/.test(account)
    ? `the account ID "${account}" has ${account.length} digits, not 12`
    : `"${account}" is not an account ID, which has 12 digits`;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html */
function adviseBucket({ text, position }: Located, report: Report): void {
  const arn = parseArn(text);
  if (arn?.service !== 's3' || arn.region !== '' || arn.account !== '') return;
  const [bucket = ''] = arn.resource.split('/');
  if (!bucket.includes(':') || bucket.includes('${')) return;
  const right = `arn:${arn.partition}:s3:::${arn.resource.replace(':', '/')}`;
  report.warning(
    'bucket-arn',
    `"${text}" matches no resource: separate bucket and object with a slash, as in ${right}`,
    position,
  );
}

/** Warns of a resource with a region and an account that is written without them. */
function adviseEmptyFields({ text, position }: Located, reference: ActionReference, report: Report): void {
  const arn = parseArn(text);
  if (arn === undefined || isTemplateText(text) || (arn.region !== '' && arn.account !== '')) return;
  const templates = templatesOf(arn.service, reference).filter(({ resource }) =>
    overlaps(arn.resource, resource),
  );
  const isMet = templates.some(
    ({ region, account }) => (arn.region !== '' || region === '') && (arn.account !== '' || account === ''),
  );
  const [template] = templates;
  if (isMet || template === undefined) return;
  const missing = [
    ...(arn.region === '' && template.region !== '' ? ['region'] : []),
    ...(arn.account === '' && template.account !== '' ? ['account'] : []),
  ];
  report.warning(
    'missing-arn-field',
    `"${text}" matches no resource: it has no ${missing.join(' and no ')}`,
    position,
  );
}

const known = new WeakMap<ActionReference, Map<string, readonly ArnParts[]>>();

/** The parsed ARNs of a service's resource types; empty if the service is not fully known. */
function templatesOf(service: string, reference: ActionReference): readonly ArnParts[] {
  const ofReference = known.get(reference) ?? new Map<string, readonly ArnParts[]>();
  known.set(reference, ofReference);
  const templates = ofReference.get(service) ?? readTemplates(service, reference);
  ofReference.set(service, templates);
  return templates;
}

function readTemplates(service: string, reference: ActionReference): readonly ArnParts[] {
  const templates = new Set(
    [...(reference.actionsOf(service) ?? [])].flatMap(
      (name) => reference.describe(service, name)?.resourceArns ?? [],
    ),
  );
  return [...templates].flatMap((template) => {
    const arn = parseArn(template);
    return arn?.service === service ? [arn] : [];
  });
}
