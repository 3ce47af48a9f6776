import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 1);

const grantTo = (principal: object | string) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop/*',
});
const OWN = grantTo({ AWS: 'arn:aws:iam::111122223333:root' });

/** Principals that no caller of the engine is. */
const NOBODY_HERE = [
  { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' },
  { AWS: 'AIDAJQABLZS4A3QDU576Q' },
  { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE' },
];

describe('proofs about principals', () => {
  it.each(NOBODY_HERE)('counts a grant to %o as new access, and an equal one as none', async (principal) => {
    using folder = new TemporaryFolder({
      'old.json': document(OWN),
      'new.json': document(OWN, grantTo(principal)),
      'denied.json': document(OWN, grantTo(principal), { ...grantTo(principal), Effect: 'Deny' }),
    });
    const compare = (existing: string, next: string) =>
      cli(['prove', 'no-new-access', '--existing', existing, '--new', next], { cwd: folder.path });
    const { code, stdout } = await compare('old.json', 'new.json');
    expect(stdout).toContain('allowed by new.json:12, statement 1');
    expect(stdout).toContain(`principal: ${Object.values(principal)}\n`);
    expect(code).toBe(4);
    expect((await compare('new.json', 'new.json')).code).toBe(0);
    expect((await compare('old.json', 'denied.json')).code).toBe(0);
    const granted = ['prove', 'not-granted', '--policy', 'new.json', '--action', 's3:GetObject'];
    expect((await cli(granted, { cwd: folder.path })).stdout).toContain('FAIL');
  });

  it('leaves a changed tag of a principal undecided where policies ask for it, and only there', async () => {
    const byTag = {
      Effect: 'Allow',
      Action: 'personalize:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'admin' } },
    };
    const principals = (team: string) =>
      `users:\n  alice: { managedPolicies: [work], tags: { team: ${team} } }\n  bob: { managedPolicies: [all], tags: { team: ${team} } }\n`;
    using folder = new TemporaryFolder(
      Object.fromEntries(
        ['dev', 'admin'].flatMap((team) => [
          [`${team}/config/proxy.yaml`, 'region: us-east-1\n'],
          [`${team}/config/principals.yaml`, principals(team)],
          [`${team}/policies/work.json`, document(byTag)],
          [`${team}/policies/all.json`, document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })],
        ]),
      ),
    );
    const compare = (as: string) =>
      cli(['prove', 'no-new-access', '--existing', 'dev', '--new', 'admin', '--as', as], {
        cwd: folder.path,
      });
    const { code, stdout } = await compare('alice');
    expect(stdout).toContain(
      'UNKNOWN alice: it could not be decided: policies ask for aws:principaltag/team',
    );
    expect(code).toBe(2);
    expect((await compare('bob')).code).toBe(0);
  });

  it('rejects a proof about nothing: a misspelled action, an empty resource, no principal', async () => {
    using folder = new TemporaryFolder({
      'work.json': document({ Effect: 'Allow', Action: 'personalize:*', Resource: '*' }),
      'old/config/proxy.yaml': 'region: us-east-1\n',
      'old/config/principals.yaml': 'users: {}\n',
      'old/policies/work.json': document(OWN),
    });
    const refused = async (...args: readonly string[]) => {
      const { code, stderr } = await cli(['prove', ...args], { cwd: folder.path });
      expect(code).toBe(2);
      return stderr;
    };
    const granted = (...args: readonly string[]) => refused('not-granted', '--policy', 'work.json', ...args);
    expect(await granted('--action', 'personalise:Delete*')).toContain(
      'AWS has no action "personalise:Delete*"; did you mean "personalize"?',
    );
    expect(await granted('--action', 'Delete')).toContain('has no service prefix');
    expect(await granted('--action', 'personalize:Deleet*')).toContain('AWS has no action');
    expect(await granted('--action', 'personalize:*', '--resource', 'campaign/x')).toContain('campaign/x');
    expect(await refused('no-new-access', '--existing', 'old', '--new', 'old')).toContain(
      'old has no users and roles: nothing is proved',
    );
  });

  it('gives typed keys values of their type in counterexamples', async () => {
    const list = (condition: object) => ({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: '*',
      Condition: condition,
    });
    using folder = new TemporaryFolder({
      'gap.json': document(
        list({ NumericLessThanEqualsIfExists: { 's3:max-keys': '1' } }),
        list({ NumericGreaterThanEquals: { 's3:max-keys': '3' } }),
      ),
      'absent.json': document(list({ Null: { 's3:max-keys': 'true' } })),
      'all.json': document({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }),
    });
    const keysFor = async (existing: string) => {
      const args = ['no-new-access', '--existing', existing, '--new', 'all.json', '--format', 'json'];
      const [result] = JSON.parse((await cli(['prove', ...args], { cwd: folder.path })).stdout);
      return Number(result.counterexample.context['s3:max-keys']);
    };
    const between = await keysFor('gap.json');
    expect(between).toBeGreaterThan(1);
    expect(between).toBeLessThan(3);
    expect(await keysFor('absent.json')).toBe(1);
  });
});
