import { readdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeLargeAccount } from '../../../bench/large-account.ts';
import type { Directory } from '../../../src/directory/directory.ts';
import type { ReadFile } from '../../../src/directory/policy-files.ts';
import { DirectoryReader } from '../../../src/directory/read-directory.ts';
import { readTextSync } from '../../../src/directory/source-file.ts';
import { watchFiles } from '../../../src/directory/watch-files.ts';
import { ACCOUNT, allow, temporaryFolder } from './temporary-folder.ts';

const PRINCIPALS = 60;

/** A watched account, with every file that was read. Only events have an effect: there is no polling. */
async function watchedAccount(onRead: ReadFile = readTextSync) {
  const folder = await temporaryFolder({ 'principals.yaml': '' });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const account = writeLargeAccount(folder.path, PRINCIPALS);
  const reads: string[] = [];
  const reader = new DirectoryReader(
    {
      principalsFile: account.principals,
      policiesFolder: account.policies,
      account: ACCOUNT,
      partition: 'aws',
    },
    (path) => {
      reads.push(path);
      return onRead(path);
    },
  );
  const reloads: ((directory: Directory) => void)[] = [];
  const opened = await watchFiles<Directory>(
    (files, changed) => reader.read(files, changed),
    [account.principals, account.policies],
    {
      onReload: (directory) => reloads.splice(0).forEach((resolve) => void resolve(directory)),
      pollMillis: 3_600_000,
    },
  );
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  onTestFinished(() => opened.value.close());
  const nextReload = (): Promise<Directory> => new Promise((resolve) => void reloads.push(resolve));
  return { folder, account, reads, source: opened.value, nextReload };
}

const DENY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'personalize:*', Resource: '*' }],
});

describe('a reload', () => {
  it('reads the edited file alone, and keeps every principal that it does not concern', async () => {
    const { folder, account, reads, source, nextReload } = await watchedAccount();
    expect(reads).toHaveLength(3 * PRINCIPALS + 2);
    expect(new Set(reads).size).toBe(reads.length);
    const before = source.current();
    reads.length = 0;
    const edited = account.policyFile(0, 'read');
    const reload = nextReload();
    await folder.write({ [edited.slice(folder.path.length + 1)]: DENY });
    const after = await reload;
    expect(new Set(reads)).toEqual(new Set([edited]));
    const changed = [...after.users].filter(([name, user]) => before.users.get(name) !== user);
    expect(changed.map(([name]) => name)).toEqual(['person-0']);
    expect([...after.roles]).toEqual([...before.roles]);
    const [, kept] = [...after.users.values()];
    expect(kept && after.policiesOf(kept)).toBe(kept && before.policiesOf(kept));
    expect(changed[0]?.[1].managedPolicies[0]?.policy.statements[0]?.effect).toBe('Deny');
  });

  it('keeps a principal with an AWS managed policy, and its compiled policies', async () => {
    const { folder, account, source } = await watchedAccount();
    await folder.write({
      'config/principals.yaml': 'users: { alice: { managedPolicies: [AmazonPersonalizeFullAccess] } }',
    });
    await source.reload();
    const before = source.current();
    const alice = before.users.get('alice');
    if (alice === undefined) throw new Error('there is no alice');
    const compiled = before.policiesOf(alice);
    await folder.write({ [account.policyFile(0, 'read').slice(folder.path.length + 1)]: DENY });
    await source.reload();
    const after = source.current();
    expect(after).not.toBe(before);
    expect(after.users.get('alice')).toBe(alice);
    expect(after.policiesOf(alice)).toBe(compiled);
    expect(after.policies.filter(({ owner }) => owner === 'aws')).toHaveLength(1);
  });

  // Windows has no file names with a colon.
  const itWithColons = process.platform === 'win32' ? it.skip : it;
  itWithColons('of a policy that is named by its ARN counts, whatever other files are called', async () => {
    const { folder, source } = await watchedAccount();
    const arn = `arn:aws:iam::${ACCOUNT}:policy/a`;
    await folder.write({
      'config/principals.yaml': `users: { alice: { managedPolicies: ["${arn}"] } }`,
      [`policies/${arn}.json`]: allow('personalize:ListSchemas'),
      'policies/a.json': allow('personalize:ListSchemas'),
    });
    await source.reload();
    await folder.write({ 'policies/a.json': DENY });
    await source.reload();
    const [policy] = source.current().users.get('alice')?.managedPolicies ?? [];
    expect(policy?.policy.statements[0]?.effect).toBe('Deny');
  });

  it('reads one file after an editor replaced it by a rename', async () => {
    const { folder, account, reads, nextReload } = await watchedAccount();
    reads.length = 0;
    const edited = account.policyFile(1, 'write');
    await folder.write({ 'new.tmp': DENY });
    const reload = nextReload();
    await rename(`${folder.path}/new.tmp`, edited);
    await reload;
    expect(new Set(reads)).toEqual(new Set([edited]));
  });

  it('of the principals reads no policy', async () => {
    const { folder, account, reads, source, nextReload } = await watchedAccount();
    reads.length = 0;
    const reload = nextReload();
    await folder.write({
      'config/principals.yaml': 'users: { alice: { managedPolicies: [team-0/person-0-read] } }',
    });
    expect([...(await reload).users.keys()]).toEqual(['alice']);
    expect(new Set(reads)).toEqual(new Set([account.principals]));
    expect(source.problems()).toEqual([]);
  });

  it('that is asked for without a change reads nothing', async () => {
    const { reads, source } = await watchedAccount();
    reads.length = 0;
    expect(await source.reload()).toEqual({ ok: true, value: source.current() });
    expect(reads).toEqual([]);
  });

  it('of a file that is not valid reads it again only once it changed', async () => {
    const { folder, account, reads, source } = await watchedAccount();
    const before = source.current();
    const edited = account.policyFile(2, 'read').slice(folder.path.length + 1);
    await folder.write({ [edited]: '{' });
    expect(await source.reload()).toMatchObject({ ok: false, error: [{ rule: 'syntax', line: 1 }] });
    expect(source.current()).toBe(before);
    reads.length = 0;
    expect(await source.reload()).toMatchObject({ ok: false });
    expect(reads).toEqual([]);
    await folder.write({ [edited]: DENY });
    expect(await source.reload()).toMatchObject({ ok: true });
  });
});

it('never has more than a few files open, however many there are', async () => {
  if (process.platform !== 'linux') return;
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  let most = 0;
  await watchedAccount((path) => {
    most = Math.max(most, open());
    return readTextSync(path);
  });
  expect(most - before).toBeLessThan(10);
});

describe('a policy', () => {
  it('that is used has its statements with file, line and column', async () => {
    const { account, source } = await watchedAccount();
    const user = source.current().users.get('person-0');
    const [policy] = user?.managedPolicies ?? [];
    expect(policy?.file).toBe(account.policyFile(0, 'read'));
    expect(policy?.policy.statements[0]).toMatchObject({
      sid: { text: 'Read', position: { line: 5, column: 14 } },
      position: { line: 4, column: 5 },
    });
    expect(policy?.policy.statements).toBe(policy?.policy.statements);
  });
});
