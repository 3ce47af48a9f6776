import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { displayPath } from '../directory/source-file.ts';
import { errorCode } from '../lib/error-code.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

export const KEY_BYTES = 32;

const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** The file of the session token key, which all processes with this configuration share. */
export const sessionKeyFile = (configFile: string): string =>
  join(dirname(configFile), '.authz', 'session.key');

/** A key for this process only: no other process accepts its sessions. */
export const randomSessionKey = (): KeyObject => createSecretKey(randomBytes(KEY_BYTES));

/** Derives a key for one purpose: knowing it, or data made with it, reveals nothing about the others. */
export const keyFor = (purpose: string, sessionKey: KeyObject): KeyObject =>
  createSecretKey(createHmac('sha256', sessionKey).update(`personalize-authz-proxy: ${purpose}`).digest());

/** The key in a file; `undefined` if the file does not exist. */
export function readSessionKey(file: string): Result<KeyObject | undefined, Diagnostic> {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (BASE64_OF_KEY.test(text)) return ok(createSecretKey(Buffer.from(text, 'base64')));
    return err(
      diagnostic(file, `must contain the base64 of ${KEY_BYTES} bytes; delete the file to create a new key`),
    );
  } catch (cause) {
    return errorCode(cause) === 'ENOENT'
      ? ok(undefined)
      : err(diagnostic(file, `cannot be read: ${reasonOf(cause)}`));
  }
}

/**
 * The key in a file, created with owner-only permissions if needed. If several processes create it at once, one
 * succeeds and all use its key: the file appears complete or not at all.
 */
export function createSessionKey(file: string): Result<KeyObject, Diagnostic> {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, file);
    } catch (cause) {
      if (errorCode(cause) !== 'EEXIST') throw cause;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (cause) {
    return err(diagnostic(file, `cannot be written: ${reasonOf(cause)}`));
  }
  const read = readSessionKey(file);
  if (!read.ok) return read;
  return read.value ? ok(read.value) : err(diagnostic(file, 'was deleted while it was read'));
}

const diagnostic = (file: string, message: string): Diagnostic => ({
  severity: 'error',
  rule: 'session-key',
  message,
  file: displayPath(file),
});

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
