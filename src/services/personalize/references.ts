import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { findRecipe } from './builtins.ts';
import { type CallContext, type CallWith, ownerOf } from './call.ts';
import { statusAt } from './lifecycle.ts';
import type { Recipe } from './recipes.ts';
import { invalidInput, notFound, wrongStatus } from './refusals.ts';
import { type Attributes, type ResourceAttributes, textOf } from './resource-attributes.ts';
import { attributesAt, type ResourceReader, type StoredResource, statusOf } from './resource-table.ts';
import {
  arnMember,
  REFERENCES,
  RESOURCE_TYPES,
  type ReferenceMember,
  type ResourceTypeName,
} from './resource-types.ts';

/** What an input refers to, found and usable. */
export interface References<Input> {
  /** By the member that names it; a member that is required has one. */
  readonly resources: {
    readonly [Member in keyof Input as Member extends ReferenceMember
      ? Member
      : never]: Member extends ReferenceMember ? Referenced<(typeof REFERENCES)[Member]> : never;
  };
  readonly recipe?: Recipe;
}

/** The attributes of a resource that is referred to, and its ARN. */
export type Referenced<Type extends ResourceTypeName> = ResourceAttributes[Type] & { readonly arn: string };

/** Every resource that the input names must be there, of this account, of the right type, and ACTIVE. */
export function resolveReferences<Input extends Attributes>(
  call: CallWith<Input>,
): Result<References<Input>, AwsError> {
  const resources: Record<string, Referenced<ResourceTypeName>> = {};
  for (const [member, wanted] of Object.entries(REFERENCES)) {
    const arn = textOf(call.input, member);
    if (arn === undefined) continue;
    const found = usable(wanted, arn, call);
    if (!found.ok) return found;
    resources[member] = { ...attributesAt(found.value, call.now), arn: found.value.arn };
  }
  const recipeArn = textOf(call.input, 'recipeArn');
  const recipe = recipeArn === undefined ? undefined : findRecipe(recipeArn, call.scope.partition);
  if (recipeArn !== undefined && recipe === undefined) return err(notFound(recipeArn));
  return ok({
    // The loop has looked up every member of the table that the input has, each by its own type.
    resources: resources as References<Input>['resources'],
    ...(recipe && { recipe }),
  });
}

function usable(
  resourceType: ResourceTypeName,
  arn: string,
  call: CallContext,
): Result<StoredResource, AwsError> {
  const found = findOwn(resourceType, arn, call) ?? latestVersion(resourceType, arn, call);
  if (found === undefined) return err(notFound(arn));
  const status = statusOf(found, call.now);
  if (RESOURCE_TYPES[resourceType].hasStatus && status !== 'ACTIVE')
    return err(wrongStatus(found.arn, status, 'ACTIVE'));
  return ok(found);
}

/** A resource of that type in the caller's account and region. */
export function findOwn<Type extends ResourceTypeName>(
  resourceType: Type,
  arn: string,
  { table, scope }: CallContext,
): StoredResource<Type> | undefined {
  const found = table.findOf(resourceType, arn);
  return found?.owner === ownerOf(scope) ? found : undefined;
}

/** The resource of that type that a request is about. */
export function findNamed<Type extends ResourceTypeName>(
  resourceType: Type,
  call: CallWith<Attributes>,
): Result<StoredResource<Type>, AwsError> {
  const member = arnMember(resourceType);
  const arn = textOf(call.input, member);
  if (arn === undefined) return err(invalidInput(`${member} must be given.`));
  const found = findOwn(resourceType, arn, call);
  return found === undefined ? err(notFound(arn)) : ok(found);
}

const LATEST = '/$LATEST';

/**
 * `SOLUTION-ARN/$LATEST` names the latest version of a solution that was trained.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/API_CreateCampaign.html
 */
function latestVersion(
  resourceType: ResourceTypeName,
  arn: string,
  call: CallContext,
): StoredResource<'SolutionVersion'> | undefined {
  if (resourceType !== 'SolutionVersion' || !arn.endsWith(LATEST)) return undefined;
  const solution = findOwn('Solution', arn.slice(0, -LATEST.length), call);
  if (solution === undefined) return undefined;
  return versionsOf(solution.arn, call.table).findLast(
    ({ transition }) => statusAt(transition, call.now) === 'ACTIVE',
  );
}

/** A solution's versions, oldest first; a solution has few. */
export const versionsOf = (
  solutionArn: string,
  table: ResourceReader,
): readonly StoredResource<'SolutionVersion'>[] => [...table.of('SolutionVersion', solutionArn)];

/** The recipe that a solution or solution version was made with. */
export const recipeOf = (
  { recipeArn }: { readonly recipeArn?: string },
  { scope }: CallContext,
): Recipe | undefined => (recipeArn === undefined ? undefined : findRecipe(recipeArn, scope.partition));
