import {
  ANY,
  type Authorization,
  type Check,
  given,
  type MemberPath,
  type ResourceSource,
} from '../../model/check.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Operation } from '../../model/shape.ts';

interface Row {
  readonly resource?: ResourceSource;
  /** Actions needed beside the operation's own, on the same resource, where the member is given. */
  readonly beside?: Readonly<Record<string, MemberPath>>;
  readonly reason?: string;
  /** AWS allows it to every caller, whatever the policies are. */
  readonly free?: true;
}

const ROWS: Readonly<Record<string, Row>> = {
  AssumeRole: {
    resource: given('RoleArn'),
    beside: {
      'sts:TagSession': ['Tags'],
      'sts:SetSourceIdentity': ['SourceIdentity'],
      'sts:SetContext': ['ProvidedContexts'],
    },
  },
  AssumeRoleWithSAML: { resource: given('RoleArn') },
  AssumeRoleWithWebIdentity: {
    resource: given('RoleArn'),
    beside: { 'sts:TagSession': ['Tags'], 'sts:SetSourceIdentity': ['SourceIdentity'] },
    reason: 'tags and source identity are claims of the token',
  },
  GetFederationToken: { beside: { 'sts:TagSession': ['Tags'] } },
  AssumeRoot: {
    resource: given('TargetPrincipal'),
    reason: 'the target is an account id or the ARN of its root user; only organizations have it',
  },
  GetCallerIdentity: { free: true, reason: 'needs no permission, even with an explicit deny' },
  GetSessionToken: { free: true, reason: 'needs no permission' },
};

/** The row of an STS operation. Whether a role may be assumed also depends on its trust policy. */
export function stsAuthorization({ name }: Operation): Authorization {
  const { resource = unwrittenResource(name), beside = {}, reason, free } = ROWS[name] ?? {};
  const own: Check = { action: `sts:${name}`, resource };
  const more = Object.entries(beside).map(([action, when]): Check => ({ action, resource, when }));
  return { checks: free ? [] : [own, ...more], undocumented: [], ...(reason !== undefined && { reason }) };
}

/** GetFederationToken names the user that it makes; the others work on no resource. */
function unwrittenResource(name: string): ResourceSource {
  const template = iamActions().resourceArn('sts', 'federated-user');
  if (name !== 'GetFederationToken' || template === undefined) return ANY;
  return { from: 'new', template, name: [{ member: 'Name' }] };
}
