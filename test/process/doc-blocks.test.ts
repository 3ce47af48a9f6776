/** @module-tag clients */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasAwsCli, hasPytest } from '../e2e/clients.ts';
import { ROOT } from '../e2e/command-line.ts';
import { CommandProcess } from './command-process.ts';
import { projectFolder } from './project-folder.ts';

/*
 * Every `sh` block of README and docs/ runs as it is printed, in order, in a folder like the reader's; or the line above it
 * says why not: <!-- not run: REASON -->. <!-- exit codes 0, 4 --> allows these codes. The README's <!-- story --> has a test
 * of its own.
 */

const BLOCK = /(?:<!-- (.*?) -->\n)?```sh\n(.*?)```/gs;
const NEEDED = { aws: hasAwsCli, pytest: hasPytest };

interface Block {
  readonly note: string;
  readonly commands: string;
}

const PAGES = ['README.md', ...globSync('docs/*.md', { cwd: ROOT }).sort()];

const blocksOf = (page: string): readonly Block[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].map(([, note = '', commands = '']) => ({
    note,
    commands,
  }));

const isRun = ({ note, commands }: Block): boolean =>
  !note.startsWith('not run: ') &&
  note !== 'story' &&
  Object.entries(NEEDED).every(
    ([program, isThere]) => isThere || !new RegExp(`\\b${program}\\b`).test(commands),
  );

/** Ends at the first command with another exit code. */
function scriptOf({ note, commands }: Block, port: string): string {
  const codes = /^exit codes ([\d, ]+)$/.exec(note)?.[1] ?? '0';
  const allowed = codes.split(', ').join('|');
  return [
    'set -o pipefail',
    `trap 'code=$?; case $code in ${allowed}) ;; *) echo "exit code $code: $BASH_COMMAND" >&2; exit 1 ;; esac' ERR`,
    commands.replaceAll('127.0.0.1:7377', `127.0.0.1:${port}`),
    // The last command's code is not the block's.
    'true',
  ].join('\n');
}

describe('the sh blocks of the documentation', () => {
  it.each(PAGES.filter((page) => blocksOf(page).some(isRun)))(
    'run as they are printed: %s',
    async (page) => {
      using folder = await projectFolder();
      await using proxy = new CommandProcess(['serve', '--port', '0'], { cwd: folder.path });
      const { port } = new URL(await proxy.ready());
      const env = {
        PATH: `${folder.path}/bin:${process.env.PATH}`,
        HOME: process.env.HOME,
        AUTHZ_PORT: port,
        AUTHZ_DECISIONS_FILE: `${folder.path}/decisions.jsonl`,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'AKIALOCALADMIN000000',
        AWS_SECRET_ACCESS_KEY: 'local-only-secret-of-admin',
        AWS_PAGER: '',
      };
      for (const block of blocksOf(page).filter(isRun)) {
        const shell = spawn('bash', ['-c', scriptOf(block, port)], {
          cwd: folder.path,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let printed = '';
        for (const stream of [shell.stdout, shell.stderr])
          stream.setEncoding('utf8').on('data', (text: string) => {
            printed += text;
          });
        const [code] = await once(shell, 'close');
        expect({ code, commands: block.commands, printed: code === 0 ? '' : printed }).toEqual({
          code: 0,
          commands: block.commands,
          printed: '',
        });
      }
    },
    120_000,
  );
});
