import type { Clock } from '../../lib/clock.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, type Result } from '../../lib/result.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { CloudwatchInputs } from './generated/cloudwatch.ts';
import type { Metrics } from './metrics.ts';

/** A call of CloudWatch that was authorized, and whose input was validated against its model. */
export interface CloudwatchCall<Input = InputValue> {
  readonly input: Input;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** The members of PutMetricAlarm, and what CloudWatch adds. */
export interface Alarm extends Omit<CloudwatchInputs['PutMetricAlarm'], 'Tags'> {
  readonly AlarmArn: string;
  readonly AlarmConfigurationUpdatedTimestamp: Date;
  readonly StateValue: NonNullable<CloudwatchInputs['DescribeAlarms']['StateValue']>;
  readonly StateReason: string;
  readonly StateUpdatedTimestamp: Date;
}

export interface CloudwatchState {
  readonly metrics: Metrics;
  /** By name. */
  readonly alarms: Map<string, Alarm>;
  readonly clock: Clock;
}

export type CloudwatchOutput = Result<Readonly<Record<string, unknown>>, AwsError>;

/** Handles the operation. */
export type CloudwatchHandler<Name extends keyof CloudwatchInputs> = (
  call: CloudwatchCall<CloudwatchInputs[Name]>,
  state: CloudwatchState,
) => CloudwatchOutput;

export const refuse = (code: string, message: string): Result<never, AwsError> =>
  err(awsError(code, message));

/** The part of a list from a token on: the token is a position. */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  most: number,
): { readonly page: readonly Item[]; readonly NextToken?: string } | undefined {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) return undefined;
  const end = start + most;
  return { page: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
