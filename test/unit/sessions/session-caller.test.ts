import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import type { PrincipalsInput } from '../../../src/directory/principals-input.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import type { Session } from '../../../src/directory/session.ts';
import { accessKeyId, accountId } from '../../../src/lib/identifiers.ts';
import { sessionCaller } from '../../../src/sessions/session-caller.ts';

const ACCOUNT = accountId('123456789012');

const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' },
};

async function directoryWith(roles: NonNullable<PrincipalsInput['roles']>): Promise<Directory> {
  const principals = { roles };
  const read = await readDirectoryInput({
    principals,
    policies: { trust: TRUST },
    account: ACCOUNT,
    partition: 'aws',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const ROLES = { reader: { trustPolicy: 'trust' } };

let directory: Directory;
let session: Session;
beforeAll(async () => {
  directory = await directoryWith(ROLES);
  session = {
    accessKeyId: accessKeyId('ASIAEXAMPLE000000000'),
    kind: 'AssumedRole',
    accountId: ACCOUNT,
    holder: { name: 'reader', id: directory.roles.get('reader')?.id ?? '' },
    sessionName: 'job',
    issuedAt: 0,
    expiresAt: 1,
  };
});

describe('the caller of a session', () => {
  it('is the role by its name and unique ID', () => {
    expect(sessionCaller(directory, session)?.userId).toBe(`${session.holder.id}:job`);
  });

  it('is undefined for a role of the same name with another unique ID', () => {
    const other = { ...session, holder: { name: 'reader', id: 'AROAEXAMPLEEXAMPLE00' } };
    expect(sessionCaller(directory, other)).toBeUndefined();
  });

  it('is undefined for a session of another account', () => {
    expect(sessionCaller(directory, { ...session, accountId: accountId('999999999999') })).toBeUndefined();
  });

  it('is undefined once the role is gone, and the role again when it is recreated: IDs derive from names', async () => {
    expect(sessionCaller(await directoryWith({}), session)).toBeUndefined();
    const recreated = await directoryWith({ reader: { ...ROLES.reader, path: '/team/' } });
    expect(sessionCaller(recreated, session)?.userId).toBe(`${session.holder.id}:job`);
  });
});
