import type { DocumentNode } from '../../lib/document.ts';

/** Whether a value holds a policy document, as an object or in a string. */
export function holdsPolicy(node: DocumentNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'scalar')
    return typeof node.value === 'string' && /["']Statement["']\s*:/.test(node.text);
  if (node.kind === 'array') return node.items.some(holdsPolicy);
  return node.entries.some(({ key, value }) => key === 'Statement' || holdsPolicy(value));
}
