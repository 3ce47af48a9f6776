import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { displayPath } from '../directory/source-file.ts';
import { errorCode } from '../lib/error-code.ts';
import type { Fault } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

export const KEY_BYTES = 32;

const BASE64_OF_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** Where the key of session tokens lies that every process with this configuration shares. */
export const sessionKeyFile = (configFile: string): string =>
  join(dirname(configFile), '.authz', 'session.key');

/** A key that ends with the process: no other one honours its sessions. */
export const randomSessionKey = (): KeyObject => createSecretKey(randomBytes(KEY_BYTES));

/** A key for one purpose: what is known of it, or of what it made, tells nothing of another. */
export const keyFor = (purpose: string, sessionKey: KeyObject): KeyObject =>
  createSecretKey(createHmac('sha256', sessionKey).update(`personalize-authz-proxy: ${purpose}`).digest());

/** The key in a file; `undefined` where there is no such file yet. */
export function readSessionKey(file: string): Result<KeyObject | undefined, Fault> {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (BASE64_OF_KEY.test(text)) return ok(createSecretKey(Buffer.from(text, 'base64')));
    return err(fault(file, `must hold the base64 of ${KEY_BYTES} bytes; without the file a new key is made`));
  } catch (cause) {
    return errorCode(cause) === 'ENOENT'
      ? ok(undefined)
      : err(fault(file, `cannot be read: ${reasonOf(cause)}`));
  }
}

/**
 * The key in a file, which is made where there is none, for its owner only. Of several processes that make it at once
 * one wins, and all have its key: a file appears whole or not at all.
 */
export function createSessionKey(file: string): Result<KeyObject, Fault> {
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
    return err(fault(file, `cannot be written: ${reasonOf(cause)}`));
  }
  const read = readSessionKey(file);
  if (!read.ok) return read;
  return read.value ? ok(read.value) : err(fault(file, 'was there and is gone'));
}

const fault = (file: string, message: string): Fault => ({
  severity: 'error',
  rule: 'session-key',
  message,
  file: displayPath(file),
});

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
