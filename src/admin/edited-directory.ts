import { createDirectory, type Directory, type DirectoryPolicy } from '../directory/directory.ts';
import { mapPolicies } from '../directory/map-policies.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Steps } from '../lib/steps.ts';
import type { Policy } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parse.ts';
import { formatOf } from './policy-source.ts';
import type { PolicyEdits } from './requests.ts';

/** The findings about one policy that was to replace another. */
export interface EditDiagnostic {
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The directory with edits made to it, in memory only; a step for each policy that is parsed.
 * @returns what is wrong with the edits, by policy
 */
export function* editedDirectory(
  directory: Directory,
  { off, offLayers, replace }: PolicyEdits,
): Steps<Result<Directory, readonly EditDiagnostic[]>> {
  if (off.length + offLayers.length + replace.length === 0) return ok(directory);
  const known = new Map(directory.policies.map((entry) => [entry.policy.name, entry]));
  const diagnostics: EditDiagnostic[] = [];
  const policies = new Map<string, Policy>();
  for (const { name, text } of replace) {
    yield;
    const read = readEdit(known.get(name), name, text);
    if (read.ok) policies.set(name, read.value);
    else diagnostics.push({ name, diagnostics: read.error });
  }
  if (diagnostics.length > 0) return err(diagnostics);
  yield;
  const layers: ReadonlySet<string> = new Set(offLayers);
  const names = new Set(off);
  const edited = mapPolicies(directory, (named, use) => {
    if (layers.has(use) || (names.has(named.name) && use !== 'trustPolicy')) return undefined;
    const policy = policies.get(named.name);
    return policy ? { ...named, policy } : named;
  });
  return ok(withoutLevels(edited, layers));
}

function readEdit(
  entry: DirectoryPolicy | undefined,
  name: string,
  text: string,
): Result<Policy, readonly Diagnostic[]> {
  const refusal = (message: string) => err([{ severity: 'error', rule: 'unknown-policy', message } as const]);
  if (entry === undefined) return refusal(`there is no policy "${name}"`);
  if (entry.owner === 'aws') return refusal(`"${name}" is a policy of AWS and cannot be edited`);
  const parsed = parsePolicy(text, { format: formatOf(entry.policy) });
  return parsed.ok ? ok(parsed.value.policy) : parsed;
}

/** A layer that is switched off does not restrict; levels without policies would deny everything. */
function withoutLevels(directory: Directory, layers: ReadonlySet<string>): Directory {
  const { organization } = directory;
  if (!organization || !(layers.has('serviceControl') || layers.has('resourceControl'))) return directory;
  const { serviceControlPolicies: services, resourceControlPolicies: resources, ...rest } = organization;
  return createDirectory({
    ...directory,
    organization: {
      ...rest,
      ...(services && !layers.has('serviceControl') && { serviceControlPolicies: services }),
      ...(resources && !layers.has('resourceControl') && { resourceControlPolicies: resources }),
    },
  });
}
