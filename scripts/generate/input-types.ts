import type { GeneratedMember, GeneratedModel, GeneratedShape } from '../../src/model/generated-model.ts';

/** Where the input types of each model go: to the handlers of its operations. */
export const INPUT_TYPES: readonly { readonly model: string; readonly types: string }[] = [
  ...[
    ['personalize', 'personalize'],
    ['personalize-runtime', 'personalize'],
    ['personalize-events', 'personalize'],
    ['sts', 'sts'],
    ['iam', 'iam'],
  ].map(([name, folder]) => ({
    model: `src/model/generated/${name}.json`,
    types: `src/services/${folder}/generated/${name}.ts`,
  })),
  { model: 'src/services/cloudwatch/model.json', types: 'src/services/cloudwatch/generated/cloudwatch.ts' },
];

/**
 * The inputs of a model's operations as TypeScript: what `wire/` decodes and `validateInput` has accepted. Types only,
 * one line for each operation and structure. Aliases, because an interface is not assignable to `Record<string, unknown>`.
 * @param source the file of the model, for the head of the text
 */
export function inputTypes(model: GeneratedModel, source: string): string {
  const names = new Set<string>();
  const operations = Object.entries(model.operations).map(([name, { input }]) => {
    const shape = input === undefined ? undefined : model.shapes[input];
    return `  readonly ${name}: ${shape ? structureType(shape, model, names) : 'Readonly<Record<string, never>>'};`;
  });
  // A set can grow while it is iterated: structures within structures.
  const structures: string[] = [];
  for (const name of names)
    structures.push(`type ${name} = ${structureType(shapeOf(name, model), model, names)};`);
  return [
    `// Generated from ${source} by \`npm run generate\`; do not edit.`,
    '',
    ...structures.sort(),
    ...(structures.length > 0 ? [''] : []),
    `/** The input of each operation of \`${model.name}\`, decoded and valid. */`,
    `export type ${pascalCase(model.name)}Inputs = {`,
    ...operations,
    '};',
    '',
  ].join('\n');
}

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  boolean: 'boolean',
  timestamp: 'Date',
  blob: 'Uint8Array',
};

function structureType(
  { members = {}, required = [] }: GeneratedShape,
  model: GeneratedModel,
  names: Set<string>,
): string {
  const texts = Object.entries(members).map(([name, member]) => {
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return `readonly ${key}${required.includes(name) ? '' : '?'}: ${typeOf(member, model, names)}`;
  });
  return texts.length > 0 ? `{ ${texts.join('; ')} }` : 'Readonly<Record<string, never>>';
}

/** @param names collects the structures that are meant by their names */
function typeOf(member: GeneratedMember | undefined, model: GeneratedModel, names: Set<string>): string {
  const name = typeof member === 'object' ? member.shape : (member ?? '');
  const shape = shapeOf(name, model);
  switch (shape.type) {
    case 'structure':
      names.add(name);
      return name;
    case 'list': {
      const item = typeOf(shape.member, model, names);
      return item.includes('|')
        ? `readonly (${item})[]`
        : `readonly ${item.startsWith('readonly') ? `(${item})` : item}[]`;
    }
    case 'map':
      return `Readonly<Record<string, ${typeOf(shape.value, model, names)}>>`;
    case 'string':
      return shape.enum ? shape.enum.map((value) => `'${value}'`).join(' | ') : 'string';
    default: {
      const scalar = SCALARS[shape.type];
      if (scalar === undefined) throw new Error(`${model.name}: ${name} has the unknown type ${shape.type}`);
      return scalar;
    }
  }
}

function shapeOf(name: string, model: GeneratedModel): GeneratedShape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`${model.name}: there is no shape ${name}`);
  return shape;
}

/** `personalize-runtime` -> `PersonalizeRuntime` */
const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
