import { type DocumentNode, duplicateKeys, fromValue, toValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { readPlainValue } from '../lib/plain-yaml.ts';
import type { Result } from '../lib/result.ts';
import { checkSchema, type PlaceOf, placesIn } from '../lib/schema-diagnostics.ts';
import { readYaml } from '../lib/yaml-position.ts';
import { type Principals, principalsSchema } from './principals-schema.ts';
import { checkPrincipals } from './references.ts';

/** `principals.yaml`, and everything that is wrong with it regardless of the policies. */
export interface PrincipalsDocument {
  /** The entries with their defaults; `undefined` if their form is not valid. */
  readonly principals: Principals | undefined;
  /** What references are checked in: the entries, or the document as it is if their form is not valid. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  readonly placeOf: PlaceOf;
}

/**
 * The document of a file. Only its text and its entries are kept: positions are looked for if there is something
 * to report.
 */
export function readPrincipals(text: Result<string, Diagnostic>, file: string): PrincipalsDocument {
  if (!text.ok) return check({}, placesIn(fromValue({}), file), [text.error]);
  const plain = readPlainValue(text.value);
  if (plain) return check(plain.value, placesOnDemand(text.value, file), []);
  const read = readYaml(text.value, file);
  if (!read.ok) return check({}, placesIn(fromValue({}), file), read.error);
  return check(toValue(read.value), placesOnDemand(text.value, file), duplicateKeys(read.value, file));
}

/** The same for an object: errors have a path in the object instead of a line. */
export const principalsOf = (value: unknown): PrincipalsDocument => {
  const document = fromValue(value);
  return check(toValue(document), placesIn(document), []);
};

function check(value: unknown, placeOf: PlaceOf, diagnostics: readonly Diagnostic[]): PrincipalsDocument {
  const checked = checkSchema(principalsSchema, value, placeOf);
  return {
    principals: checked.ok ? checked.value : undefined,
    value: checked.ok ? checked.value : value,
    diagnostics: [...diagnostics, ...(checked.ok ? [] : checked.error), ...checkPrincipals(value, placeOf)],
    placeOf,
  };
}

/** The document with its positions is large, and it is seldom needed: it may be collected at any time. */
function placesOnDemand(text: string, file: string): PlaceOf {
  let parsed: WeakRef<DocumentNode> | undefined;
  const document = (): DocumentNode => {
    const known = parsed?.deref();
    if (known !== undefined) return known;
    const read = readYaml(text);
    const made = read.ok ? read.value : fromValue({});
    parsed = new WeakRef(made);
    return made;
  };
  return (path, part) => placesIn(document(), file)(path, part);
}
