import type { Config } from '../config/read-config.ts';
import type { Clock } from '../lib/clock.ts';
import { StartError } from '../lib/start-error.ts';
import { cloudTrailLine } from '../records/cloudtrail.ts';
import { DecisionLog, type DecisionSink } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { openLogFile } from '../records/log-file.ts';
import { memoryState } from '../state/memory-state.ts';
import { redisLabel } from '../state/redis-label.ts';
import type { SharedState } from '../state/shared-state.ts';
import { messageOf } from './proxy-options.ts';

const LINES = {
  jsonl: (record: DecisionRecord) => JSON.stringify(record),
  cloudtrail: cloudTrailLine,
} as const;

interface StateOptions {
  readonly clock: Clock;
  /** Receives failures outside of any request. */
  readonly onFailure: (cause: unknown) => void;
  /** Receives a sentence when a shared state goes away, and when it is back. */
  readonly onChange: (message: string) => void;
}

/** Opens the state that the processes of a proxy share, as configured. @throws StartError if it is unavailable */
export async function openState(
  config: Config,
  { clock, onFailure, onChange }: StateOptions,
): Promise<SharedState> {
  const sink = await openSink(config, onFailure);
  const { state: address, mode } = config;
  if (address === 'memory') return memoryState(new DecisionLog(sink), mode);
  const { openRedisState } = await import('../state/redis-state.ts');
  try {
    return await openRedisState(address, { mode, clock, onFailure, onChange, ...(sink && { sink }) });
  } catch (cause) {
    await sink?.close();
    const message = `state: ${redisLabel(address)} cannot be used: ${reasonOf(cause)}`;
    throw new StartError('configuration', [{ severity: 'error', rule: 'unavailable-state', message }]);
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The configured file of decisions. @throws StartError if it cannot be written. */
async function openSink(
  { decisions: { file, format, maxBytes, keep } }: Config,
  onProblem: (problem: string) => void,
): Promise<DecisionSink | undefined> {
  if (file === null) return undefined;
  try {
    return await openLogFile({ file, format: LINES[format], maxBytes, keep, onProblem });
  } catch (cause) {
    const message = `cannot write decisions to ${file}: ${messageOf(cause)}`;
    throw new StartError('configuration', [{ severity: 'error', rule: 'unwritable', message }]);
  }
}
