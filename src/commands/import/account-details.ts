import { awsManagedPolicies } from '../../directory/managed-policies.ts';
import { parseArn } from '../../lib/arn.ts';
import type { DocumentNode } from '../../lib/document.ts';
import type { Report } from '../../policy/report.ts';
import { AccountBuilder, type ImportedAccount, type Inline, type Kind, type Owner } from './account.ts';
import { Fields } from './fields.ts';
import { policyIn } from './policy-text.ts';
import { addElsewhere, type SourceContext } from './source-context.ts';
import { tagsIn } from './tags.ts';

/**
 * The answer of IAM's GetAccountAuthorizationDetails, as the AWS CLI prints it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export function readAccountDetails(
  document: DocumentNode,
  { owner: fallback, omitted, elsewhere }: SourceContext,
  report: Report,
): ImportedAccount {
  const details = new Fields(document, 'the details', report);
  const truncated = details.get('IsTruncated');
  if (truncated?.kind === 'scalar' && truncated.value === true) {
    const message = 'this is one page of several: let the AWS CLI join them (without --no-paginate)';
    report.error('truncated', message, truncated.position);
  }
  const builder = new AccountBuilder(ownerIn(details, fallback), report, omitted);
  addElsewhere(builder, elsewhere);
  leaveOutUnknown(details, TOP_LEVEL, builder);
  for (const policy of details.objects('Policies')) addPolicy(policy, builder);
  for (const [kind, list] of LISTS)
    for (const each of details.objects(list)) addIdentity(kind, each, builder);
  return builder.build();
}

const LISTS: readonly (readonly [Kind, string])[] = [
  ['group', 'GroupDetailList'],
  ['user', 'UserDetailList'],
  ['role', 'RoleDetailList'],
];

/** Of the first ARN of the account that there is; all of them are of one account. */
function ownerIn(details: Fields, fallback: Owner): Owner {
  const nodes = [...LISTS.map(([, list]) => list), 'Policies'].flatMap((list) => details.objects(list));
  for (const fields of nodes) {
    const arn = parseArn(fields.optionalText('Arn')?.text ?? '');
    if (arn && /^\d{12}$/.test(arn.account)) return { account: arn.account, partition: arn.partition };
  }
  return fallback;
}

const NAMES: Readonly<Record<Kind, string>> = { user: 'UserName', group: 'GroupName', role: 'RoleName' };
const INLINE: Readonly<Record<Kind, string>> = {
  user: 'UserPolicyList',
  group: 'GroupPolicyList',
  role: 'RolePolicyList',
};

/** What is read, and what says nothing of permissions. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  ...LISTS.map(([, list]) => list),
  'Policies',
  'IsTruncated',
  'Marker',
  'NextToken',
  '$metadata',
  'ResponseMetadata',
]);

const OF_IDENTITIES: ReadonlySet<string> = new Set(
  (
    'Arn AttachedManagedPolicies PermissionsBoundary Tags GroupList AssumeRolePolicyDocument Path CreateDate ' +
    'UserId GroupId RoleId UserName GroupName RoleName UserPolicyList GroupPolicyList RolePolicyList RoleLastUsed ' +
    'PasswordLastUsed Description'
  ).split(' '),
);

/** Members that this release does not read are listed, so that none disappears. */
function leaveOutUnknown(fields: Fields, known: ReadonlySet<string>, builder: AccountBuilder): void {
  const entries = fields.node.kind === 'object' ? fields.node.entries : [];
  for (const { key, value } of entries) {
    const isEmpty = value.kind === 'array' && value.items.length === 0;
    if (known.has(key) || isEmpty) continue;
    const reason =
      key === 'InstanceProfileList'
        ? 'instance profiles are not needed here: take the role with run --as role/NAME'
        : 'not read from account details';
    builder.leaveOut(`${fields.label}.${key}`, reason);
  }
}

function addIdentity(kind: Kind, fields: Fields, builder: AccountBuilder): void {
  const name = fields.text(NAMES[kind]);
  if (name && builder.omits(`${kind}/${name.text}`)) return;
  leaveOutUnknown(fields, OF_IDENTITIES, builder);
  builder.count(fields.label);
  const trust = kind === 'role' ? policyIn(fields, 'AssumeRolePolicyDocument', 'trust') : undefined;
  const boundaryNode = fields.get('PermissionsBoundary');
  const boundary =
    boundaryNode &&
    new Fields(boundaryNode, `${fields.label}.PermissionsBoundary`, fields.report).text(
      'PermissionsBoundaryArn',
    );
  if (name === undefined) return;
  builder.add({
    kind,
    name,
    path: fields.optionalText('Path')?.text ?? '/',
    managed: fields.objects('AttachedManagedPolicies').flatMap((each) => each.text('PolicyArn') ?? []),
    inline: fields.objects(INLINE[kind]).flatMap(inlineOf),
    ...(boundary && { boundary }),
    tags: tagsIn(fields, 'Tags'),
    groups: kind === 'user' ? fields.texts('GroupList') : [],
    ...(trust && { trust }),
  });
  if (kind === 'role')
    builder.remark('Account details do not hold MaxSessionDuration: each role has one hour.');
}

function inlineOf(fields: Fields): readonly Inline[] {
  const name = fields.text('PolicyName');
  const policy = policyIn(fields, 'PolicyDocument', 'inline');
  return name && policy ? [{ name: name.text, policy }] : [];
}

/** A managed policy of the account, in its default version. AWS's own are known by their names, but for new ones. */
function addPolicy(fields: Fields, builder: AccountBuilder): void {
  const name = fields.text('PolicyName');
  const arn = fields.text('Arn');
  const ofAws = parseArn(arn?.text ?? '')?.account === 'aws';
  if (name === undefined || arn === undefined || (ofAws && isKnown(arn.text))) return;
  const versions = fields.objects('PolicyVersionList');
  const current = versions.find((version) => {
    const isDefault = version.get('IsDefaultVersion');
    return isDefault?.kind === 'scalar' && isDefault.value === true;
  });
  if (current === undefined) {
    const message = `${fields.label}: the policy ${name.text} has no version with IsDefaultVersion true`;
    fields.report.error('missing-version', message, fields.node.position);
    return;
  }
  const policy = policyIn(current, 'Document', 'managed');
  if (policy === undefined) return;
  builder.count(fields.label);
  const path = fields.optionalText('Path')?.text ?? '/';
  builder.addPolicy({ arn: arn.text, name, path: ofAws ? '/aws/' : path, policy });
  if (ofAws)
    builder.remark(
      `This release does not know AWS's ${name.text}: its document of this file became policies/aws/${name.text}.json.`,
    );
}

const isKnown = (arn: string): boolean => awsManagedPolicies.find(arn) !== undefined;
