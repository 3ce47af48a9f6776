import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { findRecipe, type Recipe } from './builtins.ts';
import { type Call, ownerOf } from './call.ts';
import { statusAt } from './lifecycle.ts';
import { notFound, wrongStatus } from './refusals.ts';
import {
  type Attributes,
  attributesAt,
  type ResourceReader,
  type StoredResource,
  statusOf,
} from './resource-table.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';

/** What a request refers to, found and usable: attributes by the member that names the resource. */
export interface References {
  readonly resources: Readonly<Record<string, Attributes & { readonly arn: string }>>;
  readonly recipe?: Recipe;
}

/** Every resource that the input names must be there, of this account, of the right type, and ACTIVE. */
export function resolveReferences(resourceType: ResourceTypeName, call: Call): Result<References, AwsError> {
  const resources: Record<string, Attributes & { readonly arn: string }> = {};
  let recipe: Recipe | undefined;
  for (const [member, wanted] of Object.entries(RESOURCE_TYPES[resourceType].references)) {
    const arn = call.input[member];
    if (typeof arn !== 'string') continue;
    if (wanted === 'Recipe') {
      recipe = findRecipe(arn, call.scope.partition);
      if (recipe === undefined) return err(notFound(arn));
      continue;
    }
    const found = usable(wanted, arn, call);
    if (!found.ok) return found;
    resources[member] = { ...attributesAt(found.value, call.now), arn: found.value.arn };
  }
  return ok({ resources, ...(recipe && { recipe }) });
}

function usable(resourceType: ResourceTypeName, arn: string, call: Call): Result<StoredResource, AwsError> {
  const found = findOwn(resourceType, arn, call) ?? latestVersion(resourceType, arn, call);
  if (found === undefined) return err(notFound(arn));
  const status = statusOf(found, call.now);
  if (RESOURCE_TYPES[resourceType].hasStatus && status !== 'ACTIVE')
    return err(wrongStatus(found.arn, status, 'ACTIVE'));
  return ok(found);
}

/** A resource of that type in the caller's account and region. */
export function findOwn(resourceType: ResourceTypeName, arn: string, call: Call): StoredResource | undefined {
  const found = call.table.find(arn);
  return found?.resourceType === resourceType && found.owner === ownerOf(call.scope) ? found : undefined;
}

const LATEST = '/$LATEST';

/**
 * `SOLUTION-ARN/$LATEST` names the latest version of a solution that was trained.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/API_CreateCampaign.html
 */
function latestVersion(resourceType: ResourceTypeName, arn: string, call: Call): StoredResource | undefined {
  if (resourceType !== 'SolutionVersion' || !arn.endsWith(LATEST)) return undefined;
  const solution = findOwn('Solution', arn.slice(0, -LATEST.length), call);
  if (solution === undefined) return undefined;
  return versionsOf(solution.arn, call.table).findLast(
    ({ transition }) => statusAt(transition, call.now) === 'ACTIVE',
  );
}

/** A solution's versions, oldest first; a solution has few. */
export const versionsOf = (solutionArn: string, table: ResourceReader): readonly StoredResource[] => [
  ...table.of('SolutionVersion', solutionArn),
];

/** The recipe that a solution or solution version was made with. */
export const recipeOf = ({ recipeArn }: Attributes, call: Call): Recipe | undefined =>
  typeof recipeArn === 'string' ? findRecipe(recipeArn, call.scope.partition) : undefined;
