import type { MemberPath } from '../model/check.ts';
import type { Shape } from '../model/shape.ts';
import { constraintsOf } from './constraint.ts';

/** Whether what an input has at a path keeps the rules of its shape; what it does not have there does. */
export function isValidAt(shape: Shape | undefined, value: unknown, path: MemberPath, from = 0): boolean {
  if (shape === undefined || value === undefined) return true;
  const name = path[from];
  if (name === undefined) return keepsRules(shape, value);
  if (shape.type === 'list')
    return (value as readonly unknown[]).every((item) => isValidAt(shape.member.shape, item, path, from + 1));
  if (shape.type !== 'structure') return true;
  const member = shape.members.get(name)?.shape;
  return isValidAt(member, (value as Readonly<Record<string, unknown>>)[name], path, from + 1);
}

function keepsRules(shape: Shape, value: unknown): boolean {
  for (const { holds } of constraintsOf(shape)) if (!holds(value)) return false;
  return true;
}
