import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ReadDirectoryOptions } from '../../../src/directory/read-directory.ts';
import { accountId } from '../../../src/lib/identifiers.ts';

export const ACCOUNT = accountId('123456789012');

/** A policy that allows one action everywhere. */
export const allow = (action: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  });

export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** How to read `principals.yaml` and `policies/` of this folder. */
  readonly options: ReadDirectoryOptions;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

/** A folder with these files, removed at the end of the block. */
export async function temporaryFolder(files: Readonly<Record<string, string>>): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'authz-')));
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  await mkdir(join(path, 'policies'));
  await write(files);
  return {
    path,
    options: {
      principalsFile: join(path, 'principals.yaml'),
      policiesFolder: join(path, 'policies'),
      account: ACCOUNT,
      partition: 'aws',
    },
    write,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
