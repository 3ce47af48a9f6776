import { describe, expect, it } from 'vitest';
import { logFiles, readDecisions } from '../../src/records/read-decisions.ts';
import { type Call, jsonCall, type Signatory, send } from '../e2e/exchange.ts';
import { allow, configuration, TemporaryFolder } from '../e2e/temporary-folder.ts';
import { CommandProcess } from './command-process.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

const recordsOf = async (file: string) => {
  const read = await readDecisions(logFiles(file));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.records;
};

/** Calls until the proxy no longer responds; the decisions of the answers. */
async function callUntilGone(who: Signatory, call: Call, onAnswer: (id: string) => void): Promise<void> {
  for (;;) {
    try {
      const answer = await send(who, call);
      onAnswer(answer.headers.get('x-authz-decision') ?? '');
    } catch {
      return;
    }
  }
}

const ANSWERS = 300;
const AT_ONCE = 16;

describe('the decisions of a process that is killed', () => {
  it.each([
    ['jsonl', 104_857_600],
    ['jsonl', 20_000],
    ['cloudtrail', 100_000],
  ])('are all in its log that were answered: %s, set aside at %i bytes', async (format, maxBytes) => {
    using folder = new TemporaryFolder(configuration(allow('personalize:List*')));
    const file = `${folder.path}/decisions.log`;
    await using serve = new CommandProcess(
      [
        ...['serve', '--decisions-file', file, '--decisions-format', format],
        ...['--decisions-max-bytes', `${maxBytes}`, '--decisions-keep', '1000'],
      ],
      { cwd: folder.path },
    );
    const endpoint = await serve.ready();
    const answered: string[] = [];
    const call = jsonCall('ListSchemas');

    await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        callUntilGone({ endpoint, ...ALICE }, call, (id) => {
          answered.push(id);
          if (answered.length === ANSWERS) serve.child.kill('SIGKILL');
        }),
      ),
    );

    const recorded = new Set((await recordsOf(file)).map(({ id }) => id));
    expect(answered.length).toBeGreaterThanOrEqual(ANSWERS);
    expect(answered.filter((id) => !recorded.has(id))).toEqual([]);
  });
});
