import type { DocumentNode, TextPosition } from '../../../lib/document.ts';
import { itemsOf, memberOf } from '../../../lib/document.ts';
import { Report } from '../../../policy/report.ts';
import { Conditions } from './conditions.ts';
import { parameterValue } from './parameters.ts';
import { ALREADY_REPORTED, References } from './references.ts';
import { entryIn, type TemplateInput, textNode } from './template.ts';

/** `AWS::NoValue`: the property that has it is not there. */
const NO_VALUE: DocumentNode = { kind: 'scalar', value: null, text: 'AWS::NoValue' };

type Evaluated = DocumentNode | undefined;
type Intrinsic = (argument: DocumentNode, position: TextPosition | undefined) => Evaluated;

/**
 * Works out what a template says, without the intrinsic functions. What only a deployment knows is told with its place
 * and never made up: the value is then `undefined`.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export class Evaluator {
  readonly references: References;
  readonly conditions: Conditions;
  readonly #input: TemplateInput;
  readonly #report: Report;
  readonly #reported = new Set<string>();

  constructor(input: TemplateInput, report: Report) {
    this.#input = input;
    this.#report = report;
    this.references = new References(input, (node) => this.evaluate(node));
    this.conditions = new Conditions(input.template, {
      evaluate: (node) => this.evaluate(node),
      refuse: (message, position) => this.refuse(message, position),
    });
  }

  evaluate(node: DocumentNode): Evaluated {
    const value = this.#evaluate(node);
    return value === NO_VALUE ? undefined : value;
  }

  /** Why a value cannot be evaluated, which is not reported; `undefined` where it can. */
  whyUnknown(node: DocumentNode): string | undefined {
    const report = new Report(undefined);
    // A value of its own: what fails here must be reported where it is needed.
    const value = new Evaluator(this.#input, report).#evaluate(node);
    return value === undefined ? (report.errors[0]?.message ?? 'known to a deployment only') : undefined;
  }

  /** Reports it once: the same reference often occurs in many places. */
  refuse(message: string, position: TextPosition | undefined): undefined {
    if (message !== ALREADY_REPORTED && !this.#reported.has(message))
      this.#report.error('unresolved', message, position);
    this.#reported.add(message);
    return undefined;
  }

  #evaluate(node: DocumentNode): Evaluated {
    if (node.kind === 'scalar') return this.#plainText(node);
    if (node.kind === 'array') {
      const items = node.items.map((item) => this.#evaluate(item));
      const known = items.filter((item) => item !== undefined);
      if (known.length < items.length) return undefined;
      return { ...node, items: known.filter((item) => item !== NO_VALUE) };
    }
    const [only, ...others] = node.entries;
    const position = only?.keyPosition ?? node.position;
    if (only && others.length === 0) {
      const intrinsic = this.#intrinsics[only.key];
      if (intrinsic) return intrinsic(only.value, position);
      if (only.key.startsWith('Fn::'))
        return this.refuse(`${only.key} cannot be worked out without a deployment`, position);
    }
    return this.#object(node);
  }

  #object(node: DocumentNode & { readonly kind: 'object' }): Evaluated {
    const entries = node.entries.map((entry) => ({ entry, value: this.#evaluate(entry.value) }));
    if (entries.some(({ value }) => value === undefined)) return undefined;
    return {
      ...node,
      entries: entries.flatMap(({ entry, value }) =>
        value === undefined || value === NO_VALUE ? [] : [{ ...entry, value }],
      ),
    };
  }

  #plainText(node: DocumentNode & { readonly kind: 'scalar' }): Evaluated {
    if (!/\{\{resolve:/.test(node.text)) return node;
    return this.refuse(`the dynamic reference ${node.text} is known to a deployment only`, node.position);
  }

  readonly #intrinsics: Readonly<Record<string, Intrinsic>> = {
    Ref: (argument, position) => this.#ref(textOf(argument), position),
    'Fn::GetAtt': (argument, position) => {
      const [id = '', ...rest] =
        argument.kind === 'array' ? argument.items.map(textOf) : splitOnce(textOf(argument), '.');
      return this.#attribute(id, rest.join('.'), position);
    },
    'Fn::Sub': (argument, position) => this.#sub(argument, position),
    'Fn::Join': (argument, position) => {
      const [separator, list] = this.#arguments(argument);
      const texts = list?.kind === 'array' ? list.items.map(textOf) : undefined;
      return texts && separator && textNode(texts.join(textOf(separator)), position);
    },
    'Fn::Split': (argument, position) => {
      const [separator, text] = this.#arguments(argument);
      if (!separator || !text) return undefined;
      const items = textOf(text)
        .split(textOf(separator))
        .map((part) => textNode(part, position));
      return { kind: 'array', items };
    },
    'Fn::Select': (argument, position) => {
      const [index, list] = this.#arguments(argument);
      if (!index || !list) return undefined;
      const found = itemsOf(list)[Number(textOf(index))];
      return found ?? this.refuse(`Fn::Select: the list has no item ${textOf(index)}`, position);
    },
    'Fn::FindInMap': (argument, position) => {
      const keys = this.#arguments(argument).map((each) => each && textOf(each));
      const [map = '', first = '', second = ''] = keys;
      if (keys.includes(undefined)) return undefined;
      const mapping = entryIn(this.#input.template, 'Mappings', map)?.value;
      const found = memberOf(memberOf(mapping, first), second);
      return found ?? this.refuse(`Fn::FindInMap: there is no ${map}.${first}.${second}`, position);
    },
    'Fn::If': (argument, position) => {
      const [condition, then, otherwise] = itemsOf(argument);
      const holds = condition && this.conditions.holds(textOf(condition), position);
      const chosen = holds === undefined ? undefined : holds ? then : otherwise;
      return chosen && this.#evaluate(chosen);
    },
    'Fn::ImportValue': (argument, position) => {
      const name = this.evaluate(argument);
      if (name === undefined) return undefined;
      const given = this.#input.values.get(textOf(name));
      if (given !== undefined) return textNode(given, position);
      return this.refuse(
        `what another stack exports as ${textOf(name)} is not in this template: give it with --value ${textOf(name)}=VALUE`,
        position,
      );
    },
  };

  #arguments(argument: DocumentNode): readonly Evaluated[] {
    return itemsOf(argument).map((item) => this.evaluate(item));
  }

  #ref(name: string, position: TextPosition | undefined): Evaluated {
    if (name === 'AWS::NoValue') return NO_VALUE;
    const parameter = parameterValue(name, this.#input);
    if (parameter)
      return parameter.ok ? placed(parameter.value, position) : this.refuse(parameter.error, position);
    return this.#given(name, this.references.ref(name), position);
  }

  #attribute(id: string, attribute: string, position: TextPosition | undefined): Evaluated {
    return this.#given(id, this.references.attribute(id, attribute), position);
  }

  #given(id: string, found: ReturnType<References['ref']>, position: TextPosition | undefined): Evaluated {
    if (found === undefined)
      return this.refuse(`there is no parameter and no resource "${id}" in the template`, position);
    if (!found.ok) return this.refuse(found.error, position);
    const condition = memberOf(entryIn(this.#input.template, 'Resources', id)?.value, 'Condition');
    if (condition && this.conditions.holds(textOf(condition), position) === false)
      return this.refuse(`${id} is not made: its condition ${textOf(condition)} does not hold`, position);
    return textNode(found.value, position);
  }

  /** `${Name}`, `${Name.Attribute}`, and `${!Literal}`, which stays `${Literal}`. */
  #sub(argument: DocumentNode, position: TextPosition | undefined): Evaluated {
    const [template, variables] = argument.kind === 'array' ? argument.items : [argument];
    if (template === undefined) return undefined;
    const values = new Map(
      (variables?.kind === 'object' ? variables.entries : []).map(({ key, value }) => [
        key,
        this.evaluate(value),
      ]),
    );
    let isWhole = true;
    const text = textOf(template).replaceAll(/\$\{([^{}]*)\}/g, (_, inside: string) => {
      if (inside.startsWith('!')) return `\${${inside.slice(1)}}`;
      const name = inside.trim();
      const value = values.has(name) ? values.get(name) : this.#variable(name, template.position ?? position);
      isWhole &&= value !== undefined;
      return value ? textOf(value) : '';
    });
    return isWhole ? textNode(text, position) : undefined;
  }

  #variable(name: string, position: TextPosition | undefined): Evaluated {
    const [id = '', attribute] = splitOnce(name, '.');
    return attribute === undefined ? this.#ref(name, position) : this.#attribute(id, attribute, position);
  }
}

const textOf = (node: DocumentNode): string => (node.kind === 'scalar' ? node.text : '');

/** Before and after the first separator. */
function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A value at the position of its reference. */
const placed = (node: DocumentNode, position: TextPosition | undefined): DocumentNode =>
  position === undefined ? node : { ...node, position };
