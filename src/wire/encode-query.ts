import type { ListShape, MapShape, Member, Shape, StructureShape } from '../model/shape.ts';
import { type XmlLines, xmlElement } from './xml.ts';

/** Where STS is known to answer in another order than its model's: these come first. */
const FIRST_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  GetCallerIdentityResponse: ['Arn'],
  AssumeRoleResponse: ['AssumedRoleUser'],
};

/** The members of an output structure as elements, in the order in which AWS writes them. */
export function xmlMembers(value: unknown, shape: StructureShape): readonly XmlLines[] {
  const fields = value as Readonly<Record<string, unknown>>;
  const names = new Set([...(FIRST_MEMBERS[shape.name] ?? []), ...shape.members.keys()]);
  return [...names].flatMap((name) => {
    const member = shape.members.get(name);
    return member && Object.hasOwn(fields, name) ? xmlMember(fields[name], member) : [];
  });
}

/** One element; a flattened list or map is as many as it has items. */
function xmlMember(value: unknown, { shape, wireName }: Member): readonly XmlLines[] {
  if (value === undefined || value === null) return [];
  switch (shape.type) {
    case 'structure':
      return [xmlElement(wireName, xmlMembers(value, shape))];
    case 'list':
      return xmlList(value as readonly unknown[], shape, wireName);
    case 'map':
      return xmlMap(value, shape, wireName);
    default:
      return [xmlElement(wireName, scalarText(value, shape))];
  }
}

function xmlList(items: readonly unknown[], shape: ListShape, name: string): readonly XmlLines[] {
  const wireName = shape.flattened ? name : shape.member.wireName;
  const elements = items.flatMap((item) => xmlMember(item, { shape: shape.member.shape, wireName }));
  return shape.flattened ? elements : [xmlElement(name, elements)];
}

function xmlMap(entries: object, shape: MapShape, name: string): readonly XmlLines[] {
  const elements = Object.entries(entries).map(([key, item]) =>
    xmlElement(shape.flattened ? name : 'entry', [
      ...xmlMember(key, shape.key),
      ...xmlMember(item, shape.value),
    ]),
  );
  return shape.flattened ? elements : [xmlElement(name, elements)];
}

function scalarText(value: unknown, { type }: Shape): string {
  switch (type) {
    case 'timestamp':
      return isoSeconds(value instanceof Date ? value : new Date(Number(value) * 1000));
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return String(value);
  }
}

/** `2026-11-24T04:08:00Z`: STS and IAM write no fraction. */
function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
