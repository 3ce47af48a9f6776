import { expect, it } from 'vitest';
import { writeLargeAccount } from '../../../bench/large-account.ts';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { ACCOUNT, temporaryFolder } from './temporary-folder.ts';

it('the account that is measured has three policies a principal, all of them valid', async () => {
  await using folder = await temporaryFolder({ 'principals.yaml': '' });
  const account = writeLargeAccount(folder.path, 12);
  const read = await readDirectory({
    principalsFile: account.principals,
    policiesFolder: account.policies,
    account: ACCOUNT,
    partition: 'aws',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { users, roles, policies, warnings } = read.value;
  expect([users.size, roles.size, policies.length, warnings]).toEqual([10, 2, 37, []]);
  const [user] = users.values();
  expect(user?.accessKeys).toMatchObject([account.accessKey(0)]);
  expect(user?.managedPolicies[0]?.file).toBe(account.policyFile(0, 'read'));
  expect(user?.inlinePolicies).toHaveLength(1);
});
