import { parseArn } from '../../lib/arn.ts';
import { type AccountId, accountId } from '../../lib/identifiers.ts';
import { ok } from '../../lib/result.ts';
import { unknownParameter } from '../../wire/unknown-parameters.ts';
import type { Answered, IamCall, IamHandlers } from './call.ts';
import { policySource } from './entities.ts';
import { evaluationResult } from './evaluation-result.ts';
import { inputIdentity, type SimulateInput, withInputLayers } from './input-policies.ts';
import { paged } from './page.ts';
import { policyExclusions } from './policy-exclusions.ts';
import { invalidInput } from './refusals.ts';
import { callerByArn, callerOf, type SimulatedCaller, unspecifiedCaller } from './simulated-caller.ts';
import { attachedLayers, type SimulatedLayers, type SimulatedPolicy } from './simulated-policies.ts';
import { contextEntries, contextKeys } from './simulation-context.ts';

/** IAM's policy simulator, on the engine that decides requests. The sentences are those of captured responses. */
export const SIMULATE_OPERATIONS = {
  SimulateCustomPolicy: (call) => simulate(call, { identity: [] }, unspecifiedCaller(call.directory)),
  SimulatePrincipalPolicy: (call) => {
    const source = policySource(call.directory, call.input.PolicySourceArn);
    if (!source.ok) return source;
    const excluded = policyExclusions(call.input);
    if (!excluded.ok) return excluded;
    const caller = callerOf(call.directory, source.value.arn) ?? unspecifiedCaller(call.directory);
    return simulate(call, attachedLayers(source.value, call.directory, excluded.value), caller);
  },
  GetContextKeysForCustomPolicy: (call) => withInput(call, []),
  GetContextKeysForPrincipalPolicy: (call) => {
    const source = policySource(call.directory, call.input.PolicySourceArn);
    if (!source.ok) return source;
    const { identity, permissionsBoundary } = attachedLayers(source.value, call.directory);
    return withInput(call, permissionsBoundary ? [...identity, permissionsBoundary] : identity);
  },
} satisfies IamHandlers;

function withInput(
  { input: given }: IamCall<Pick<SimulateInput, 'PolicyInputList'>>,
  attached: readonly SimulatedPolicy[],
): Answered {
  const input = inputIdentity(given);
  if (!input.ok) return input;
  const policies = [...attached, ...input.value].map(({ policy }) => policy);
  return ok({ ContextKeyNames: contextKeys(policies) });
}

/** What the request adds to the policies of the source and to its caller, then every action in turn. */
function simulate(call: IamCall<SimulateInput>, attached: SimulatedLayers, own: SimulatedCaller): Answered {
  const {
    ActionNames: actions,
    ResourceArns: resources = [],
    CallerArn: callerArn,
    ResourceOwner: ownerArn,
    ResourcePolicy: resourcePolicy,
    ContextEntries: entries,
  } = call.input;
  const wrong = unknownMember(call) ?? resourceDiagnostic(resources) ?? actionDiagnostic(actions);
  if (wrong !== undefined) return invalidInput(wrong);
  const context = contextEntries(entries);
  if (!context.ok) return context;
  const caller = callerArn === undefined ? ok(own) : callerByArn(call.directory, callerArn);
  if (!caller.ok) return caller;
  const unfit = resourcePolicy && resourcePolicyDiagnostic(caller.value, resources);
  if (unfit) return invalidInput(unfit);
  const layers = withInputLayers(call.input, attached);
  if (!layers.ok) return layers;
  const owner = ownerArn === undefined ? undefined : accountIn(ownerArn);
  if (ownerArn !== undefined && owner === undefined)
    return invalidInput(`'${ownerArn}' is not a valid as a Resource Owner.`);
  const simulation = {
    layers: layers.value,
    caller: caller.value,
    context: context.value,
    resourceOwner: owner ?? caller.value.account ?? call.directory.account,
  };
  return paged(
    call,
    'EvaluationResults',
    actions,
    (action) => evaluationResult(simulation, action, resources),
    invalidInput('Invalid marker for pagination.'),
  );
}

/** AWS ignores what it does not know. Here that is refused: leaving out a policy could turn a denial into an allowance. */
function unknownMember({ request, route: { operation } }: IamCall): string | undefined {
  const unknown = operation.input && unknownParameter(request, operation.input);
  return unknown === undefined
    ? undefined
    : `${unknown} is not a member of the input of ${operation.name} that is known here.`;
}

const actionDiagnostic = (actions: readonly string[]): string | undefined =>
  actions.every((action) => action.includes(':'))
    ? undefined
    : 'The action is invalid since it is missing names';

/**
 * A resource policy needs a user who calls, and resources that are named.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
function resourcePolicyDiagnostic(
  { account, principal }: SimulatedCaller,
  resources: readonly string[],
): string | undefined {
  if (account === undefined || principal.type !== 'User')
    return 'Invalid caller - Caller cannot be null or empty.';
  return resources.length === 0 || resources[0] === '*'
    ? 'Invalid Entity Arn: * does not clearly define entity type and name.'
    : undefined;
}

/** `*` means every resource, and must be the only one. */
function resourceDiagnostic(resources: readonly string[]): string | undefined {
  const wrong = resources.find((resource) =>
    resource === '*' ? resources.length > 1 : parseArn(resource) === undefined,
  );
  return wrong === undefined ? undefined : `ResourceNames are not in a valid ARN format: ${wrong}.`;
}

/** Of the ARN of a root, user or role: a bare account id is refused. */
function accountIn(arn: string): AccountId | undefined {
  const { service, account = '' } = parseArn(arn) ?? {};
  return service === 'iam' && /^\d{12}$/.test(account) ? accountId(account) : undefined;
}
