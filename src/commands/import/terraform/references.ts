import { type DocumentNode, itemsOf, memberOf } from '../../../lib/document.ts';
import { type TerraformResource, textOf } from './resources.ts';

/** A resource or data source that an expression means, and which of its attributes. */
export interface Target {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Absent where the expression takes the resource as a whole. */
  readonly attribute?: string;
  /** Which of several, where the expression says it. */
  readonly key?: string;
  /** In which module. */
  readonly modules: readonly string[];
}

/** From where an expression is read. */
export type Place = Pick<TerraformResource, 'modules' | 'type' | 'name' | 'key'> & {
  readonly mode?: Target['mode'];
};

/**
 * What an attribute refers to that is known after apply only, found in the plan's configuration: through variables and
 * outputs of modules, and through `count` and `for_each` over resources.
 */
export class Configuration {
  readonly #root: DocumentNode | undefined;

  constructor(document: DocumentNode) {
    this.#root = memberOf(memberOf(document, 'configuration'), 'root_module');
  }

  /** The expression of an attribute as the plan writes it: a constant, references, or blocks. */
  expression(place: Place, attribute: string): DocumentNode | undefined {
    return memberOf(memberOf(this.#resource(place), 'expressions'), attribute);
  }

  /** Every target that an expression refers to; `undefined` where one of them cannot be followed. */
  targetsOf(expression: DocumentNode | undefined, place: Place): readonly Target[] | undefined {
    const references = mostSpecific(itemsOf(memberOf(expression, 'references')).map(textOf));
    const own = references.filter((each) => OWN_KEY.test(each));
    const others = references.filter((each) => !OWN_KEY.test(each));
    const key = own.length > 0 && others.length === 1 ? place.key : undefined;
    const targets = others.map((each) =>
      this.#follow(each, { place, ...(key !== undefined && { key }) }, MOST_STEPS),
    );
    return targets.every((each) => each !== undefined) && targets.length > 0 ? targets : undefined;
  }

  #resource({ modules, mode = 'managed', type, name }: Place) {
    return itemsOf(memberOf(this.#module(modules), 'resources')).find(
      (each) =>
        textOf(memberOf(each, 'mode')) === mode &&
        textOf(memberOf(each, 'type')) === type &&
        textOf(memberOf(each, 'name')) === name,
    );
  }

  #follow(
    reference: string,
    from: { readonly place: Place; readonly key?: string },
    steps: number,
  ): Target | undefined {
    if (steps === 0) return undefined;
    const { place } = from;
    const { modules } = place;
    const { names, key = from.key } = partsOf(reference);
    const [first = '', second = '', third] = names;
    const next = (expression: DocumentNode | undefined, within: readonly string[]): Target | undefined => {
      const [only, ...more] = mostSpecific(itemsOf(memberOf(expression, 'references')).map(textOf));
      if (only === undefined || more.length > 0) return undefined;
      return this.#follow(only, { place: { ...place, modules: within } }, steps - 1);
    };
    if (first === 'each' && second === 'value') {
      const over = next(memberOf(this.#resource(place), 'for_each_expression'), modules);
      if (over === undefined || over.attribute !== undefined || place.key === undefined) return undefined;
      return { ...over, key: place.key, ...(third !== undefined && { attribute: third }) };
    }
    if (first === 'var') {
      const [call = ''] = modules.slice(-1);
      const above = modules.slice(0, -1);
      const caller = memberOf(memberOf(this.#module(above), 'module_calls'), call);
      return next(memberOf(memberOf(caller, 'expressions'), second), above);
    }
    if (first === 'module') {
      const inner = [...modules, second];
      const output = memberOf(memberOf(this.#module(inner), 'outputs'), third ?? '');
      return next(memberOf(output, 'expression'), inner);
    }
    const [type = '', name = '', attribute] = first === 'data' ? names.slice(1) : names;
    if (!type.startsWith('aws_')) return undefined;
    return {
      mode: first === 'data' ? 'data' : 'managed',
      type,
      name,
      modules,
      ...(attribute !== undefined && { attribute }),
      ...(key !== undefined && { key }),
    };
  }

  #module(modules: readonly string[]): DocumentNode | undefined {
    return modules.reduce<DocumentNode | undefined>(
      (module, name) => memberOf(memberOf(memberOf(module, 'module_calls'), name), 'module'),
      this.#root,
    );
  }
}

/** A longer chain of modules is circular. */
const MOST_STEPS = 50;

/** Which of several the resource itself is. */
const OWN_KEY = /^(?:each\.key|count\.index)$/;

/** `aws_iam_user.who["a.b"].name` as its names and its key. */
function partsOf(reference: string): { readonly names: readonly string[]; readonly key?: string } {
  const keys = [...reference.matchAll(/\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]/g)];
  const key = keys.map(([, text, number]) => text ?? number).at(-1);
  const names = reference.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '').split('.');
  return { names, ...(key !== undefined && { key }) };
}

/** The plan names `aws_iam_policy.x.arn` and `aws_iam_policy.x` for one reference. */
function mostSpecific(references: readonly string[]): readonly string[] {
  const distinct = [...new Set(references)];
  return distinct.filter(
    (each) => !distinct.some((other) => other.startsWith(`${each}.`) || other.startsWith(`${each}[`)),
  );
}
