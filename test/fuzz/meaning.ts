import { isDeepStrictEqual } from 'node:util';
import { serviceModels } from '../../src/model/load.ts';
import type { Operation, Shape } from '../../src/model/shape.ts';
import { cloudwatchModel } from '../../src/services/cloudwatch/model.ts';
import type { Reading } from './readers.ts';

/** What a request means: its operation, and its input by the model, as JSON. */
export interface Meaning {
  readonly operation: string | undefined;
  readonly input: unknown;
}

const OPERATIONS: readonly Operation[] = [...serviceModels().values(), cloudwatchModel()].flatMap(
  (service) => [...service.operations.values()],
);

/**
 * What a lenient upstream makes of a reading. It is written here once more, and not taken from the program: as little code
 * as does it.
 *
 * @param ignoresCase as Go's and ASP.NET's parsers do
 */
export function meaningOf(
  { path = '', target, query = {}, form = {}, data }: Reading,
  ignoresCase = false,
): Meaning {
  const parameters = Object.fromEntries(
    Object.entries({ ...query, ...form }).map(([key, value]) => [key, single(value)]),
  );
  const [, byPath] = /^\/service\/\w+\/operation\/(\w+)$/.exec(path) ?? [];
  const name = target?.split('.').at(-1) ?? byPath ?? parameters.Action;
  const found = OPERATIONS.find((each) =>
    path !== '/' && byPath === undefined ? each.path === path : each.name === name,
  );
  const shape = found?.input;
  if (shape === undefined) return { operation: found?.name ?? String(name), input: {} };
  const isForm = parameters.Action !== undefined;
  const input = isForm ? fromForm(parameters, '', shape) : fromData(data, shape, ignoresCase);
  return { operation: found?.name, input: input ?? {} };
}

/** Python's lists of one value. */
const single = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 ? value[0] : value);

export const isSameMeaning = (one: Meaning, other: Meaning): boolean => isDeepStrictEqual(one, other);

function fromData(value: unknown, shape: Shape, ignoresCase: boolean): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'structure':
      return defined(
        [...shape.members].map(([name, { shape: member, wireName }]) => {
          const given = Object.entries(value as object).findLast(([key]) =>
            ignoresCase ? key.toLowerCase() === wireName.toLowerCase() : key === wireName,
          );
          return [name, fromData(given?.[1], member, ignoresCase)];
        }),
      );
    case 'map':
      return defined(
        Object.entries(value as object).map(([key, item]) => [
          key,
          fromData(item, shape.value.shape, ignoresCase),
        ]),
      );
    case 'list':
      return Array.isArray(value)
        ? value
            .map((item) => fromData(item, shape.member.shape, ignoresCase))
            .filter((item) => item !== undefined)
        : value;
    default:
      return fromScalar(value, shape);
  }
}

function fromForm(parameters: Readonly<Record<string, unknown>>, at: string, shape: Shape): unknown {
  switch (shape.type) {
    case 'structure': {
      const prefix = at === '' ? '' : `${at}.`;
      if (!Object.keys(parameters).some((name) => name.startsWith(prefix))) return undefined;
      return defined(
        [...shape.members].map(([name, { shape: member, wireName }]) => [
          name,
          fromForm(parameters, prefix + wireName, member),
        ]),
      );
    }
    case 'list': {
      const items: unknown[] = [];
      for (let position = 1; ; position += 1) {
        const item = fromForm(parameters, `${at}.${shape.member.wireName}.${position}`, shape.member.shape);
        if (item === undefined) break;
        items.push(item);
      }
      return items.length > 0 || parameters[at] !== undefined ? items : undefined;
    }
    case 'map': {
      const entries: [string, unknown][] = [];
      for (let position = 1; parameters[`${at}.entry.${position}.key`] !== undefined; position += 1) {
        const entry = `${at}.entry.${position}`;
        entries.push([
          String(parameters[`${entry}.key`]),
          fromForm(parameters, `${entry}.value`, shape.value.shape),
        ]);
      }
      return entries.length > 0 || parameters[at] !== undefined ? defined(entries) : undefined;
    }
    default: {
      const value = parameters[at];
      if (value === undefined) return undefined;
      return fromScalar(value, shape);
    }
  }
}

/** Numbers and times in one form, whichever format they come from; everything else as it is. */
function fromScalar(value: unknown, { type }: Shape): unknown {
  switch (type) {
    case 'integer':
    case 'long':
      return String(Math.trunc(Number(value)));
    case 'float':
    case 'double':
      return String(Number(value));
    case 'boolean':
      return typeof value === 'string' ? value.toLowerCase() === 'true' : value;
    case 'timestamp':
      return Math.round(secondsOf(value) * 1000);
    case 'blob':
      return isRecord(value) ? value.bytes : Buffer.from(String(value), 'base64').toString('hex');
    default:
      return value;
  }
}

function secondsOf(value: unknown): number {
  if (isRecord(value)) return Number(value.timestamp);
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(String(value)) / 1000 : number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** An input that the program decoded, in the form of the readings. */
export function decodedMeaning(operation: string, input: unknown, shape: Shape | undefined): Meaning {
  return { operation, input: shape === undefined ? {} : (plainOf(input, shape) ?? {}) };
}

function plainOf(value: unknown, shape: Shape): unknown {
  if (value instanceof Date) return value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value === undefined) return undefined;
  if (shape.type === 'structure')
    return defined(
      [...shape.members].map(([name, { shape: member }]) => [
        name,
        plainOf((value as Record<string, unknown>)[name], member),
      ]),
    );
  if (shape.type === 'list') return (value as unknown[]).map((item) => plainOf(item, shape.member.shape));
  if (shape.type === 'map')
    return defined(
      Object.entries(value as object).map(([key, item]) => [key, plainOf(item, shape.value.shape)]),
    );
  return fromScalar(value, shape);
}

/** Not through a literal: a key may be `__proto__`. */
function defined(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) if (value !== undefined) object[name] = value;
  return object;
}
