import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CALLS, type Credentials, statusOf } from './calls.ts';
import { type Section, single, spreadOf } from './figures.ts';
import { Folder } from './folder.ts';
import { installedPackage } from './installed-package.ts';
import { type LargeAccount, writeLargeAccount } from './large-account.ts';
import { ServerProcess } from './server-process.ts';

const PRINCIPALS = 10_000;
const READY_MILLIS = 20_000;
const EDIT_MILLIS = 10_000;
/** Between two calls that check whether an edit is in effect. */
const POLL_MILLIS = 5;
const NAME = `${PRINCIPALS.toLocaleString('en-US')} principals with three policies each`;

/** The folder of a large account: until it is ready, its memory, and an edit of one of 30,000 files. */
export async function benchScale(): Promise<Section> {
  using folder = new Folder({});
  const account = writeLargeAccount(folder.path, PRINCIPALS);
  try {
    await installedPackage();
    const start = performance.now();
    await using server = await ServerProcess.proxy(['--config', account.config], {
      timeoutMillis: READY_MILLIS,
    });
    const ready = single(performance.now() - start);
    const memory = single(server.residentMegabytes());
    const edit = spreadOf(await editTimes(server.url, account));
    return {
      figures: [
        { name: `${NAME}: ready`, unit: 'ms', ...ready },
        { name: `${NAME}: memory`, unit: 'MB', ...memory },
        { name: 'one edited file of them counts', unit: 'ms', ...edit },
      ],
      measured: { manyReady: ready, manyMemory: memory, manyEdit: edit },
    };
  } catch (cause) {
    const reason = `fails: ${(cause as Error).message.replaceAll(folder.path, '…')}`;
    return { figures: [], skipped: [{ name: NAME, reason }] };
  }
}

/** The first one runs code that is not compiled yet. */
const EDITS = 5;

const policy = (action: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: action, Resource: '*' },
  });

/** Writes a policy that allows a call, or allows it no longer, and makes the call until that is in effect. @throws where it takes too long */
async function editTimes(url: string, { accessKey, policyFile }: LargeAccount): Promise<readonly number[]> {
  const { id, secret } = accessKey(0);
  const caller: Credentials = { accessKeyId: id, secretAccessKey: secret };
  const isAllowed = async (): Promise<boolean> => (await statusOf(url, CALLS.allowed, caller)) === 200;
  if (await isAllowed()) throw new Error('the call is allowed before the edit');
  const times: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const isGrant = edit % 2 === 0;
    const start = performance.now();
    writeFileSync(
      policyFile(0, 'read'),
      policy(isGrant ? 'personalize:ListSchemas' : 'personalize:ListRecipes'),
    );
    while ((await isAllowed()) !== isGrant) {
      if (performance.now() - start > EDIT_MILLIS) throw new Error('an edit does not count');
      await delay(POLL_MILLIS);
    }
    times.push(performance.now() - start);
  }
  return times;
}
