import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { authorizeCall, type CallAuthorization } from '../commands/simulate/authorize-call.ts';
import type { Config } from '../config/read-config.ts';
import type { Directory } from '../directory/directory.ts';
import { parseJson } from '../lib/parse-json.ts';
import { CommandError, EXIT } from './exit.ts';

export interface CallToSimulate {
  readonly as: string;
  /** `CreateCampaign` */
  readonly operation: string;
  /** JSON, or a file with it; an empty input unless given. */
  readonly input: string | undefined;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Decides all checks of a call that is not made. @throws CommandError if the call is not one, or not readable */
export async function simulateCall(
  { as, operation, input, context }: CallToSimulate,
  directory: Directory,
  { region, undocumentedChecks }: Config,
): Promise<CallAuthorization> {
  const source = {
    directory: () => directory,
    // No resource of the call exists anywhere: none has tags.
    tags: { where: 'here', read: () => undefined },
    region,
    undocumentedChecks,
    clock: Date.now,
  } as const;
  const call = { operation, input: await readInput(input) };
  const answer = await authorizeCall(source, as, call, { context });
  if (!answer.ok) throw new CommandError(EXIT.usage, answer.error);
  return answer.value;
}

async function readInput(given: string | undefined): Promise<object> {
  if (given === undefined) return {};
  const isJson = given.trimStart().startsWith('{');
  if (!isJson && !existsSync(given))
    throw new CommandError(EXIT.usage, `--input: there is no file ${given}; pass a file or a JSON object`);
  try {
    const value = parseJson(isJson ? given : await readFile(given, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new CommandError(EXIT.usage, `--input: invalid JSON: ${(cause as Error).message}`);
  }
  throw new CommandError(EXIT.usage, '--input: the input of a call is a JSON object');
}
