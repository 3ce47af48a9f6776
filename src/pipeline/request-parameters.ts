import type { Stage } from '../calls/service.ts';
import type { Shape, StructureShape } from '../model/shape.ts';
import type { RequestParameters } from '../records/decision-log.ts';
import { bytesMark, HIDDEN, moreItems, omittedInput, shortenedText } from '../records/parameter-marks.ts';
import type { InputValue } from '../wire/input-value.ts';

/** Members that hold a secret, whether or not the model marks them as sensitive. */
const SECRETS: ReadonlySet<string> = new Set(['WebIdentityToken', 'TokenCode', 'EncodedMessage']);

/** CloudTrail limits the size of its records too. */
const MOST_CHARACTERS = 100_000;

/**
 * The input of a request as CloudTrail shows it: members spelled in camelCase, without secrets, without what the model
 * marks as sensitive, and without the bytes of bodies. Nothing where the request was rejected before it was read.
 */
export const requestParameters =
  (stage: Stage): RequestParameters =>
  () => {
    if (!('input' in stage)) return undefined;
    const { input: shape } = stage.route.operation;
    if (shape === undefined) return undefined;
    const shown = shownOf(stage.input, shape);
    return JSON.stringify(shown).length > MOST_CHARACTERS ? omittedInput('too large') : shown;
  };

/** Bytes of a record's parameters, as JSON. */
const MOST_RECORDED = 8_000;
const SHORTENED = [
  { text: 1_000, items: 50 },
  { text: 100, items: 5 },
] as const;

/**
 * The input of a request for its record, so that the call can be asked again: members by the names of the model,
 * without secrets and bytes of bodies; what is long is cut, with a mark that says how much.
 */
export function recordedParameters(stage: Stage): Readonly<Record<string, unknown>> | undefined {
  if (!('input' in stage)) return undefined;
  const { input: shape } = stage.route.operation;
  if (shape === undefined) return undefined;
  if (isShortAndOpen(stage.input, shape)) return stage.input;
  for (const limits of SHORTENED) {
    const shown = shortened(stage.input, shape, limits);
    if (shown) return shown;
  }
  return omittedInput(`more than ${MOST_RECORDED} bytes`);
}

/** Of a member in JSON: quotes, colon and comma, and an escape for each character. */
const BYTES_OF_MEMBER = 32;
const BYTES_OF_CHARACTER = 6;

/** Whether an input is recorded as it is, as most are: nothing of it is hidden or cut. Decided without serializing it. */
function isShortAndOpen(input: InputValue, shape: StructureShape): boolean {
  const [limits] = SHORTENED;
  let bytes = 0;
  const isOpen = (value: unknown, of: Shape | undefined): boolean => {
    bytes += BYTES_OF_MEMBER;
    if (bytes > MOST_RECORDED || (of !== undefined && 'sensitive' in of && of.sensitive)) return false;
    if (typeof value === 'string') {
      bytes += value.length * BYTES_OF_CHARACTER;
      return value.length <= limits.text && bytes <= MOST_RECORDED;
    }
    if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
    if (value instanceof Uint8Array || value instanceof Date) return false;
    if (Array.isArray(value)) {
      const item = of?.type === 'list' ? of.member.shape : undefined;
      return value.length <= limits.items && value.every((each) => isOpen(each, item));
    }
    const members = of?.type === 'structure' ? of.members : undefined;
    for (const name in value) {
      bytes += name.length * BYTES_OF_CHARACTER;
      if (SECRETS.has(name)) return false;
      if (!isOpen((value as InputValue)[name], members?.get(name)?.shape)) return false;
    }
    return true;
  };
  return isOpen(input, shape);
}

/**
 * An input with its lists and texts cut; `undefined` if it is too long all the same. It is walked no further than that is
 * known: a large input costs no more than a record's worth of it.
 */
function shortened(
  input: InputValue,
  shape: StructureShape,
  limits: (typeof SHORTENED)[number],
): Readonly<Record<string, unknown>> | undefined {
  /** At least so many bytes are needed: one for each value and each character. */
  let bytes = 0;
  const shorten = (value: unknown, of: Shape | undefined): unknown => {
    if (bytes > MOST_RECORDED) return undefined;
    bytes += 1;
    if (of !== undefined && 'sensitive' in of && of.sensitive) return HIDDEN;
    if (value instanceof Uint8Array) return bytesMark(value.length);
    if (typeof value === 'string') {
      const text = shortenedText(value, limits.text);
      bytes += text.length;
      return text;
    }
    if (Array.isArray(value)) {
      const item = of?.type === 'list' ? of.member.shape : undefined;
      const shown = value.slice(0, limits.items).map((each) => shorten(each, item));
      const more = value.length - shown.length;
      return more > 0 ? [...shown, moreItems(more)] : shown;
    }
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    const members = of?.type === 'structure' ? of.members : undefined;
    const shown: [string, unknown][] = [];
    for (const name in value) {
      const member = (value as InputValue)[name];
      if (member === undefined) continue;
      bytes += name.length;
      if (bytes > MOST_RECORDED) break;
      shown.push([name, SECRETS.has(name) ? HIDDEN : shorten(member, members?.get(name)?.shape)]);
    }
    return Object.fromEntries(shown);
  };
  const shown = shorten(input, shape) as Readonly<Record<string, unknown>>;
  return bytes <= MOST_RECORDED && Buffer.byteLength(JSON.stringify(shown)) <= MOST_RECORDED
    ? shown
    : undefined;
}

function shownOf(value: unknown, shape: Shape | undefined): unknown {
  if (shape !== undefined && 'sensitive' in shape && shape.sensitive) return HIDDEN;
  if (value instanceof Uint8Array) return bytesMark(value.length);
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.member.shape : undefined;
    return value.map((each) => shownOf(each, item));
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = shape?.type === 'structure' ? shape.members : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      members === undefined ? name : name.charAt(0).toLowerCase() + name.slice(1),
      SECRETS.has(name) ? HIDDEN : shownOf(each, members?.get(name)?.shape),
    ]),
  );
}
