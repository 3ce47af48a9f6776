import { expect, it } from 'vitest';
import { mfaCode } from '../../../src/commands/mfa-code/mfa-code.ts';
import { oneTimeCode } from '../../../src/sessions/one-time-code.ts';
import { directoryOf, FOLDER, iamArn } from '../iam/arrangements.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

it.each(['alice', 'user/alice', iamArn('user/teams/ml/alice')])(
  "is that of %s's device now",
  async (name) => {
    const code = oneTimeCode('JBSWY3DPEHPK3PXP', NOW);
    expect(mfaCode(await directoryOf(FOLDER), name, NOW)).toEqual({ ok: true, value: code });
  },
);

it.each([
  ['bob', 'bob has no device; give one in principals.yaml: mfa: { secret: JBSWY3DPEHPK3PXP }'],
  ['role/recommender', 'role/recommender is a role: only users have a device'],
  ['nobody', 'there is no principal nobody'],
])('is none for %s', async (name, error) => {
  expect(mfaCode(await directoryOf(FOLDER), name, NOW)).toEqual({ ok: false, error });
});
