import { basename, extname } from 'node:path';
import { displayPath, readText } from '../../directory/source-file.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { parsePolicy } from '../../policy/parse.ts';

/** The policy document of a JSON or YAML file, or its diagnostics with their places. */
export async function readPolicyDocument(path: string): Promise<Result<NamedPolicy, readonly Diagnostic[]>> {
  const text = await readText(path);
  if (!text.ok) return err([text.error]);
  const file = displayPath(path);
  const ending = extname(path);
  const parsed = parsePolicy(text.value, { file, format: /^\.ya?ml$/.test(ending) ? 'yaml' : 'json' });
  return parsed.ok ? ok({ name: basename(path, ending), file, policy: parsed.value.policy }) : parsed;
}
