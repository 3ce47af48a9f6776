import type { Shape } from '../model/shape.ts';

/**
 * A decoded value as AWS's validation messages print it: `[a, b]`, `{key=value}`, `Tag(tagKey=a)`.
 * AWS prints its Java objects; a structure's own form is not documented.
 */
export function javaText(value: unknown, shape: Shape): string {
  switch (shape.type) {
    case 'list':
      return `[${(value as readonly unknown[]).map((item) => javaText(item, shape.member.shape)).join(', ')}]`;
    case 'map': {
      const entries = Object.entries(value as object);
      return `{${entries.map(([key, item]) => `${key}=${javaText(item, shape.value.shape)}`).join(', ')}}`;
    }
    case 'structure': {
      const fields = value as Readonly<Record<string, unknown>>;
      const given = [...shape.members].filter(([name]) => fields[name] !== undefined);
      const members = given.map(([name, member]) => `${name}=${javaText(fields[name], member.shape)}`);
      return `${shape.name}(${members.join(', ')})`;
    }
    case 'timestamp':
      return (value as Date).toISOString();
    case 'blob':
      return `java.nio.HeapByteBuffer[pos=0 lim=${(value as Uint8Array).length} cap=${(value as Uint8Array).length}]`;
    default:
      return String(value);
  }
}

/** Whether a value of this shape, or anything inside it, is kept out of messages. */
export function isSensitive(shape: Shape, above: readonly Shape[] = []): boolean {
  if ('sensitive' in shape && shape.sensitive === true) return true;
  if (above.includes(shape)) return false;
  const inside = (next: Shape): boolean => isSensitive(next, [...above, shape]);
  switch (shape.type) {
    case 'list':
      return inside(shape.member.shape);
    case 'map':
      return inside(shape.key.shape) || inside(shape.value.shape);
    case 'structure':
      return [...shape.members.values()].some((member) => inside(member.shape));
    default:
      return false;
  }
}
