import type { Command } from 'commander';
import { mfaCode, readFolder } from '../index.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readSettings } from './settings.ts';

export function addMfaCode(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('mfa-code')
      .description("print the present code of a user's virtual device; each code counts once")
      .argument('<user>', 'alice, user/alice or an ARN'),
  ).action(async (user: string, flags: Readonly<Record<string, unknown>>) => {
    const code = mfaCode(await readFolder(readSettings(flags, io)), user, Date.now());
    if (!code.ok) throw new CommandError(EXIT.usage, code.error);
    io.stdout.write(`${code.value}\n`);
  });
}
