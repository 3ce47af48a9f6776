import generated from './generated/iam-actions.json' with { type: 'json' };
import type { GeneratedAction, GeneratedActions, GeneratedResourceType } from './generated-actions.ts';
import { actionOfOperation } from './operation-actions.ts';
import { undocumentedArns } from './undocumented.ts';

const REFERENCE: GeneratedActions = generated;

/** What the Service Authorization Reference says of one action of a service that the project knows in detail. */
export interface ActionDetails {
  /** `Write`, `List`, `Tagging, Write`, … */
  readonly access: string;
  /** Every one of these must be allowed. */
  readonly resourceTypes: readonly string[];
  readonly optionalResourceTypes: readonly string[];
  /** ARN templates of all its resource types: `arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}`. */
  readonly resourceArns: readonly string[];
  /** Those of what AWS may check too, without documenting it. */
  readonly undocumentedArns: readonly string[];
  /** Its own and those of its resource types, without the global keys that every request has. */
  readonly conditionKeys: readonly string[];
}

/** All services' actions; satisfies `ActionReference` of `policy/`, which asks it for advice on a policy. */
export interface IamActions {
  /** Service prefixes in lower case. */
  readonly services: ReadonlySet<string>;
  readonly globalConditionKeys: ReadonlySet<string>;
  /** Name of a condition key in lower case -> its type: `String`, `ArrayOfString`, `Bool`, … */
  readonly conditionKeyTypes: ReadonlyMap<string, string>;
  /** The action that an operation's name means, where it has another name. */
  actionOfOperation(text: string): string | undefined;
  /** Names as AWS spells them, or `undefined` for an unknown service. */
  actionsOf(service: string): ReadonlySet<string> | undefined;
  /** `undefined` where the action is unknown or the reference holds its name only. */
  describe(service: string, action: string): ActionDetails | undefined;
  /** The ARN templates of a service's resources; `undefined` for an unknown service. */
  resourceArnsOf(service: string): readonly string[] | undefined;
  /** The resource types of a service by name, e.g. `campaign` of `personalize`; empty where it is not known so well. */
  resourceTypes(service: string): Readonly<Record<string, GeneratedResourceType>>;
  /** The ARN template of one of them. */
  resourceArn(service: string, resourceType: string): string | undefined;
}

let built: IamActions | undefined;

/** The reference, built on the first call; the names of a service are read when they are first asked for. */
export function iamActions(): IamActions {
  built ??= build();
  return built;
}

function build(): IamActions {
  const names = new Map<string, ReadonlySet<string>>();
  /** By service and action: there are as many as AWS has actions that are known in detail. */
  const described = new Map<string, ActionDetails>();
  return {
    services: new Set(Object.keys(REFERENCE.actionNames)),
    globalConditionKeys: new Set(Object.keys(REFERENCE.globalConditionKeys)),
    conditionKeyTypes: keyTypes(),
    actionOfOperation,
    actionsOf(service) {
      const text = own(REFERENCE.actionNames, service);
      if (text === undefined) return undefined;
      const known = names.get(service) ?? new Set(text.split(' ').filter((name) => name !== ''));
      names.set(service, known);
      return known;
    },
    describe(service, action) {
      const of = own(REFERENCE.services, service);
      const found = of && own(of.actions, action);
      if (of === undefined || found === undefined) return undefined;
      const name = `${service}:${action}`;
      const known =
        described.get(name) ??
        details(found, of.resourceTypes, undocumentedArns(service, action, of.resourceTypes));
      described.set(name, known);
      return known;
    },
    resourceArnsOf(service) {
      const types = own(REFERENCE.services, service)?.resourceTypes;
      if (types !== undefined) return Object.values(types).map(({ arn }) => arn);
      return own(REFERENCE.resourceArns, service)?.split(' ').filter(Boolean);
    },
    resourceTypes: (service) => own(REFERENCE.services, service)?.resourceTypes ?? {},
    resourceArn(service, resourceType) {
      return own(this.resourceTypes(service), resourceType)?.arn;
    },
  };
}

/** Of keys by one name, those of services and the global ones, AWS gives one type. */
function keyTypes(): ReadonlyMap<string, string> {
  const services = Object.values(REFERENCE.services).map(({ conditionKeys }) => conditionKeys);
  return new Map(
    [...services, REFERENCE.globalConditionKeys]
      .flatMap((keys) => Object.entries(keys))
      .map(([name, type]) => [name.toLowerCase(), type]),
  );
}

function details(
  { access, resourceTypes = [], optionalResourceTypes = [], conditionKeys = [] }: GeneratedAction,
  types: Readonly<Record<string, GeneratedResourceType>>,
  undocumented: readonly string[],
): ActionDetails {
  const typesOf = (names: readonly string[]): readonly GeneratedResourceType[] =>
    names.map((name) => own(types, name)).filter((type) => type !== undefined);
  const worksOn = typesOf([...resourceTypes, ...optionalResourceTypes]);
  return {
    access,
    resourceTypes,
    optionalResourceTypes,
    resourceArns: worksOn.map(({ arn }) => arn),
    undocumentedArns: undocumented,
    conditionKeys: [...new Set([...conditionKeys, ...worksOn.flatMap((type) => type.conditionKeys ?? [])])],
  };
}

/** A name may come from a policy: `constructor` is not one of AWS's. */
function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
