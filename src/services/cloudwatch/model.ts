import { ANY, type Authorization, type ResourceSource } from '../../model/check.ts';
import { buildServiceModel } from '../../model/load.ts';
import type { Operation, ServiceModel } from '../../model/shape.ts';
import model from './model.json' with { type: 'json' };

let built: ServiceModel | undefined;

/**
 * CloudWatch as far as AWS's managed policies for Personalize go: six operations. `model.json` is written by hand, as
 * no published model of it comes with the project; names, shapes and limits are those of the API reference.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html
 */
export function cloudwatchModel(): ServiceModel {
  built ??= buildServiceModel(model);
  return built;
}

const ALARM = 'arn:${Partition}:cloudwatch:${Region}:${Account}:alarm:${AlarmName}';

/** Metrics have no ARNs. DescribeAlarms is asked on every alarm, whichever it names. */
const RESOURCES: Readonly<Record<string, ResourceSource>> = {
  PutMetricData: ANY,
  ListMetrics: ANY,
  GetMetricData: ANY,
  GetMetricStatistics: ANY,
  DescribeAlarms: { from: 'fixed', template: 'arn:${Partition}:cloudwatch:${Region}:${Account}:alarm:*' },
  PutMetricAlarm: { from: 'new', template: ALARM, name: [{ member: 'AlarmName' }] },
};

/**
 * The row of a CloudWatch operation. Tags of a new alarm need `cloudwatch:TagResource` beside it.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
export function cloudwatchAuthorization({ name }: Operation): Authorization {
  const resource = RESOURCES[name];
  if (resource === undefined) throw new Error(`cloudwatch:${name} has no row of resources`);
  const own = { action: `cloudwatch:${name}`, resource };
  const tagging = { action: 'cloudwatch:TagResource', resource, when: ['Tags'] };
  return {
    checks: name === 'PutMetricAlarm' ? [own, tagging] : [own],
    undocumented: [],
    reason: 'the reference lists types that metrics do not have; captured denials name these resources',
  };
}
