import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSessionKey, readSessionKey, sessionKeyFile } from '../../../src/sessions/session-key.ts';
import { temporaryFolder } from './temporary-folder.ts';

const bytesOf = (read: ReturnType<typeof readSessionKey>): string | undefined =>
  read.ok ? read.value?.export().toString('base64') : undefined;

describe('the file of the session key', () => {
  it('is next to the configuration, is created once, and is readable by its owner only', async () => {
    await using folder = await temporaryFolder({});
    const file = sessionKeyFile(join(folder.path, 'proxy.yaml'));
    expect(readSessionKey(file)).toEqual({ ok: true, value: undefined });
    const made = bytesOf(createSessionKey(file));
    expect(made).toHaveLength(44);
    expect(bytesOf(createSessionKey(file))).toBe(made);
    expect(bytesOf(readSessionKey(file))).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, '.authz')).mode & 0o777).toBe(0o700);
  });

  it('is rejected if it contains no key, and is not changed', async () => {
    await using folder = await temporaryFolder({});
    const file = join(folder.path, 'session.key');
    writeFileSync(file, 'too short\n');
    for (const read of [readSessionKey(file), createSessionKey(file)])
      expect(read).toMatchObject({
        ok: false,
        error: {
          rule: 'session-key',
          message: 'must contain the base64 of 32 bytes; delete the file to create a new key',
        },
      });
    expect(readFileSync(file, 'utf8')).toBe('too short\n');
  });

  it('reports another file type at its path', async () => {
    await using folder = await temporaryFolder({ '.authz': 'a file' });
    expect(createSessionKey(join(folder.path, '.authz', 'session.key'))).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^cannot be written: /) },
    });
    rmSync(join(folder.path, '.authz'));
  });
});
