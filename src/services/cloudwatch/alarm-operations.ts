import { ok } from '../../lib/result.ts';
import { type CloudwatchHandler, pageOf, refuse } from './call.ts';

const MOST_DESCRIBED = 50;

/** Stored as it is; alarms are never evaluated. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const putMetricAlarm: CloudwatchHandler<'PutMetricAlarm'> = (
  { input, account, region, partition },
  { alarms, clock },
) => {
  const { Tags: _, ...alarm } = input;
  const name = alarm.AlarmName;
  const now = new Date(clock());
  const before = alarms.get(name);
  alarms.set(name, {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...alarm,
    AlarmArn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`,
    AlarmConfigurationUpdatedTimestamp: now,
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: before?.StateUpdatedTimestamp ?? now,
  });
  return ok({});
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const describeAlarms: CloudwatchHandler<'DescribeAlarms'> = ({ input }, { alarms }) => {
  const {
    AlarmNames: names,
    AlarmNamePrefix: prefix = '',
    StateValue: state,
    AlarmTypes: types,
    MaxRecords: most,
  } = input;
  const isMetric = types === undefined || types.includes('MetricAlarm');
  const found = [...alarms.values()].filter(
    ({ AlarmName: name, StateValue: own }) =>
      isMetric &&
      (names === undefined || names.includes(name)) &&
      name.startsWith(prefix) &&
      (state === undefined || own === state),
  );
  const listed = pageOf(found, input.NextToken, most ?? MOST_DESCRIBED);
  if (listed === undefined) return refuse('InvalidNextToken', 'The next token specified is invalid.');
  const { page, ...next } = listed;
  return ok({ MetricAlarms: page, CompositeAlarms: [], ...next });
};
