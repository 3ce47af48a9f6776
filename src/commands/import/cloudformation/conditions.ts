import type { DocumentNode, TextPosition } from '../../../lib/document.ts';
import { itemsOf } from '../../../lib/document.ts';
import { entryIn } from './template.ts';

interface ConditionOptions {
  readonly evaluate: (node: DocumentNode) => DocumentNode | undefined;
  readonly refuse: (message: string, position: TextPosition | undefined) => undefined;
}

type Truth = boolean | undefined;

/** The conditions of a template; `undefined` if one cannot be evaluated, which was then reported. */
export class Conditions {
  readonly #template: DocumentNode;
  readonly #options: ConditionOptions;
  readonly #known = new Map<string, Truth>();
  /** Those that are being worked out. */
  readonly #open = new Set<string>();

  constructor(template: DocumentNode, options: ConditionOptions) {
    this.#template = template;
    this.#options = options;
  }

  holds(name: string, position: TextPosition | undefined): Truth {
    if (this.#known.has(name)) return this.#known.get(name);
    const entry = entryIn(this.#template, 'Conditions', name);
    if (entry === undefined)
      return this.#options.refuse(`there is no condition "${name}" in the template`, position);
    if (this.#open.has(name))
      return this.#options.refuse(`the condition "${name}" refers to itself`, position);
    this.#open.add(name);
    const truth = this.#truth(entry.value);
    this.#open.delete(name);
    this.#known.set(name, truth);
    return truth;
  }

  #truth(node: DocumentNode): Truth {
    const [only, ...others] = node.kind === 'object' ? node.entries : [];
    const judge = only && others.length === 0 ? this.#functions[only.key] : undefined;
    if (only === undefined || judge === undefined)
      return this.#options.refuse(
        "a condition must be one of CloudFormation's condition functions",
        node.position,
      );
    return judge(only.value, only.keyPosition ?? node.position);
  }

  readonly #functions: Readonly<
    Record<string, (argument: DocumentNode, position: TextPosition | undefined) => Truth>
  > = {
    Condition: (argument, position) => this.holds(textOf(argument), position),
    'Fn::Equals': (argument) => {
      const [left, right] = itemsOf(argument).map((item) => this.#options.evaluate(item));
      return left && right && textOf(left) === textOf(right);
    },
    'Fn::Not': (argument) => {
      const [truth] = this.#truths(argument);
      return truth === undefined ? undefined : !truth;
    },
    'Fn::And': (argument) => {
      const truths = this.#truths(argument);
      return truths.includes(undefined) ? undefined : !truths.includes(false);
    },
    'Fn::Or': (argument) => {
      const truths = this.#truths(argument);
      return truths.includes(undefined) ? undefined : truths.includes(true);
    },
  };

  #truths(argument: DocumentNode): readonly Truth[] {
    return itemsOf(argument).map((item) => this.#truth(item));
  }
}

const textOf = (node: DocumentNode): string => (node.kind === 'scalar' ? node.text : '');
