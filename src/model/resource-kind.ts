import { type ArnParts, parseArn } from '../lib/arn.ts';
import { iamActions } from './iam-actions.ts';

/** What the Service Authorization Reference says of the resources of one type of Personalize. */
export interface ResourceKind {
  /** AWS's own (recipes, algorithms, feature transformations) have neither region nor account in their ARN. */
  readonly ownedByAws: boolean;
  /** Whether `aws:ResourceTag` is among the condition keys of the type. */
  readonly taggable: boolean;
}

let kinds: ReadonlyMap<string, ResourceKind> | undefined;

/** By what stands before the first `/`: `campaign`, `dataset-group`; `undefined` for what Personalize does not have. */
export function resourceKind({ service, resource }: ArnParts): ResourceKind | undefined {
  kinds ??= readKinds();
  return service === 'personalize' ? kinds.get(typeOf(resource)) : undefined;
}

function readKinds(): ReadonlyMap<string, ResourceKind> {
  return new Map(
    Object.values(iamActions().resourceTypes('personalize')).map(({ arn, conditionKeys = [] }) => {
      const template = parseArn(arn);
      return [
        typeOf(template?.resource ?? ''),
        {
          ownedByAws: template?.account === '',
          taggable: conditionKeys.some((key) => key.startsWith('aws:ResourceTag/')),
        },
      ];
    }),
  );
}

const typeOf = (resource: string): string => resource.slice(0, Math.max(resource.indexOf('/'), 0));
