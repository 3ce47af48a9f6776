import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { DirectoryReader, readDirectory } from '../../../src/directory/read-directory.ts';
import {
  type DirectorySource,
  fixedDirectory,
  type ReadResult,
  watchFiles,
} from '../../../src/directory/watch-files.ts';
import type { Diagnostic } from '../../../src/lib/errors.ts';
import { allow, type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

interface Watched {
  readonly folder: TemporaryFolder;
  readonly source: DirectorySource;
  /** Resolves to the first state, this one or a later one, that satisfies the predicate. */
  reloadedTo(wanted: (directory: Directory) => boolean): Promise<Directory>;
  reloadedWith(user: string): Promise<Directory>;
  nextProblem(): Promise<readonly Diagnostic[]>;
}

async function watched(files: Readonly<Record<string, string>>, read?: () => Promise<ReadResult<Directory>>) {
  const folder = await temporaryFolder(files);
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const reloads = new Set<(directory: Directory) => void>();
  const problems = new Set<(diagnostics: readonly Diagnostic[]) => void>();
  const { principalsFile, policiesFolder } = folder.options;
  const reader = new DirectoryReader(folder.options);
  const result = await watchFiles(
    read ?? ((all, changed) => reader.read(all, changed)),
    [principalsFile, policiesFolder],
    {
      onReload: (directory) => reloads.forEach((listener) => void listener(directory)),
      onProblem: (diagnostics) => problems.forEach((listener) => void listener(diagnostics)),
      settleMillis: 40,
      pollMillis: 100,
    },
  );
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const source = result.value;
  onTestFinished(() => source.close());
  const reloadedTo: Watched['reloadedTo'] = (wanted) =>
    new Promise((resolve) => {
      const check = (directory: Directory): unknown => wanted(directory) && resolve(directory);
      reloads.add(check);
      check(source.current());
    });
  return {
    folder,
    source,
    reloadedTo,
    reloadedWith: (user) => reloadedTo(({ users }) => users.has(user)),
    nextProblem: () => new Promise((resolve) => problems.add(resolve)),
  } satisfies Watched;
}

const user = (name: string): string => `users: { ${name}: { managedPolicies: [reader] } }`;
/** Polling is effectively off: only events and `reload` have an effect. */
const NO_POLL = { settleMillis: 1, pollMillis: 60_000 };

const FILES = { 'principals.yaml': user('alice'), 'policies/reader.json': allow('personalize:List*') };

describe('a watched directory', () => {
  it('is an error if the first read fails', async () => {
    await using folder = await temporaryFolder({ 'principals.yaml': 'users: 3' });
    const result = await watchFiles(() => readDirectory(folder.options), [folder.path]);
    expect(result).toMatchObject({ ok: false, error: [{ rule: 'wrong-type', line: 1, column: 8 }] });
  });

  it('follows an edit', async () => {
    const { folder, source, reloadedWith } = await watched(FILES);
    await folder.write({ 'principals.yaml': user('bob') });
    const directory = await reloadedWith('bob');
    expect(source.current()).toBe(directory);
    expect([...directory.users.keys()]).toEqual(['bob']);
  });

  it('does not change a snapshot that was taken', async () => {
    const { folder, source, reloadedWith } = await watched(FILES);
    const before = source.current();
    await folder.write({ 'principals.yaml': user('bob') });
    await reloadedWith('bob');
    expect([...before.users.keys()]).toEqual(['alice']);
  });

  it('keeps the last valid state after an invalid edit, reports it, and recovers', async () => {
    const { folder, source, reloadedWith, nextProblem } = await watched(FILES);
    const good = source.current();
    const problem = nextProblem();
    await folder.write({ 'policies/reader.json': '{' });
    expect(await problem).toMatchObject([{ rule: 'syntax', line: 1, column: 2 }]);
    expect(source.problems()).toEqual(await problem);
    expect(source.current()).toBe(good);

    await folder.write({
      'policies/reader.json': FILES['policies/reader.json'],
      'principals.yaml': user('bob'),
    });
    await reloadedWith('bob');
    expect(source.problems()).toEqual([]);
  });

  it('follows an editor that writes a temporary file and renames it', async () => {
    const { folder, reloadedWith } = await watched(FILES);
    for (const name of ['bob', 'carol']) {
      await folder.write({ 'principals.yaml.tmp': user(name) });
      await rename(join(folder.path, 'principals.yaml.tmp'), join(folder.path, 'principals.yaml'));
      expect([...(await reloadedWith(name)).users.keys()]).toEqual([name]);
    }
  });

  it('follows a burst of edits to its end', async () => {
    const { folder, source, reloadedWith } = await watched(FILES);
    for (let index = 0; index < 50; index += 1)
      await folder.write({ 'principals.yaml': user(`user${index}`) });
    await reloadedWith('user49');
    expect([...source.current().users.keys()]).toEqual(['user49']);
  });

  it('follows a folder that is deleted and created again', async () => {
    const { folder, reloadedWith, nextProblem } = await watched(FILES);
    const problem = nextProblem();
    await rm(join(folder.path, 'policies'), { recursive: true });
    expect(await problem).toContainEqual(expect.objectContaining({ rule: 'unreadable' }));
    await folder.write({ 'policies/reader.json': allow('personalize:*'), 'principals.yaml': user('bob') });
    await reloadedWith('bob');
  });

  it('follows a replaced symbolic link, as in a Kubernetes ConfigMap mount', async () => {
    await using mount = await temporaryFolder({
      '..v1/principals.yaml': user('alice'),
      '..v2/principals.yaml': user('bob'),
      'policies/reader.json': allow('personalize:List*'),
    });
    const at = (name: string): string => join(mount.path, name);
    await symlink('..v1', at('..data'));
    await symlink('..data/principals.yaml', at('principals.yaml'));
    const { promise, resolve } = Promise.withResolvers<Directory>();
    const reader = new DirectoryReader(mount.options);
    const result = await watchFiles<Directory>(
      (files, changed) => reader.read(files, changed),
      [at('principals.yaml'), at('policies')],
      {
        onReload: resolve,
      },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    await using source = result.value;

    await symlink('..v2', at('..data_tmp'));
    await rename(at('..data_tmp'), at('..data'));

    expect([...(await promise).users.keys()]).toEqual(['bob']);
    expect(source.problems()).toEqual([]);
  });

  it('follows a key set outside of the folder', async () => {
    const keys = (kid: string): string => JSON.stringify({ keys: [{ kid }] });
    const provider = 'oidcProviders: [{ url: "https://example.com", jwks: oidc/keys.json }]';
    const { folder, reloadedTo } = await watched({
      'principals.yaml': provider,
      'oidc/keys.json': keys('a'),
    });
    await folder.write({ 'oidc/keys.json': keys('b') });
    await reloadedTo(
      ({ oidcProviders: [found] }) =>
        found !== undefined && 'keys' in found.jwks && found.jwks.keys[0]?.kid === 'b',
    );
  });

  it('does not report a write without a change', async () => {
    const { folder, source, reloadedWith } = await watched(FILES);
    const before = source.current();
    await folder.write(FILES);
    expect(await source.reload()).toEqual({ ok: true, value: before });
    expect(source.current()).toBe(before);
    await folder.write({ 'principals.yaml': user('bob') });
    await reloadedWith('bob');
  });
});

describe('reload', () => {
  it('reads at once and returns the new state', async () => {
    const { folder, source } = await watched(FILES);
    await folder.write({ 'principals.yaml': user('bob') });
    const result = await source.reload();
    expect(result.ok && [...result.value.users.keys()]).toEqual(['bob']);
    expect(result.ok && result.value).toBe(source.current());
  });

  it('returns the errors of an invalid state', async () => {
    const { folder, source } = await watched(FILES);
    await folder.write({ 'principals.yaml': 'users: 3' });
    expect(await source.reload()).toEqual({ ok: false, error: source.problems() });
    expect(source.problems()).toMatchObject([{ rule: 'wrong-type' }]);
  });

  it('never overlaps with another reload', async () => {
    await using folder = await temporaryFolder(FILES);
    let reading = 0;
    let most = 0;
    const read = async (): Promise<ReadResult<Directory>> => {
      reading += 1;
      most = Math.max(most, reading);
      const result = await readDirectory(folder.options);
      reading -= 1;
      return result;
    };
    const { source } = await watched(FILES, read);
    await Promise.all([source.reload(), source.reload(), source.reload()]);
    expect(most).toBe(1);
  });

  /** Reads, and writes this before the read is finished. */
  const readAndWrite =
    (folder: TemporaryFolder, late: string[]) => async (): Promise<ReadResult<Directory>> => {
      const result = await readDirectory(folder.options);
      const text = late.shift();
      if (text !== undefined) await folder.write({ 'principals.yaml': text });
      return result;
    };

  it('reads again after a write during the read', async () => {
    await using folder = await temporaryFolder(FILES);
    const late: string[] = [];
    const watching = await watchFiles(readAndWrite(folder, late), [folder.path], NO_POLL);
    if (!watching.ok) throw new Error(JSON.stringify(watching.error));
    await using source = watching.value;
    late.push('users: 3', user('bob'));
    const result = await source.reload();
    expect(result.ok && [...result.value.users.keys()]).toEqual(['bob']);
  });

  it('keeps the last valid state while the files keep changing', async () => {
    await using folder = await temporaryFolder(FILES);
    const late: string[] = [];
    const watching = await watchFiles(readAndWrite(folder, late), [folder.path], NO_POLL);
    if (!watching.ok) throw new Error(JSON.stringify(watching.error));
    await using source = watching.value;
    late.push(...Array.from({ length: 100 }, (_, index) => user(`user${index}`)));
    expect(await source.reload()).toMatchObject({ ok: false, error: [{ rule: 'restless' }] });
    expect([...source.current().users.keys()]).toEqual(['alice']);
  });

  it('that throws is reported as a problem', async () => {
    const good = readDirectoryOnce();
    let fail = false;
    const { source } = await watched(FILES, async () => {
      if (fail) throw new Error('no memory');
      return good;
    });
    fail = true;
    expect(await source.reload()).toMatchObject({
      ok: false,
      error: [{ rule: 'unexpected', message: 'the files cannot be read: no memory' }],
    });
    expect([...source.current().users.keys()]).toEqual(['alice']);
  });
});

async function readDirectoryOnce(): Promise<ReadResult<Directory>> {
  await using folder = await temporaryFolder(FILES);
  return await readDirectory(folder.options);
}

describe('close', () => {
  it('stops watching, also during a read', async () => {
    const { folder, source } = await watched(FILES);
    await folder.write({ 'principals.yaml': user('bob') });
    const reload = source.reload();
    await source.close();
    await reload;
    expect([...source.current().users.keys()]).toEqual(['alice']);
  });
});

describe('a fixed directory', () => {
  it('is always the same', async () => {
    const read = await readDirectoryOnce();
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    await using source = fixedDirectory(read.value);
    expect(await source.reload()).toEqual({ ok: true, value: read.value });
    expect(source.current()).toBe(read.value);
    expect(source.problems()).toEqual([]);
  });
});
