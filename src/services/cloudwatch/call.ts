import type { Clock } from '../../lib/clock.ts';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, type Result } from '../../lib/result.ts';
import type { Dimension, Metrics } from './metrics.ts';

/** A call of CloudWatch that was authorized and validated against its model. */
export interface CloudwatchCall {
  readonly input: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

export interface CloudwatchState {
  readonly metrics: Metrics;
  /** By name: the members of PutMetricAlarm, and what CloudWatch adds. */
  readonly alarms: Map<string, Readonly<Record<string, unknown>>>;
  readonly clock: Clock;
}

export type CloudwatchOutput = Result<Readonly<Record<string, unknown>>, AwsError>;

export type CloudwatchOperation = (call: CloudwatchCall, state: CloudwatchState) => CloudwatchOutput;

export const refuse = (code: string, message: string): Result<never, AwsError> =>
  err(awsError(code, message));

/** The part of a list from a token on: the token is a position. */
export function pageOf<Item>(
  items: readonly Item[],
  token: unknown,
  most: number,
): { readonly page: readonly Item[]; readonly NextToken?: string } | undefined {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) return undefined;
  const end = start + most;
  return { page: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}

export const dimensionsOf = (value: unknown): readonly Dimension[] => (value ?? []) as readonly Dimension[];
