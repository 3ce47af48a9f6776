import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cli, ROOT } from '../e2e/command-line.ts';
import { editsWith, TEXT_STRINGS } from './arbitraries.ts';
import { type Edit, edited, type Target, withinBound } from './targets.ts';

interface FileCase {
  readonly file: string;
  readonly command: string;
  readonly edits: readonly Edit[];
}

/** Every file that a person writes or a proxy keeps, by the commands that read it without a server. */
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  'config/proxy.yaml': ['lint', 'simulate'],
  'config/principals.yaml': ['lint', 'simulate', 'coverage', 'generate'],
  'config/lint.yaml': ['lint'],
  'policies/personalize-full-access.json': ['lint', 'simulate', 'replay', 'tighten'],
  'policies/get-recommendations.json': ['lint', 'test'],
  'tests/shop.yaml': ['test'],
  'account.json': ['import'],
  'question.jsonl': ['evaluate'],
  'decisions.jsonl': ['replay', 'coverage', 'explain', 'generate', 'tighten'],
  'cloudtrail.jsonl': ['replay', 'coverage', 'explain', 'generate', 'tighten'],
};

const COMMANDS: Readonly<Record<string, (log: string) => readonly string[]>> = {
  lint: () => ['lint'],
  simulate: () => ['simulate', '--preset', 'console', '--as', 'alice'],
  test: () => ['test', 'tests'],
  import: () => ['import', 'account.json', '--out', 'imported', '--force'],
  evaluate: () => ['evaluate'],
  replay: (log) => ['replay', '--decisions', log],
  coverage: (log) => ['coverage', '--decisions', log],
  explain: (log) => ['explain', '--decisions', log],
  generate: (log) => ['generate', '--decisions', log, '--as', 'alice'],
  tighten: (log) => ['tighten', 'personalize-full-access', '--decisions', log],
};

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** A folder with all of these files, as they are when nothing is wrong. */
export async function fileFolder(files: Readonly<Record<string, string>>): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'authz-fuzz-'));
  for (const folder of ['config', 'policies'])
    await cp(join(ROOT, folder), join(path, folder), { recursive: true });
  await mkdir(join(path, 'tests'), { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Files of each kind, edited, through each offline command. */
export const fileTarget = ({ path }: Folder): Target<FileCase> => ({
  name: 'files',
  cases: fc.constantFrom(...Object.keys(READ_BY)).chain((file) =>
    fc.record({
      file: fc.constant(file),
      command: fc.constantFrom(...(READ_BY[file] ?? [])),
      edits: editsWith(TEXT_STRINGS),
    }),
  ),
  check: async ({ file, command, edits }) => {
    const place = join(path, file);
    const whole = await readFile(place);
    const text = edited(whole, edits);
    const log = file === 'cloudtrail.jsonl' ? file : 'decisions.jsonl';
    await writeFile(place, text);
    try {
      const stdin = command === 'evaluate' ? text.toString() : '';
      const args = COMMANDS[command]?.(log) ?? [];
      const { code, stderr } = await withinBound(command, cli(args, { cwd: path, stdin }));
      // What a person did wrong is said in a sentence; a stack is a diagnostic of the program.
      if (code === null || /^\s+at .*:\d+:\d+\)?$/m.test(stderr))
        throw new Error(`${command} failed: ${stderr.slice(0, 3000)}`);
    } finally {
      await writeFile(place, whole);
    }
  },
});
