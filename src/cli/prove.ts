import { statSync } from 'node:fs';
import { readFolder } from '../app/proxy-options.ts';
import { accessDiagnostic } from '../commands/prove/access-diagnostic.ts';
import type { ProofResult } from '../commands/prove/proof-result.ts';
import {
  proveDocumentNotGranted,
  proveDocuments,
  proveEquivalent,
  proveNoNewAccess,
  proveNoPublicAccess,
  proveNotGranted,
} from '../commands/prove/prove-claims.ts';
import { readPolicyDocument } from '../commands/prove/read-document.ts';
import { renderProofs } from '../commands/prove/render-proofs.ts';
import { proofsJunit, proofsSarif } from '../commands/prove/report-proofs.ts';
import { version } from '../config/version.ts';
import type { Directory } from '../directory/directory.ts';
import type { NamedPolicy as PolicyDocument } from '../engine/policy-set.ts';
import { StartError } from '../lib/start-error.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { directoryIn } from './policies-folder.ts';
import { readSettings } from './settings.ts';

type Flags = Readonly<Record<string, unknown>>;
/** How results are printed. */
export type Format = keyof typeof FORMATS;

const FORMATS = {
  text: renderProofs,
  json: (results: readonly ProofResult[]) => JSON.stringify(results, null, 2),
  sarif: (results: readonly ProofResult[]) => proofsSarif(results, version),
  junit: proofsJunit,
} as const;

export interface Comparison extends Flags {
  readonly existing: string;
  readonly new: string;
  readonly as?: string;
  readonly format: Format;
}

/** Compares two sets of policies. */
export async function runComparison(
  claim: 'no-new-access' | 'equivalent',
  { existing, new: next, as, format, ...flags }: Comparison,
  io: Invocation,
): Promise<void> {
  if (!isFolder(existing) && !isFolder(next)) {
    if (as !== undefined) throw new CommandError(EXIT.usage, '--as needs folders in --existing and --new');
    const [after, before] = [await documentIn(next), await documentIn(existing)];
    return report([proveDocuments(claim, after, before)], format, io);
  }
  const [after, before] = [await directoryIn(next, flags, io), await directoryIn(existing, flags, io)];
  const names = principalsIn(as, after);
  if (names.length === 0)
    throw new CommandError(EXIT.usage, `${next} has no users and roles: nothing is proved`);
  const proveOne = claim === 'equivalent' ? proveEquivalent : proveNoNewAccess;
  report(
    names.map((name) => found(proveOne(name, after, before))),
    format,
    io,
  );
}

/** Every user and role, where none is named. */
function principalsIn(as: string | undefined, { users, roles }: Directory): readonly string[] {
  if (as !== undefined) return [as];
  return [
    ...[...users.values()].map(({ name }) => `user/${name}`),
    ...[...roles.values()].map(({ name }) => `role/${name}`),
  ];
}

export interface NotGranted extends Flags {
  readonly as?: string;
  readonly policy?: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
  readonly format: Format;
}

/** Proves that no request of some actions on some resources is allowed. */
export async function runNotGranted(
  { as, policy, action, resource, format, ...flags }: NotGranted,
  io: Invocation,
): Promise<void> {
  if ((as === undefined) === (policy === undefined))
    throw new CommandError(EXIT.usage, 'not-granted needs --as <principal> or --policy <file>');
  if (action.length === 0 && resource.length === 0)
    throw new CommandError(EXIT.usage, 'not-granted needs --action <pattern> or --resource <pattern>');
  const access = { actions: action, resources: resource };
  const diagnostic = accessDiagnostic(access);
  if (diagnostic !== undefined) throw new CommandError(EXIT.usage, diagnostic);
  if (policy !== undefined)
    return report([proveDocumentNotGranted(await documentIn(policy), access)], format, io);
  const directory = await readFolder(readSettings(flags, io));
  report([found(proveNotGranted(as ?? '', access, directory))], format, io);
}

/** Proves that a document grants nothing to the public. */
export async function runNoPublicAccess(file: string, format: Format, io: Invocation): Promise<void> {
  report([proveNoPublicAccess(await documentIn(file))], format, io);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** @throws StartError for its diagnostics */
async function documentIn(file: string): Promise<PolicyDocument> {
  const read = await readPolicyDocument(file);
  if (!read.ok) throw new StartError('policies', read.error);
  return read.value;
}

function found(result: { ok: true; value: ProofResult } | { ok: false; error: string }): ProofResult {
  if (!result.ok) throw new CommandError(EXIT.usage, `--as: ${result.error}`);
  return result.value;
}

/** One counterexample decides; without one, one claim that is not decided does. */
function report(results: readonly ProofResult[], format: Format, io: Invocation): void {
  io.stdout.write(`${FORMATS[format](results, io.styles)}\n`);
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.has('FAIL')) io.exitCode = EXIT.expectation;
  else if (verdicts.has('UNKNOWN')) io.exitCode = EXIT.usage;
}
