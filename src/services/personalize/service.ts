import type { Service } from '../../calls/service.ts';
import type { ResourceRules } from '../../calls/service-rules.ts';
import { modelOf } from '../../model/load.ts';
import { resourceKind } from '../../model/resource-kind.ts';
import type { Protocol, ServiceName } from '../../model/shape.ts';
import { checkScope } from '../../sigv4/scope.ts';
import { JSON_RULES, REST_JSON_RULES } from '../../sigv4/signature-rules.ts';
import { personalizeAuthorization } from './authorization.ts';

const MODELS: readonly (readonly [ServiceName, Protocol])[] = [
  ['personalize', 'awsJson1.1'],
  ['personalize-runtime', 'restJson1'],
  ['personalize-events', 'restJson1'],
];

const ACCOUNT = /^\d{12}$/;
/** Names as the models have them; `*` is an id that is not known before a resource exists. */
const RESOURCE = /^[a-z-]+(?:\/[\w-]+)+(?:\/\*)?$|^[a-z-]+\/\*$/;

const resources: ResourceRules = {
  isWellFormed(arn) {
    const kind = resourceKind(arn);
    if (!kind || !RESOURCE.test(arn.resource)) return false;
    return kind.ownedByAws
      ? arn.region === '' && arn.account === ''
      : arn.region !== '' && ACCOUNT.test(arn.account);
  },
  tagsOf: (arn, text, { tags }) => (resourceKind(arn)?.taggable ? tags.of(text) : () => undefined),
};

/** Amazon Personalize, its runtime and its events: three services with one signing name. */
export const personalizeService: Service = {
  name: 'personalize',
  title: 'Amazon Personalize',
  endpoints: () => MODELS.map(([name, protocol]) => ({ model: modelOf(name), protocols: [protocol] })),
  signature: (protocol) => (protocol === 'restJson1' ? REST_JSON_RULES : JSON_RULES),
  scopeError: (credential, region) => checkScope(credential, { regions: [region], service: 'personalize' }),
  validationCode: 'InvalidInputException',
  ambiguityCode: 'SerializationException',
  authorization: personalizeAuthorization,
  resources,
};
