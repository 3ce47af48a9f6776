import { describe, expect, it } from 'vitest';
import { readDecisions } from '../../../src/records/read-decisions.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';

const record = (id: string, more: object = {}) => ({
  id,
  time: '2026-11-23T12:00:00.000Z',
  mode: 'enforce',
  outcome: 'rejected',
  request: { id: `r-${id}`, sourceIp: '127.0.0.1' },
  checks: [],
  undocumented: [],
  durationMicros: 1,
  ...more,
});

const line = (id: string, more: object = {}): string => `${JSON.stringify(record(id, more))}\n`;

describe('decision logs', () => {
  it('are read in the order of files and lines', async () => {
    using folder = new TemporaryFolder();
    const first = folder.write('first.jsonl', line('a') + line('b'));
    const second = folder.write('second.jsonl', line('c'));

    const read = await readDecisions([first, second]);

    expect(read).toEqual({
      ok: true,
      value: { records: ['a', 'b', 'c'].map((id) => record(id)), warnings: [] },
    });
  });

  it('keep unknown members of later releases', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('later.jsonl', line('a', { later: { x: 1 } }));

    expect(await readDecisions([file])).toMatchObject({ value: { records: [{ later: { x: 1 } }] } });
  });

  it('may end in an incomplete line, and contain one that a killed process left', async () => {
    using folder = new TemporaryFolder();
    const half = line('torn').slice(0, 40);
    const file = folder.write('torn.jsonl', `${line('a')}${half}\n${line('b')}\n${half}`);

    const read = await readDecisions([file]);

    expect(read).toMatchObject({
      value: {
        records: [{ id: 'a' }, { id: 'b' }],
        warnings: [
          { severity: 'warning', rule: 'torn-line', file, line: 2 },
          { severity: 'warning', rule: 'torn-line', file, line: 5 },
        ],
      },
    });
  });

  it.each([
    ['invalid JSON', 'hello', 'it is not JSON'],
    ['another object', '{"name":"x"}', 'id: '],
    ['not an object', '17', 'this line is not a decision record'],
    ['an unknown outcome', line('a', { outcome: 'maybe' }), 'outcome: '],
    ['a check without its action', line('a', { checks: [{ resource: '*' }] }), 'checks.0.action: '],
  ])('reject a line with %s, by file and line', async (_, text, reason) => {
    using folder = new TemporaryFolder();
    const file = folder.write('log.jsonl', `${line('a')}${text}\n`);

    expect(await readDecisions([file])).toMatchObject({
      ok: false,
      error: [
        {
          severity: 'error',
          rule: 'not-a-record',
          file,
          line: 2,
          message: expect.stringContaining(reason),
        },
      ],
    });
  });

  it('report every unreadable file', async () => {
    using folder = new TemporaryFolder();
    const read = await readDecisions([`${folder.path}/none.jsonl`, folder.path]);

    expect(read).toMatchObject({
      error: [
        { file: `${folder.path}/none.jsonl`, message: 'there is no such file' },
        { file: folder.path, message: 'it is a folder' },
      ],
    });
  });
});
