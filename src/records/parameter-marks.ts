/* The placeholders in the parameters of a record for what is not recorded: one file writes and finds them. */

/** In place of a secret, and of what a service model marks as sensitive; CloudTrail writes the same. */
export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** The beginning of a text, and how much is missing. */
export const shortenedText = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more characters)`;

/** The last item of a list that was cut. */
export const moreItems = (count: number): string => `… (${count} more)`;

/** In place of a body. */
export const bytesMark = (count: number): string => `${count} bytes`;

/** In place of an input that is too large for a record. */
export const omittedInput = (reason: string): Readonly<Record<string, unknown>> => ({ omitted: reason });

const SHORTENED = /… \(\d+ more characters\)$/;
const MORE_ITEMS = /^… \(\d+ more\)$/;
const BYTES = /^\d+ bytes$/;

/** Recorded parameters as the input of a call, and the paths of what is not as it was sent. */
export interface ReadParameters {
  readonly input: Readonly<Record<string, unknown>>;
  /** `tags[0].tagKey`; empty where the input is complete. A caller that sends such a mark makes its own call incomplete. */
  readonly incomplete: readonly string[];
}

/** `undefined` where all of the input was omitted. */
export function readParameters(parameters: Readonly<Record<string, unknown>>): ReadParameters | undefined {
  const names = Object.keys(parameters);
  if (names.length === 1 && names[0] === 'omitted' && typeof parameters.omitted === 'string')
    return undefined;
  const incomplete: string[] = [];
  const input = withoutMarks(parameters, '', incomplete) as ReadParameters['input'];
  return { input, incomplete };
}

/** A cut list loses its mark, a body is left out, a cut or hidden text stays: what is asked needs a value of its type. */
function withoutMarks(value: unknown, path: string, incomplete: string[]): unknown {
  if (typeof value === 'string') {
    if (value === HIDDEN || SHORTENED.test(value) || BYTES.test(value)) incomplete.push(path);
    return BYTES.test(value) ? undefined : value;
  }
  if (Array.isArray(value)) {
    const isCut = typeof value.at(-1) === 'string' && MORE_ITEMS.test(value.at(-1));
    if (isCut) incomplete.push(path);
    return (isCut ? value.slice(0, -1) : value).map((each, index) =>
      withoutMarks(each, `${path}[${index}]`, incomplete),
    );
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const kept = withoutMarks(each, path === '' ? name : `${path}.${name}`, incomplete);
      return kept === undefined ? [] : [[name, kept] as const];
    }),
  );
}
