import { readFolder } from '../app/proxy-options.ts';
import { mfaCode } from '../commands/mfa-code/mfa-code.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readSettings } from './settings.ts';

/** Prints the current code of a user's virtual MFA device. @throws CommandError if the user has none */
export async function printMfaCode(
  user: string,
  flags: Readonly<Record<string, unknown>>,
  io: Invocation,
): Promise<void> {
  const code = mfaCode(await readFolder(readSettings(flags, io)), user, Date.now());
  if (!code.ok) throw new CommandError(EXIT.usage, code.error);
  io.stdout.write(`${code.value}\n`);
}
