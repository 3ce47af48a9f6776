import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { openLogFile } from '../../../src/records/log-file.ts';
import { logFiles, readDecisions } from '../../../src/records/read-decisions.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { recordOf } from '../commands/recorded.ts';

const record = (id: string): DecisionRecord => recordOf([], { id });
const noParameters = () => undefined;

/** A log in a temporary folder. */
async function logIn(
  folder: TemporaryFolder,
  options: { maxBytes?: number; keep?: number; name?: string } = {},
) {
  const { maxBytes = 1_000_000, keep = 3, name = 'decisions.jsonl' } = options;
  const file = join(folder.path, name);
  const problems: string[] = [];
  const sink = await openLogFile({
    file,
    format: (each) => JSON.stringify(each),
    maxBytes,
    keep,
    onProblem: (problem) => problems.push(problem),
  });
  return {
    file,
    problems,
    sink,
    close: () => sink.close(),
    append: (id: string) => sink.append(record(id), noParameters),
  };
}

const idsIn = async (...files: readonly string[]): Promise<readonly string[]> => {
  const read = await readDecisions(files);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.records.map(({ id }) => id);
};

describe('the decision file', () => {
  it('contains a record as soon as its append has resolved', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder, { name: 'deep/decisions.jsonl' });
    await log.append('a');

    expect(await idsIn(log.file)).toEqual(['a']);
    await log.close();
  });

  it('keeps every record whole and in order under concurrent appends', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder);
    const wanted = Array.from({ length: 500 }, (_, i) => `id-${i}`);
    await Promise.all(wanted.map(log.append));
    await log.close();

    expect(await idsIn(log.file)).toEqual(wanted);
  });

  it('is complete when it is closed during appends', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder, { maxBytes: 2000, keep: 100 });
    const appended = Array.from({ length: 50 }, (_, i) => log.append(`id-${i}`));
    await log.close();
    await Promise.all(appended);

    expect(await idsIn(...logFiles(log.file))).toHaveLength(50);
  });

  it('appends to an existing file', async () => {
    using folder = new TemporaryFolder();
    for (const id of ['a', 'b']) {
      const log = await logIn(folder);
      await log.append(id);
      await log.close();
    }

    expect(await idsIn(join(folder.path, 'decisions.jsonl'))).toEqual(['a', 'b']);
  });

  it('starts on a new line after an incomplete line of a killed process', async () => {
    using folder = new TemporaryFolder();
    writeFileSync(join(folder.path, 'decisions.jsonl'), '{"id":"torn');
    const log = await logIn(folder);
    await log.append('b');
    await log.close();

    expect(await idsIn(log.file)).toEqual(['b']);
  });

  it('rejects a record that cannot be written, and starts a new line for the next ones', async () => {
    using folder = new TemporaryFolder();
    const probe = await open(join(folder.path, 'probe'), 'a');
    const prototype = Object.getPrototypeOf(probe) as typeof probe;
    await probe.close();
    const log = await logIn(folder);
    await log.append('a');
    const original = prototype.appendFile;
    const full = vi.spyOn(prototype, 'appendFile').mockImplementationOnce(async function (
      this: typeof probe,
      data,
    ) {
      await original.call(this, String(data).slice(0, 20));
      throw new Error('ENOSPC: no space left on device');
    });

    await expect(log.append('b')).rejects.toThrow(/Cannot write the decision to .*decisions\.jsonl: ENOSPC/);
    full.mockRestore();
    await log.append('c');
    await log.close();

    expect(await idsIn(log.file)).toEqual(['a', 'c']);
  });
});

describe('a decision file that has grown', () => {
  it('is rotated, the oldest file is removed, and all are read as one log', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder, { maxBytes: 600, keep: 2 });
    for (let i = 0; i < 9; i += 1) await log.append(`id-${i}`);
    await log.close();
    const files = logFiles(log.file);

    expect(files).toEqual([`${log.file}.2`, `${log.file}.1`, log.file]);
    expect(existsSync(`${log.file}.3`)).toBe(false);
    const ids = await idsIn(...files);
    expect(ids.at(-1)).toBe('id-8');
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => `id-${9 - ids.length + i}`));
    expect(log.problems).toEqual([]);
  });

  it('counts its initial size at startup', async () => {
    using folder = new TemporaryFolder();
    folder.write('decisions.jsonl', `${JSON.stringify(record('old'))}\n`);
    const log = await logIn(folder, { maxBytes: 600 });
    await log.append('new');
    await log.append('newest');
    await log.close();

    expect(await idsIn(`${log.file}.1`)).toContain('old');
  });

  it('keeps growing if it cannot be rotated, and reports it', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder, { maxBytes: 300, keep: 1 });
    await mkdir(`${log.file}.1/in/the/way`, { recursive: true });
    for (const id of ['a', 'b', 'c']) await log.append(id);
    await log.close();

    expect(await idsIn(log.file)).toEqual(['a', 'b', 'c']);
    expect(log.problems[0]).toContain('Cannot rotate the decision log; it keeps growing');
    expect(readFileSync(log.file, 'utf8').endsWith('\n')).toBe(true);
  });
});

describe('a decision file that is moved', () => {
  it('is reopened after it was removed, even with its folder', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder, { name: 'deep/decisions.jsonl' });
    await log.append('a');
    await rm(log.file);
    await log.append('b');
    expect(await idsIn(log.file)).toEqual(['b']);
    await rm(join(folder.path, 'deep'), { recursive: true });
    await log.append('c');
    await log.close();

    expect(await idsIn(log.file)).toEqual(['c']);
    expect(log.problems).toHaveLength(2);
    expect(log.problems[0]).toMatch(
      /decisions\.jsonl was removed, renamed or replaced and has been reopened/,
    );
  });

  it('is reopened after it was renamed or replaced, and appended to', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder);
    await log.append('a');
    await rename(log.file, `${log.file}.rotated`);
    await log.append('b');
    folder.write('other.jsonl', `${JSON.stringify(record('theirs'))}\n`);
    await rename(join(folder.path, 'other.jsonl'), log.file);
    await log.append('c');
    await log.close();

    expect(await idsIn(`${log.file}.rotated`)).toEqual(['a']);
    expect(await idsIn(log.file)).toEqual(['theirs', 'c']);
  });

  it('may be a symbolic link, whose target may change', async () => {
    using folder = new TemporaryFolder();
    await symlink(join(folder.path, 'one'), join(folder.path, 'decisions.jsonl'));
    const log = await logIn(folder);
    await log.append('a');
    await rm(log.file);
    await symlink(join(folder.path, 'two'), log.file);
    await log.append('b');
    await log.close();

    expect(await idsIn(join(folder.path, 'one'))).toEqual(['a']);
    expect(await idsIn(join(folder.path, 'two'))).toEqual(['b']);
  });

  it('rejects records while its path is something else, reports why, and recovers', async () => {
    using folder = new TemporaryFolder();
    const log = await logIn(folder);
    await rm(log.file);
    await mkdir(log.file);

    await expect(log.append('a')).rejects.toThrow(/Cannot write the decision to .*decisions\.jsonl: EISDIR/);
    expect(log.sink.problem).toMatch(/EISDIR/);
    await rm(log.file, { recursive: true });
    await log.append('b');
    expect(log.sink.problem).toBeUndefined();
    await log.close();
    expect(await idsIn(log.file)).toEqual(['b']);
  });
});
