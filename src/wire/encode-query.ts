import type { ListShape, MapShape, Member, Shape, StructureShape } from '../model/shape.ts';
import { type XmlLines, xmlElement } from './xml.ts';

/** The members of an output structure as elements, in the model's order. */
export function xmlMembers(value: unknown, shape: StructureShape): readonly XmlLines[] {
  const fields = value as Readonly<Record<string, unknown>>;
  return [...shape.members].flatMap(([name, member]) =>
    Object.hasOwn(fields, name) ? xmlMember(fields[name], member) : [],
  );
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
