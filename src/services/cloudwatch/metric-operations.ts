import { ok } from '../../lib/result.ts';
import { type CloudwatchOperation, dimensionsOf, pageOf, refuse } from './call.ts';
import { type Metric, STATISTICS, type StatisticSet } from './metrics.ts';

type Input = Readonly<Record<string, unknown>>;

const MOST_LISTED = 500;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const putMetricData: CloudwatchOperation = ({ input }, { metrics, clock }) => {
  const withEntities = ((input.EntityMetricData ?? []) as readonly Input[]).map((each) => each.MetricData);
  const data = [input.MetricData, ...withEntities].flatMap((list) => (list ?? []) as readonly Input[]);
  if (data.length === 0)
    return refuse('MissingRequiredParameterException', 'The parameter MetricData is required.');
  const points = data.map((datum) => ({ datum, point: pointOf(datum, clock()) }));
  const wrong = points.find(({ point }) => point === undefined);
  if (wrong)
    return refuse(
      'InvalidParameterCombinationException',
      `The metric ${String(wrong.datum.MetricName)} must have either a Value, StatisticValues, or Values with as many Counts.`,
    );
  for (const { datum, point } of points) {
    if (point === undefined) continue;
    const { MetricName: name, Dimensions: dimensions, Unit: unit = 'None' } = datum;
    const metric = {
      namespace: String(input.Namespace),
      name: String(name),
      dimensions: dimensionsOf(dimensions),
    };
    metrics.put(metric, String(unit), point);
  }
  return ok({});
};

function pointOf(
  { Timestamp, Value, StatisticValues, Values, Counts }: Input,
  now: number,
): StatisticSet | undefined {
  const at = Timestamp instanceof Date ? Timestamp.getTime() : now;
  const given = [Value, StatisticValues, Values].filter((each) => each !== undefined);
  if (given.length !== 1) return undefined;
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues as Readonly<Record<string, number>>;
    return { at, count: SampleCount ?? 0, sum: Sum ?? 0, minimum: Minimum ?? 0, maximum: Maximum ?? 0 };
  }
  const values = Value === undefined ? (Values as readonly number[]) : [Number(Value)];
  const counts = (Counts as readonly number[] | undefined) ?? values.map(() => 1);
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
export const listMetrics: CloudwatchOperation = ({ input }, { metrics }) => {
  const { Namespace: namespace, MetricName: name, NextToken: token } = input;
  const filters = dimensionsOf(input.Dimensions);
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

const metricView = ({ namespace, name, dimensions }: Metric): Input => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: dimensions,
});

const metricOf = ({ Namespace, MetricName, Dimensions }: Input): Metric => ({
  namespace: String(Namespace),
  name: String(MetricName),
  dimensions: dimensionsOf(Dimensions),
});

const spanOf = ({ StartTime, EndTime }: Input, period: unknown) => ({
  start: (StartTime as Date).getTime(),
  end: (EndTime as Date).getTime(),
  periodSeconds: Number(period),
});

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
export const getMetricStatistics: CloudwatchOperation = ({ input }, { metrics }) => {
  const { Unit: unit, Period: period, Statistics: statistics = [], ExtendedStatistics: extended } = input;
  if (extended !== undefined)
    return refuse(
      'InvalidParameterValueException',
      'personalize-authz-proxy works out no ExtendedStatistics.',
    );
  const names = statistics as readonly string[];
  if (names.length === 0)
    return refuse(
      'MissingRequiredParameterException',
      'Must specify either Statistics or ExtendedStatistics',
    );
  const sets = metrics.periods(
    metricOf(input),
    unit === undefined ? undefined : String(unit),
    spanOf(input, period),
  );
  const Datapoints = sets.map((set) => ({
    Timestamp: new Date(set.at),
    Unit: unit ?? 'None',
    ...Object.fromEntries(names.map((name) => [name, STATISTICS[name]?.(set)])),
  }));
  return ok({ Label: input.MetricName, Datapoints });
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const getMetricData: CloudwatchOperation = ({ input }, { metrics }) => {
  const queries = input.MetricDataQueries as readonly Input[];
  const unknown = queries.find(
    ({ MetricStat: stat }) => !Object.hasOwn(STATISTICS, String((stat as Input)?.Stat)),
  );
  if (unknown)
    return refuse(
      'ValidationError',
      `The query ${String(unknown.Id)} has no MetricStat with one of ${Object.keys(STATISTICS).join(', ')}: personalize-authz-proxy works out no expressions and no percentiles.`,
    );
  const results = queries.map((query) => {
    const { Metric: metric, Period: period, Stat: stat, Unit: unit } = query.MetricStat as Input;
    const sets = metrics.periods(
      metricOf(metric as Input),
      unit as string | undefined,
      spanOf(input, period),
    );
    const ordered = input.ScanBy === 'TimestampAscending' ? sets : sets.toReversed();
    return {
      Id: query.Id,
      Label: query.Label ?? (metric as Input).MetricName,
      Timestamps: ordered.map(({ at }) => new Date(at)),
      Values: ordered.map((set) => STATISTICS[String(stat)]?.(set)),
      StatusCode: 'Complete',
      returned: query.ReturnData !== false,
    };
  });
  return ok({ MetricDataResults: results.filter(({ returned }) => returned), Messages: [] });
};
