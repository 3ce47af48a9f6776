import type { HttpRequest } from '../lib/http-message.ts';

/** Headers by lower-case name, sorted by it. */
export type SignedHeaders = readonly (readonly [name: string, value: string])[];

/** The signed headers that were sent; of one sent several times, all values, with commas between them. */
export function readSignedHeaders({ headers }: HttpRequest, names: readonly string[]): SignedHeaders {
  const signed = new Set(names.map((name) => name.toLowerCase()));
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (!signed.has(lower)) continue;
    const before = values.get(lower);
    values.set(lower, before === undefined ? value : `${before.trim()},${value.trim()}`);
  }
  return [...values.keys()].sort().map((name) => [name, values.get(name) ?? '']);
}

/** Whether the list names what was sent, in lower case, sorted and each once: else it cannot be what was signed. */
export const isSignedList = (names: readonly string[], sent: SignedHeaders): boolean =>
  names.length === sent.length && names.every((name, index) => name === sent[index]?.[0]);

const NO_BREAK_SPACE = '\u00a0';
/** Stands for a no-break space that aws4 would fold. No header holds it: headers are Latin-1. */
const KEPT_SPACE = '\ue000';
const DISPUTED_BLANK = /[\u0085\u00a0]/;

/** How a signer saw the white space outside ASCII in a header: makes aws4 see it so. */
export type BlankReading = (value: string) => string;

const asAws4: BlankReading = (value) => value;
const asJavaScriptSdk: BlankReading = (value) => value.replaceAll(NO_BREAK_SPACE, KEPT_SPACE);
const asBotocore: BlankReading = (value) => value.replaceAll('\u0085', ' ');

/** aws4 folds a no-break space, the AWS SDK for JavaScript keeps it, botocore folds a next-line sign too. */
export const blankReadings = (sent: SignedHeaders): readonly BlankReading[] =>
  sent.some(([, value]) => DISPUTED_BLANK.test(value)) ? [asAws4, asJavaScriptSdk, asBotocore] : [asAws4];

/** Puts back into what aws4 made of the headers the spaces that were kept from it. */
export const restoreBlanks = (canonical: string): string => canonical.replaceAll(KEPT_SPACE, NO_BREAK_SPACE);
