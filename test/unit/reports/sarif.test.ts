import { expect, it } from 'vitest';
import { junitReport } from '../../../src/reports/junit.ts';
import { sarifLog } from '../../../src/reports/sarif.ts';

const RULES = [
  { id: 'with-page', summary: 'A rule.', level: 'error', page: 'docs/lint/syntax.md' },
  { id: 'without-page', summary: 'Another rule.', level: 'warning' },
] as const;

const log = (configuration?: string) =>
  sarifLog(
    '1.0.0',
    RULES,
    [
      { rule: 'with-page', level: 'error', message: 'm', file: 'policies/a b.json', line: 3, column: 5 },
      { rule: 'without-page', level: 'warning', message: 'm', file: 'policies/a.json' },
      { rule: 'without-page', level: 'warning', message: 'm' },
    ],
    configuration === undefined ? {} : { configuration },
  ) as { runs: [{ tool: { driver: { informationUri: string; rules: object[] } }; results: object[] }] };

it('describes every rule as GitHub shows it, with the address of its page', () => {
  const { driver } = log().runs[0].tool;
  expect(new URL(driver.informationUri).protocol).toBe('https:');
  expect(driver.rules).toMatchObject([
    {
      shortDescription: { text: 'A rule.' },
      fullDescription: { text: 'A rule.' },
      helpUri: `${driver.informationUri}/blob/main/docs/lint/syntax.md`,
      help: {
        text: expect.stringContaining('docs/lint/syntax.md in the package'),
        markdown: expect.any(String),
      },
    },
    {
      fullDescription: { text: 'Another rule.' },
      help: { text: 'Another rule.', markdown: 'Another rule.' },
    },
  ]);
});

it('gives every result a place with a region: the configuration where it has none of its own', () => {
  const placesOf = (configuration?: string) =>
    log(configuration).runs[0].results.map((result) => {
      const [location] = Reflect.get(result, 'locations') as [{ physicalLocation: object }];
      return location.physicalLocation;
    });
  expect(placesOf('my/proxy.yaml')).toEqual([
    { artifactLocation: { uri: 'policies/a%20b.json' }, region: { startLine: 3, startColumn: 5 } },
    { artifactLocation: { uri: 'policies/a.json' }, region: { startLine: 1 } },
    { artifactLocation: { uri: 'my/proxy.yaml' }, region: { startLine: 1 } },
  ]);
  expect(placesOf()[2]).toMatchObject({ artifactLocation: { uri: 'config/proxy.yaml' } });
});

it('has a time on every case of JUnit, and their sum on the suite', () => {
  const report = junitReport('s', [
    { name: 'a', className: 'c', seconds: 1.5 },
    { name: 'b', className: 'c' },
    { name: 'c', className: 'c', skipped: 'no' },
  ]);
  expect(report.match(/<testcase [^>]*time="\d+\.\d{3}"/g)).toHaveLength(3);
  expect(report).toMatch(/<testsuite [^>]*time="1\.500"/);
});
