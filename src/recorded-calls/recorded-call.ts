import type { ContextValue } from '../engine/request.ts';
import { serviceModels } from '../model/load.ts';
import type { Operation, Shape } from '../model/shape.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { HIDDEN, readParameters } from '../records/parameter-marks.ts';
import { contextOf } from '../records/recorded-context.ts';

/** A recorded call with the input that it was made with. */
export interface RecordedCall {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  /** Paths of what the record does not have as it was sent; empty where the input is complete. */
  readonly incomplete: readonly string[];
}

/**
 * The call of a record, to be made or asked about again. Tags, which records hide, are restored from the context keys that
 * they became.
 * @returns nothing where the record has no input: the request was rejected before it was read, or a service asked
 */
export function recordedCall(record: DecisionRecord): RecordedCall | undefined {
  const { service, operation: name = '', parameters } = record.request;
  const model = [...serviceModels().values()].find((each) => each.name === service);
  const operation = model?.operations.get(name);
  if (operation === undefined || record.checks.length === 0) return undefined;
  const isByService = record.checks.some(
    ({ context }) => context?.['aws:PrincipalServiceName'] !== undefined,
  );
  if (parameters === undefined)
    return operation.input === undefined && !isByService
      ? { operation, input: {}, incomplete: [] }
      : undefined;
  const read = readParameters(parameters);
  if (read === undefined) return undefined;
  const input = asSent(read.input, operation.input) as RecordedCall['input'];
  return { operation, ...withTags({ ...read, input }, keysOfAll(record)) };
}

/** The placeholder for a hidden value that is not a string. */
const EMPTY: Readonly<Partial<Record<Shape['type'], () => unknown>>> = {
  structure: () => ({}),
  map: () => ({}),
  list: () => [],
};

/** The input as JSON has it on the wire: times in seconds, and of what is hidden a value of its type. */
function asSent(value: unknown, shape: Shape | undefined): unknown {
  if (value === HIDDEN && shape !== undefined && shape.type !== 'string') return EMPTY[shape.type]?.();
  if (shape?.type === 'timestamp' && (value instanceof Date || typeof value === 'string'))
    return new Date(value).getTime() / 1000;
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.member.shape : undefined;
    return value.map((each) => asSent(each, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const shapeOf = (name: string): Shape | undefined => {
    if (shape?.type === 'map') return shape.value.shape;
    return shape?.type === 'structure' ? shape.members.get(name)?.shape : undefined;
  };
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const sent = asSent(each, shapeOf(name));
      return sent === undefined ? [] : [[name, sent] as const];
    }),
  );
}

type Context = Readonly<Record<string, ContextValue>>;

/** Every context key of any check of a call. */
const keysOfAll = ({ checks }: DecisionRecord): Context =>
  Object.assign({}, ...checks.map(({ context }) => context ?? {}));

const REQUEST_TAG = 'aws:RequestTag/';
const TAG_KEYS = 'aws:TagKeys';

function withTags(
  { input, incomplete }: Pick<RecordedCall, 'input' | 'incomplete'>,
  context: Context,
): Pick<RecordedCall, 'input' | 'incomplete'> {
  const tags = Object.entries(context)
    .filter(([key]) => key.startsWith(REQUEST_TAG))
    .map(([key, tagValue]) => ({ tagKey: key.slice(REQUEST_TAG.length), tagValue }));
  const restored: Readonly<Record<string, readonly unknown[]>> = {
    tags,
    tagKeys: [context[TAG_KEYS] ?? []].flat(),
  };
  const known = Object.entries(restored).filter(
    ([member, values]) =>
      incomplete.some((path) => path.startsWith(`${member}[`)) &&
      !incomplete.includes(member) &&
      [input[member]].flat().length === values.length,
  );
  const names = new Set(known.map(([member]) => member));
  return {
    input: { ...input, ...Object.fromEntries(known) },
    incomplete: incomplete.filter((path) => !names.has(path.split('[', 1)[0] ?? '')),
  };
}

/**
 * Context keys that come from where and how a call was made rather than from who made it or what it asks for: they stay when
 * another principal makes the same call.
 */
const OF_CONNECTION =
  /^aws:(?:SourceIp|SourceVpc\w*|Vpc\w+|SecureTransport|UserAgent|Referer|CurrentTime|EpochTime)$/;

/** The same and those of the resources, for a check of the call. */
export function connectionKeys(record: DecisionRecord, check = record.checks[0]): Context {
  if (check === undefined) return {};
  return Object.fromEntries(
    Object.entries(contextOf(record, check)).filter(
      ([key]) => OF_CONNECTION.test(key) || key.startsWith('aws:ResourceTag/'),
    ),
  );
}
