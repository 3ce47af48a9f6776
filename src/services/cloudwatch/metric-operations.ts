import { ok } from '../../lib/result.ts';
import { type CloudwatchHandler, pageOf, refuse } from './call.ts';
import type { CloudwatchInputs } from './generated/cloudwatch.ts';
import { type Dimension, type Metric, STATISTICS, type StatisticSet } from './metrics.ts';

type MetricDatum = NonNullable<CloudwatchInputs['PutMetricData']['MetricData']>[number];

const MOST_LISTED = 500;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const putMetricData: CloudwatchHandler<'PutMetricData'> = ({ input }, { metrics, clock }) => {
  const withEntities = (input.EntityMetricData ?? []).map((each) => each.MetricData);
  const data = [input.MetricData, ...withEntities].flatMap((list) => list ?? []);
  if (data.length === 0)
    return refuse('MissingRequiredParameterException', 'The parameter MetricData is required.');
  const points = data.map((datum) => ({ datum, point: pointOf(datum, clock()) }));
  const wrong = points.find(({ point }) => point === undefined);
  if (wrong)
    return refuse(
      'InvalidParameterCombinationException',
      `The metric ${wrong.datum.MetricName} must have either a Value, StatisticValues, or Values with as many Counts.`,
    );
  for (const { datum, point } of points) {
    if (point === undefined) continue;
    const metric = metricOf({ Namespace: input.Namespace, ...datum });
    metrics.put(metric, datum.Unit ?? 'None', point);
  }
  return ok({});
};

function pointOf(
  { Timestamp, Value, StatisticValues, Values, Counts }: MetricDatum,
  now: number,
): StatisticSet | undefined {
  const at = Timestamp?.getTime() ?? now;
  const given = [Value, StatisticValues, Values].filter((each) => each !== undefined);
  if (given.length !== 1) return undefined;
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues;
    return { at, count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum };
  }
  const values = Value === undefined ? (Values ?? []) : [Value];
  const counts = Counts ?? values.map(() => 1);
  if (values.length === 0 || counts.length !== values.length) return undefined;
  return {
    at,
    count: counts.reduce((total, count) => total + count, 0),
    sum: values.reduce((total, value, index) => total + value * (counts[index] ?? 1), 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export const listMetrics: CloudwatchHandler<'ListMetrics'> = ({ input }, { metrics }) => {
  const { Namespace: namespace, MetricName: name, NextToken: token, Dimensions: filters = [] } = input;
  const found = metrics
    .list()
    .filter((metric) => namespace === undefined || metric.namespace === namespace)
    .filter((metric) => name === undefined || metric.name === name)
    .filter(({ dimensions }) =>
      filters.every(({ Name, Value }) =>
        dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
      ),
    );
  const listed = pageOf(found, token, MOST_LISTED);
  if (listed === undefined) return refuse('InvalidParameterValueException', 'The NextToken is not valid.');
  const { page, ...next } = listed;
  return ok({ Metrics: page.map(metricView), ...next });
};

const metricView = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: dimensions,
});

interface NamedMetric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
}

const metricOf = ({ Namespace = '', MetricName = '', Dimensions = [] }: NamedMetric): Metric => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Dimensions,
});

const spanOf = (
  { StartTime, EndTime }: Pick<CloudwatchInputs['GetMetricData'], 'StartTime' | 'EndTime'>,
  periodSeconds: number,
) => ({ start: StartTime.getTime(), end: EndTime.getTime(), periodSeconds });

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
export const getMetricStatistics: CloudwatchHandler<'GetMetricStatistics'> = ({ input }, { metrics }) => {
  const { Unit: unit, Period: period, Statistics: names = [], ExtendedStatistics: extended } = input;
  if (extended !== undefined)
    return refuse(
      'InvalidParameterValueException',
      'personalize-authz-proxy works out no ExtendedStatistics.',
    );
  if (names.length === 0)
    return refuse(
      'MissingRequiredParameterException',
      'Must specify either Statistics or ExtendedStatistics',
    );
  const sets = metrics.periods(metricOf(input), unit, spanOf(input, period));
  const Datapoints = sets.map((set) => ({
    Timestamp: new Date(set.at),
    Unit: unit ?? 'None',
    ...Object.fromEntries(names.map((name) => [name, STATISTICS[name]?.(set)])),
  }));
  return ok({ Label: input.MetricName, Datapoints });
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const getMetricData: CloudwatchHandler<'GetMetricData'> = ({ input }, { metrics }) => {
  const { MetricDataQueries: queries, ScanBy: order } = input;
  const unknown = queries.find(
    ({ MetricStat: stat }) => stat === undefined || !Object.hasOwn(STATISTICS, stat.Stat),
  );
  if (unknown)
    return refuse(
      'ValidationError',
      `The query ${unknown.Id} has no MetricStat with one of ${Object.keys(STATISTICS).join(', ')}: personalize-authz-proxy works out no expressions and no percentiles.`,
    );
  const results = queries.flatMap(({ Id, Label, MetricStat: stat, ReturnData }) => {
    if (stat === undefined || ReturnData === false) return [];
    const { Metric: metric, Period: period, Stat: name, Unit: unit } = stat;
    const sets = metrics.periods(metricOf(metric), unit, spanOf(input, period));
    const ordered = order === 'TimestampAscending' ? sets : sets.toReversed();
    return {
      Id,
      Label: Label ?? metric.MetricName,
      Timestamps: ordered.map(({ at }) => new Date(at)),
      Values: ordered.map((set) => STATISTICS[name]?.(set)),
      StatusCode: 'Complete',
    };
  });
  return ok({ MetricDataResults: results, Messages: [] });
};
