import { expect, it } from 'vitest';
import { AbsenceReport } from '../../../src/state/absence-report.ts';

const REASON = 'state: redis://127.0.0.1:6379 cannot be used: ECONNREFUSED';
const AWAY = `${REASON}; decisions are kept here until Redis is back`;
const BACK = 'state: Redis is back, and has the decisions that were kept here';

it('reports each absence once, and each return', () => {
  const lines: string[] = [];
  const report = new AbsenceReport((line) => lines.push(line));
  report.back();
  expect(lines).toEqual([]);
  for (let absence = 0; absence < 2; absence += 1) {
    report.away(REASON);
    report.away('another reason');
    report.back();
    report.back();
  }
  expect(lines).toEqual([AWAY, BACK, AWAY, BACK]);
});

it('reports nothing once the connection is closed on purpose', () => {
  const lines: string[] = [];
  const report = new AbsenceReport((line) => lines.push(line));
  report.away(REASON);
  report.end();
  report.back();
  report.away(REASON);
  expect(lines).toEqual([AWAY]);
});

it('goes on where the observer throws', () => {
  const lines: string[] = [];
  const report = new AbsenceReport((line) => {
    lines.push(line);
    throw new Error('observer');
  });
  report.away(REASON);
  report.back();
  expect(lines).toEqual([AWAY, BACK]);
});
