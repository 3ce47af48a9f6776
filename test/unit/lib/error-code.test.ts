import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../src/lib/error-code.ts';

describe('the code of an error', () => {
  it('is returned for a Node.js error', () => {
    let caught: unknown;
    try {
      readFileSync('/nowhere/at/all');
    } catch (cause) {
      caught = cause;
    }
    expect(errorCode(caught)).toBe('ENOENT');
  });

  it('is returned for an error of another realm, as in Jest', () => {
    const foreign: unknown = runInNewContext('Object.assign(new Error(), { code: "ENOENT" })');
    expect(foreign instanceof Error).toBe(false);
    expect(errorCode(foreign)).toBe('ENOENT');
  });

  it.each([undefined, null, 'ENOENT', new Error('without'), { code: 7 }])('is undefined for %j', (cause) => {
    expect(errorCode(cause)).toBeUndefined();
  });
});
