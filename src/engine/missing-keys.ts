import type { Statement } from '../policy/ast.ts';
import type { CompiledPolicies } from './compile.ts';
import type { RequestContext } from './request.ts';
import { parseParts } from './variables.ts';

/** A context that records the keys that were looked up and are missing. */
export interface RecordedContext {
  readonly context: RequestContext;
  /** The missing keys, sorted, as spelled in the policies. */
  readonly missingKeys: (policies: CompiledPolicies) => readonly string[];
}

export function recordMissing(context: RequestContext): RecordedContext {
  const missing = new Set<string>();
  const get: RequestContext['get'] = (key) => {
    const value = context.get(key);
    if (value === undefined) missing.add(key);
    return value;
  };
  return {
    context: { get },
    missingKeys: (policies) => {
      const spellings = new Map(namesIn(policies).map((name) => [name.toLowerCase(), name]));
      return [...missing].map((key) => spellings.get(key) ?? key).sort();
    },
  };
}

const namesIn = ({ layers }: CompiledPolicies): readonly string[] =>
  layers.flatMap(({ statements }) =>
    statements.flatMap(({ statement }) => namesInStatement(statement.source)),
  );

/** The keys of conditions, and those used as policy variables. */
export function namesInStatement({ resource, conditions }: Statement): readonly string[] {
  const texts = [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)];
  const variables = texts
    .flatMap(({ text }) => parseParts(text, true))
    .flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
  return [...variables, ...conditions.map(({ key }) => key.text)];
}
