import type { ListShape, MapShape, Shape, StructureShape } from '../model/shape.ts';
import { foldCase, miscasedMember } from './json-readings.ts';

/** `;` separates parameters for some parsers, bytes outside ASCII and control characters depend on a charset. */
const PLAIN = /^[ !"#$%&'()*+,\-./0-9:<=>?@A-Z[\\\]^_`a-z{|}~]*$/;
/** `a[b]` is a list or a map for some parsers, and PHP's `_` is also what a `.` was. */
const NAME = /^[A-Za-z0-9.-]+$/;
const POSITION = /^[1-9]\d{0,5}$/;

/** Characters that a query must not contain: a URL parser ends the query at them. */
const FRAGMENT = '#';

class Ambiguous extends Error {}

/**
 * What of a query and a form two parsers of AWS's query protocol could read differently: a parameter given twice (also
 * where only the case differs), an escape that is broken or not UTF-8, a name that some parsers take apart otherwise, a
 * list whose numbers have gaps. STS and IAM, which are answered here, read all of that in their own way.
 *
 * @returns `undefined` if there is nothing of it
 */
export function formAmbiguity(query: string, form: string, shape: StructureShape): string | undefined {
  try {
    if (query.includes(FRAGMENT)) throw new Ambiguous('The query has a fragment.');
    const reading = new FormReading(shape);
    for (const encoded of [query, form]) {
      if (!PLAIN.test(encoded)) throw new Ambiguous('Parameters have a character that must be escaped.');
      for (const pair of encoded.split('&')) if (pair !== '') reading.add(pair);
    }
    reading.end();
    return undefined;
  } catch (cause) {
    if (cause instanceof Ambiguous) return cause.message;
    throw cause;
  }
}

interface Parameter {
  readonly name: string;
  readonly parts: readonly string[];
  readonly value: string;
}

/** The names seen so far, and the numbers in each list. */
class FormReading {
  readonly #shape: StructureShape;
  readonly #names = new Set<string>();
  /** By the name before the numbers: how many there are, and the largest. */
  readonly #lists = new Map<string, { readonly seen: Set<number>; largest: number }>();
  /** Lists and maps that were explicitly empty. */
  readonly #empty: string[] = [];

  constructor(shape: StructureShape) {
    this.#shape = shape;
  }

  add(pair: string): void {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (!NAME.test(name)) throw new Ambiguous(`The parameter ${JSON.stringify(name)} is not a name.`);
    const folded = foldCase(name);
    if (this.#names.has(folded)) throw new Ambiguous(`The parameter ${name} is given twice.`);
    this.#names.add(folded);
    this.#place(this.#shape, { name, parts: name.split('.'), value }, 0);
  }

  end(): void {
    for (const [list, { seen, largest }] of this.#lists)
      if (largest !== seen.size) throw new Ambiguous(`The numbers of ${list} have a gap.`);
    for (const name of this.#empty)
      if (this.#lists.has(name)) throw new Ambiguous(`${name} is empty, and is not.`);
  }

  /** Follows a name through the shape; one that the model does not have is left out by every reader. */
  #place(shape: Shape, parameter: Parameter, at: number): void {
    const { name, parts, value } = parameter;
    const part = parts[at];
    const isContainer = shape.type === 'list' || shape.type === 'map';
    if (part === undefined) {
      if (shape.type === 'structure' || (isContainer && value !== '')) throw malformedName(name);
      if (isContainer) this.#empty.push(name);
    } else if (shape.type === 'structure') {
      const miscased = miscasedMember([part], shape);
      if (miscased !== undefined) throw new Ambiguous(miscased);
      const member = [...shape.members.values()].find(({ wireName }) => wireName === part);
      if (member) this.#place(member.shape, parameter, at + 1);
    } else if (isContainer) this.#placeInside(shape, parameter, at);
    else throw malformedName(name);
  }

  #placeInside(shape: ListShape | MapShape, parameter: Parameter, at: number): void {
    const { name, parts } = parameter;
    const holder = parts.slice(0, at).join('.');
    const word = shape.type === 'list' ? shape.member.wireName : 'entry';
    if (!shape.flattened && parts[at] !== word) throw malformedName(name);
    const place = shape.flattened ? at : at + 1;
    this.#number(holder, parts[place], name);
    if (shape.type === 'list') this.#place(shape.member.shape, parameter, place + 1);
    else {
      const side = [shape.key, shape.value].find(({ wireName }) => wireName === parts[place + 1]);
      if (side === undefined) throw malformedName(name);
      this.#place(side.shape, parameter, place + 2);
    }
  }

  #number(holder: string, position: string | undefined, name: string): void {
    if (position === undefined || !POSITION.test(position)) throw malformedName(name);
    const list = this.#lists.get(holder) ?? { seen: new Set(), largest: 0 };
    list.seen.add(Number(position));
    list.largest = Math.max(list.largest, Number(position));
    this.#lists.set(holder, list);
  }
}

const malformedName = (name: string): Ambiguous =>
  new Ambiguous(`The parameter ${name} does not have the form of its member.`);

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new Ambiguous('A parameter has an escape that is broken or not UTF-8.');
  }
}
