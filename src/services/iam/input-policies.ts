import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../../policy/validate.ts';
import type { IamInputs } from './generated/iam.ts';
import { invalidInput } from './refusals.ts';
import type { SimulatedLayers, SimulatedPolicy, SourceType } from './simulated-policies.ts';

/** What both operations of the simulator take; only one of them takes the policies of an organization. */
export type SimulateInput = Omit<IamInputs['SimulateCustomPolicy'], 'PolicyInputList'> &
  Pick<IamInputs['SimulatePrincipalPolicy'], 'PolicyInputList'>;

/** `PolicyInputList` of the request: `PolicyInputList.1`, … */
export const inputIdentity = ({
  PolicyInputList: texts = [],
}: Pick<SimulateInput, 'PolicyInputList'>): Result<readonly SimulatedPolicy[], AwsError> =>
  inputList(texts, 'PolicyInputList', 'IAM Policy', (item) => `Policy input list item ${item}`);

const BOUNDARIES = 'PermissionsBoundaryPolicyInputList';

/** What the request adds to the policies that are attached; a boundary that is given takes the place of that one. */
export function withInputLayers(
  input: SimulateInput,
  attached: SimulatedLayers,
): Result<SimulatedLayers, AwsError> {
  const identity = inputIdentity(input);
  if (!identity.ok) return identity;
  const { [BOUNDARIES]: texts = [], ResourcePolicy: text } = input;
  if (texts.length > 1)
    return invalidInput('The list of Permissions Boundary policies cannot exceed 1 items.');
  const boundaries = inputList(
    texts,
    BOUNDARIES,
    'Permissions Boundary Policy',
    (item) => `Permissions boundary policy input list item ${item}`,
  );
  if (!boundaries.ok) return boundaries;
  const [boundary] = boundaries.value;
  const resource = text === undefined ? undefined : inputResourcePolicy(text);
  if (resource?.ok === false) return resource;
  const levels = organizationLevels(input);
  if (!levels.ok) return levels;
  return ok({
    ...attached,
    identity: [...attached.identity, ...identity.value],
    ...(boundary && { permissionsBoundary: boundary }),
    ...(resource && { resourcePolicy: resource.value }),
    ...(levels.value.length > 0 && { serviceControl: levels.value }),
  });
}

/** `OrderedOrganizationPolicyInputList`: the service control policies of each level, root first. */
function organizationLevels({
  OrderedOrganizationPolicyInputList: given = [],
}: SimulateInput): Result<readonly (readonly SimulatedPolicy[])[], AwsError> {
  const levels: SimulatedPolicy[][] = [];
  for (const [index, level] of given.entries()) {
    const texts = level.ServiceControlPolicyInputList ?? [];
    const place = `Organization policy at index ${index + 1}`;
    if (texts.length === 0) return invalidInput(`${place} must contain at least one service control policy`);
    const policies: SimulatedPolicy[] = [];
    for (const [item, text] of texts.entries()) {
      const policy = read(text, 'serviceControl', `${place}: service control policy ${item + 1}`);
      if (!policy.ok) return policy;
      policies.push({ policy: policy.value, id: `${place}.${item + 1}`, text: '' });
    }
    levels.push(policies);
  }
  return ok(levels);
}

function inputList(
  texts: readonly string[],
  list: string,
  type: SourceType,
  nameOf: (item: number) => string,
): Result<readonly SimulatedPolicy[], AwsError> {
  const policies: SimulatedPolicy[] = [];
  for (const [index, text] of texts.entries()) {
    const policy = read(text, 'inline', nameOf(index + 1));
    if (!policy.ok) return policy;
    policies.push({ policy: policy.value, id: `${list}.${index + 1}`, type, text });
  }
  return ok(policies);
}

/** Its resources must be named: the simulator refuses a policy on `*`. */
function inputResourcePolicy(text: string): Result<SimulatedPolicy, AwsError> {
  const parsed = read(text, 'resource', 'Resource policy');
  if (!parsed.ok) return parsed;
  const policy = parsed.value;
  const isOpen = policy.statements.some(({ resource }) =>
    resource?.patterns.some((each) => each.text === '*'),
  );
  if (isOpen) return invalidInput('ResourceNames are not in a valid ARN format: *.');
  return ok({ policy, id: 'ResourcePolicy', type: 'Resource Policy', text });
}

/** A policy as IAM would store it. */
function read(text: string, kind: PolicyKind, name: string): Result<Policy, AwsError> {
  const parsed = parsePolicy(text, { format: 'json' });
  if (!parsed.ok) return invalidInput(`${name} has invalid content`);
  const isBroken = validatePolicy(parsed.value.policy, kind).some(({ severity }) => severity === 'error');
  return isBroken ? invalidInput(`${name} has invalid content`) : ok(parsed.value.policy);
}
