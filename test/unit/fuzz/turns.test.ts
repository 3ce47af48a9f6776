import { describe, expect, it } from 'vitest';
import { summary, turnMillis } from '../../fuzz/turns.ts';

describe('a turn of a fuzz run', () => {
  it('is short enough for every target to have one', () => {
    expect(turnMillis(0.5, 10)).toBe(3_000);
  });

  it('lasts five seconds where there is time', () => {
    expect(turnMillis(5, 10)).toBe(5_000);
  });
});

describe('the summary of a fuzz run', () => {
  it('counts the runs and is a success without failures', () => {
    const tallies = [
      { name: 'json', runs: 2, failures: 0 },
      { name: 'xml', runs: 3, failures: 0 },
    ];

    expect(summary(7, tallies, ['Python'])).toEqual({
      line: 'fuzz: seed 7, json 2, xml 3: 0 failures; without Python',
      exitCode: 0,
    });
  });

  it('is a failure where a target failed', () => {
    expect(summary(7, [{ name: 'json', runs: 2, failures: 1 }], [])).toMatchObject({ exitCode: 1 });
  });

  it('is a failure where a target was not tried', () => {
    const tallies = [
      { name: 'json', runs: 2, failures: 0 },
      { name: 'xml', runs: 0, failures: 0 },
    ];

    expect(summary(7, tallies, [])).toEqual({
      line: 'fuzz: seed 7, json 2, xml 0: 0 failures; not tried: xml',
      exitCode: 1,
    });
  });
});
