import type { GeneratedMember, GeneratedModel, GeneratedShape } from './generated-model.ts';

const PROTOCOLS = new Set(['awsJson1.1', 'restJson1', 'awsQuery']);
const SIGNING_NAMES = new Set(['personalize', 'sts', 'iam', 'monitoring', 'access-analyzer']);
const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']);
const SHAPE_TYPES = new Set([
  'structure',
  'list',
  'map',
  'string',
  'integer',
  'long',
  'float',
  'double',
  'boolean',
  'timestamp',
  'blob',
]);

/** Every diagnostic of a generated model, one sentence each: what routing, codecs and validation rely on later without asking. */
export function checkModel(model: GeneratedModel): readonly string[] {
  const diagnostics: string[] = [];
  const must = (holds: boolean, diagnostic: string): void => {
    if (!holds) diagnostics.push(`${model.name}: ${diagnostic}`);
  };
  must(PROTOCOLS.has(model.protocol), `unknown protocol ${model.protocol}`);
  must(SIGNING_NAMES.has(model.signingName), `unknown signing name ${model.signingName}`);
  must(model.protocol !== 'awsJson1.1' || !!model.targetPrefix, 'awsJson1.1 without a target prefix');
  must(model.protocol !== 'awsQuery' || !!model.xmlNamespace, 'awsQuery without an XML namespace');

  for (const [name, { method, path, input, output }] of Object.entries(model.operations)) {
    must(METHODS.has(method), `${name} has the unknown method ${method}`);
    must(
      path.startsWith('/') && !path.includes('{'),
      `${name} has the path ${path}, wanted one without labels`,
    );
    must(model.protocol === 'restJson1' || path === '/', `${name} has the path ${path}, wanted /`);
    for (const shape of [input, output]) {
      if (shape !== undefined) {
        must(model.shapes[shape]?.type === 'structure', `${name} needs the structure ${shape}`);
      }
    }
  }
  for (const [name, shape] of Object.entries(model.shapes)) {
    must(SHAPE_TYPES.has(shape.type), `${name} has the unknown type ${shape.type}`);
    must(shape.type !== 'list' || shape.member !== undefined, `the list ${name} has no member`);
    must(shape.type !== 'map' || (!!shape.key && !!shape.value), `the map ${name} lacks key or value`);
    for (const target of targetsOf(shape)) {
      must(Object.hasOwn(model.shapes, target), `${name} needs the unknown shape ${target}`);
    }
    for (const member of shape.required ?? []) {
      must(Object.hasOwn(shape.members ?? {}, member), `${name} requires the unknown member ${member}`);
    }
  }
  return diagnostics;
}

function targetsOf({ members = {}, member, key, value }: GeneratedShape): readonly string[] {
  return [...Object.values(members), member, key, value]
    .filter((to): to is GeneratedMember => to !== undefined)
    .map((to) => (typeof to === 'string' ? to : to.shape));
}
