import { withoutResource } from '../../calls/access-denied.ts';
import type { CheckFacts, Service } from '../../calls/service.ts';
import type { ContextValue } from '../../engine/request.ts';
import { err, ok } from '../../lib/result.ts';
import { checkScope } from '../../sigv4/scope.ts';
import { JSON_RULES, QUERY_RULES } from '../../sigv4/signature-rules.ts';
import { missingMembers } from '../../wire/validate.ts';
import { OWNED_BY_ACCOUNT } from '../resource-rules.ts';
import { cloudwatchAuthorization, cloudwatchModel } from './model.ts';

/** Amazon CloudWatch. Its SDKs speak three protocols: the oldest awsQuery, the newest CBOR. */
export const cloudwatchService: Service = {
  name: 'cloudwatch',
  title: 'CloudWatch',
  namesUnknownOperations: true,
  endpoints: () => [{ model: cloudwatchModel(), protocols: ['awsQuery', 'awsJson1.0', 'rpcV2Cbor'] }],
  signature: (protocol) => (protocol === 'awsQuery' ? QUERY_RULES : JSON_RULES),
  scopeError: (credential, region) => checkScope(credential, { regions: [region], service: 'monitoring' }),
  validationCode: 'ValidationError',
  ambiguityCode: 'SerializationException',
  // Policies cannot be asked about a member that is required and missing.
  completeCall(call) {
    const { input: shape } = call.route.operation;
    const missing = shape && missingMembers(shape, call.input, 'ValidationError');
    return missing ? err(missing) : ok(call);
  },
  authorization: cloudwatchAuthorization,
  contextKeys,
  resources: OWNED_BY_ACCOUNT,
  denialMessage: (request, decision) => withoutResource(request, decision, request.resource === '*'),
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html */
function contextKeys({ input, route }: CheckFacts): ReadonlyMap<string, ContextValue> {
  const { Namespace: namespace, AlarmActions: actions } = input;
  const isPut = route.operation.name === 'PutMetricData' && typeof namespace === 'string';
  return new Map<string, ContextValue>([
    ...(isPut ? [['cloudwatch:namespace', namespace] as const] : []),
    ...(Array.isArray(actions) ? [['cloudwatch:alarmactions', actions.map(String)] as const] : []),
  ]);
}
