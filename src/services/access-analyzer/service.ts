import type { Service } from '../../calls/service.ts';
import type { Authorization } from '../../model/check.ts';
import { modelOf } from '../../model/load.ts';
import type { Operation } from '../../model/shape.ts';
import { checkScope } from '../../sigv4/scope.ts';
import { REST_JSON_RULES } from '../../sigv4/signature-rules.ts';
import { OWNED_BY_ACCOUNT } from '../resource-rules.ts';

/** The resource in AWS's denials of these operations, which work on no resource (captured: docs/conformance.md). */
const EVERYTHING = 'arn:${Partition}:access-analyzer:${Region}:${Account}:*';

const authorization = ({ name }: Operation): Authorization => ({
  checks: [{ action: `access-analyzer:${name}`, resource: { from: 'fixed', template: EVERYTHING } }],
  undocumented: [],
  reason: 'the reference lists no resource; captured denials name everything of the account and Region',
});

/** IAM Access Analyzer as far as it reads policies: validation, and the custom policy checks. */
export const accessAnalyzerService: Service = {
  name: 'access-analyzer',
  title: 'IAM Access Analyzer',
  namesUnknownOperations: true,
  endpoints: () => [{ model: modelOf('access-analyzer'), protocols: ['restJson1'] }],
  signature: () => REST_JSON_RULES,
  scopeError: (credential, region) =>
    checkScope(credential, { regions: [region], service: 'access-analyzer' }),
  validationCode: 'ValidationException',
  ambiguityCode: 'SerializationException',
  authorization,
  resources: OWNED_BY_ACCOUNT,
  answersFromFolder: true,
};
