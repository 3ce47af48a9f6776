import { parseArn } from '../../lib/arn.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { type Answer, type Answered, type IamCall, type Operations, textIn, textsIn } from './call.ts';
import { contextKeys } from './context-keys.ts';
import { evaluationResult } from './evaluation-result.ts';
import { paged } from './page.ts';
import { policySource } from './policy-source.ts';
import { invalidInput } from './refusals.ts';
import { callerByArn, callerOf, nobody, type SimulatedCaller } from './simulated-caller.ts';
import {
  attachedLayers,
  inputPolicies,
  inputPolicy,
  type SimulatedLayers,
  type SimulatedPolicy,
} from './simulated-policies.ts';
import { contextEntries } from './simulation-context.ts';

/** IAM's policy simulator, on the engine that decides requests. */
export const SIMULATE_OPERATIONS: Operations = {
  SimulateCustomPolicy: (call) => simulate(call, { identity: [] }, nobody(call.directory)),
  SimulatePrincipalPolicy: (call) => {
    const arn = textIn(call, 'PolicySourceArn') ?? '';
    const source = policySource(call.directory, arn);
    if (!source.ok) return source;
    const caller = callerOf(call.directory, arn) ?? nobody(call.directory);
    return simulate(call, attachedLayers(source.value, call.directory), caller);
  },
  GetContextKeysForCustomPolicy: (call) => withInput(call, []),
  GetContextKeysForPrincipalPolicy: (call) => {
    const source = policySource(call.directory, textIn(call, 'PolicySourceArn') ?? '');
    if (!source.ok) return source;
    const { identity, permissionsBoundary } = attachedLayers(source.value, call.directory);
    return withInput(call, permissionsBoundary ? [...identity, permissionsBoundary] : identity);
  },
};

function withInput(call: IamCall, attached: readonly SimulatedPolicy[]): Answered {
  const input = inputPolicies('PolicyInputList', textsIn(call, 'PolicyInputList'), 'IAM Policy');
  if (!input.ok) return input;
  const policies = [...attached, ...input.value].map(({ policy }) => policy);
  return ok({ ContextKeyNames: contextKeys(policies) });
}

/** What the request adds to the policies of the source and to its caller, then every action in turn. */
function simulate(call: IamCall, attached: SimulatedLayers, own: SimulatedCaller): ReturnType<Answer> {
  const actions = textsIn(call, 'ActionNames');
  const resources = textsIn(call, 'ResourceArns');
  const wrong = actionFault(actions) ?? resourceFault(resources);
  if (wrong !== undefined) return invalidInput(wrong);
  const layers = withInputLayers(call, attached);
  if (!layers.ok) return layers;
  const context = contextEntries(call);
  if (!context.ok) return context;
  const callerArn = textIn(call, 'CallerArn');
  const caller = callerArn === undefined ? ok(own) : callerByArn(call.directory, callerArn);
  if (!caller.ok) return caller;
  // @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
  const isUser = caller.value.account !== undefined && caller.value.principal.type === 'User';
  if (layers.value.resourcePolicy && !isUser)
    return invalidInput('CallerArn is required where a ResourcePolicy is simulated.');
  const ownerArn = textIn(call, 'ResourceOwner');
  const owner = ownerArn === undefined ? undefined : accountIn(ownerArn);
  if (ownerArn !== undefined && owner === undefined)
    return invalidInput(`Invalid ResourceOwner: ${ownerArn} is not like arn:aws:iam::123456789012:root.`);
  const simulation = {
    layers: layers.value,
    caller: caller.value,
    context: context.value,
    resourceOwner: owner ?? caller.value.account ?? call.directory.account,
  };
  return paged(call, 'EvaluationResults', actions, (action) =>
    evaluationResult(simulation, action, resources),
  );
}

/** A boundary that is given takes the place of the one that is attached. */
function withInputLayers(call: IamCall, attached: SimulatedLayers): Result<SimulatedLayers, AwsError> {
  const identity = inputPolicies('PolicyInputList', textsIn(call, 'PolicyInputList'), 'IAM Policy');
  if (!identity.ok) return identity;
  const list = 'PermissionsBoundaryPolicyInputList';
  const boundaries = inputPolicies(list, textsIn(call, list), 'Permissions Boundary Policy');
  if (!boundaries.ok) return boundaries;
  const [boundary, ...others] = boundaries.value;
  if (others.length > 0) return invalidInput(`${list} takes one policy.`);
  const text = textIn(call, 'ResourcePolicy');
  const resource = text === undefined ? undefined : inputPolicy('ResourcePolicy', text, 'Resource Policy');
  if (resource?.ok === false) return resource;
  return ok({
    ...attached,
    identity: [...attached.identity, ...identity.value],
    ...(boundary && { permissionsBoundary: boundary }),
    ...(resource && { resourcePolicy: resource.value }),
  });
}

const ACTION = /^[\w-]+:[\w-]+$/;

function actionFault(actions: readonly string[]): string | undefined {
  const wrong = actions.find((action) => !ACTION.test(action));
  return wrong === undefined
    ? undefined
    : `Invalid Action Name: ${wrong} must be like personalize:CreateCampaign, without wildcards.`;
}

function resourceFault(resources: readonly string[]): string | undefined {
  const wrong = resources.find((resource) => resource !== '*' && parseArn(resource) === undefined);
  return wrong === undefined ? undefined : `Invalid Resource ARN: ${wrong}`;
}

const accountIn = (arn: string): string | undefined => {
  const account = /^\d{12}$/.test(arn) ? arn : parseArn(arn)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
};
