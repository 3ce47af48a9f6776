import { parseParts } from '../../engine/variables.ts';
import type { Policy } from '../../policy/ast.ts';

/** The context keys that policies ask for, in conditions and as policy variables; each once, sorted, as first spelled. */
export function contextKeys(policies: readonly Policy[]): readonly string[] {
  const names = new Map<string, string>();
  for (const name of policies.flatMap(keysIn))
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  return [...names.values()].sort();
}

function keysIn({ version, statements }: Policy): readonly string[] {
  const variables = version === '2012-10-17';
  return statements.flatMap(({ resource, conditions }) => {
    const texts = [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)];
    const inTexts = texts
      .flatMap(({ text }) => parseParts(text, variables))
      .flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
    return [...conditions.map(({ key }) => key.text), ...inTexts];
  });
}
