import type { Shape } from '../model/shape.ts';

/** An output value as its shape has it in JSON; `JSON.stringify` leaves out what is `undefined`. */
export function jsonValue(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.type) {
    case 'structure': {
      const fields = value as Readonly<Record<string, unknown>>;
      const encoded: Record<string, unknown> = {};
      for (const [name, { shape: member, wireName }] of shape.members)
        if (Object.hasOwn(fields, name)) encoded[wireName] = jsonValue(fields[name], member);
      return encoded;
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => jsonValue(item, shape.member.shape) ?? null);
    case 'map':
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, jsonValue(item, shape.value.shape)]),
      );
    case 'timestamp':
      return value instanceof Date ? value.getTime() / 1000 : value;
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'float':
    case 'double':
      return Number.isFinite(value) ? value : String(value);
    default:
      return value;
  }
}
