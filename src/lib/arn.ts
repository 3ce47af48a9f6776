import { type Arn, arnOf } from './identifiers.ts';

/** The six colon-delimited parts of an ARN. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon. */
  readonly resource: string;
}

/** The parts of an ARN, or `undefined` if the string does not have six parts. */
export function parseArn(text: string): ArnParts | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const afterPartition = text.indexOf(':', 4);
  const afterService = afterPartition < 0 ? -1 : text.indexOf(':', afterPartition + 1);
  const afterRegion = afterService < 0 ? -1 : text.indexOf(':', afterService + 1);
  const afterAccount = afterRegion < 0 ? -1 : text.indexOf(':', afterRegion + 1);
  if (afterAccount < 0 || afterPartition === 4 || afterService === afterPartition + 1) return undefined;
  if (afterAccount === text.length - 1) return undefined;
  return {
    partition: text.slice(4, afterPartition),
    service: text.slice(afterPartition + 1, afterService),
    region: text.slice(afterService + 1, afterRegion),
    account: text.slice(afterRegion + 1, afterAccount),
    resource: text.slice(afterAccount + 1),
  };
}

export const formatArn = ({ partition, service, region, account, resource }: ArnParts): Arn =>
  arnOf(`arn:${partition}:${service}:${region}:${account}:${resource}`);
