import { type DocumentNode, itemsOf, memberOf } from '../../../lib/document.ts';
import { type TerraformResource, textOf } from './resources.ts';

/** A resource that an expression means, and which of its attributes. */
export interface Target {
  readonly type: string;
  readonly name: string;
  /** Absent where the expression takes the resource as a whole. */
  readonly attribute?: string;
  /** In which module. */
  readonly modules: readonly string[];
}

/**
 * What an attribute refers to that is known after apply only, found in the plan's configuration: through variables and
 * outputs of modules too. `undefined` unless it is one attribute of one resource.
 */
export class Configuration {
  readonly #root: DocumentNode | undefined;

  constructor(document: DocumentNode) {
    this.#root = memberOf(memberOf(document, 'configuration'), 'root_module');
  }

  targetOf(resource: TerraformResource, attribute: string): Target | undefined {
    return this.#follow(this.#expression(resource, attribute), resource.modules, MOST_STEPS);
  }

  /** Whether the configuration says anything of the attribute. */
  sets(resource: TerraformResource, attribute: string): boolean {
    return this.#expression(resource, attribute) !== undefined;
  }

  #expression({ modules, type, name }: TerraformResource, attribute: string): DocumentNode | undefined {
    const found = itemsOf(memberOf(this.#module(modules), 'resources')).find(
      (each) =>
        textOf(memberOf(each, 'mode')) === 'managed' &&
        textOf(memberOf(each, 'type')) === type &&
        textOf(memberOf(each, 'name')) === name,
    );
    return memberOf(memberOf(found, 'expressions'), attribute);
  }

  #follow(
    expression: DocumentNode | undefined,
    modules: readonly string[],
    steps: number,
  ): Target | undefined {
    const [reference, ...others] = mostSpecific(itemsOf(memberOf(expression, 'references')).map(textOf));
    if (reference === undefined || others.length > 0 || steps === 0) return undefined;
    const [first = '', second = '', third] = reference.replaceAll(/\[[^\]]*\]/g, '').split('.');
    if (first === 'var') {
      const [call = ''] = modules.slice(-1);
      const above = modules.slice(0, -1);
      const caller = memberOf(memberOf(this.#module(above), 'module_calls'), call);
      return this.#follow(memberOf(memberOf(caller, 'expressions'), second), above, steps - 1);
    }
    if (first === 'module') {
      const inner = [...modules, second];
      const output = memberOf(memberOf(this.#module(inner), 'outputs'), third ?? '');
      return this.#follow(memberOf(output, 'expression'), inner, steps - 1);
    }
    if (!first.startsWith('aws_')) return undefined;
    return { type: first, name: second, modules, ...(third !== undefined && { attribute: third }) };
  }

  #module(modules: readonly string[]): DocumentNode | undefined {
    return modules.reduce<DocumentNode | undefined>(
      (module, name) => memberOf(memberOf(memberOf(module, 'module_calls'), name), 'module'),
      this.#root,
    );
  }
}

/** A chain of modules that is longer goes in a circle. */
const MOST_STEPS = 50;

/** The plan names `aws_iam_policy.x.arn` and `aws_iam_policy.x` for one reference. */
const mostSpecific = (references: readonly string[]): readonly string[] =>
  references.filter(
    (each) =>
      !references.some(
        (other) => other !== each && (other.startsWith(`${each}.`) || other.startsWith(`${each}[`)),
      ),
  );
