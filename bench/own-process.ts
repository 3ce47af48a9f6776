import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment } from './server-process.ts';

/** The program's young generation (docs/decisions/0004); memory is only told apart from garbage after a collection. */
const FLAGS = ['--max-semi-space-size=4', '--expose-gc'];

/** What a program sends from a process of its own. @throws where it ends without */
export async function fromOwnProcess<Message>(program: URL, ...args: readonly string[]): Promise<Message> {
  const child = fork(fileURLToPath(program), args, {
    env: cleanEnvironment(),
    execArgv: FLAGS,
    // JSON has no NaN.
    serialization: 'advanced',
  });
  let sent: { readonly message: Message } | undefined;
  child.once('message', (message) => {
    sent = { message: message as Message };
  });
  const [code, signal] = await once(child, 'close');
  if (sent === undefined) throw new Error(`${program.pathname} ended with ${signal ?? code}`);
  return sent.message;
}
