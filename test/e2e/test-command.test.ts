import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli, RunningCommand } from './command-line.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const TESTS = `tests:
  - name: alice lists
    principal: alice
    action: personalize:ListCampaigns
    expect: allowed
  - name: alice "deletes" <not>
    principal: alice
    action: personalize:DeleteCampaign
    expect: denied
`;

const folderWith = (tests: string, policy = allow('personalize:List*')): TemporaryFolder =>
  new TemporaryFolder({ ...configuration(policy), 'policy-tests/a.yaml': tests });

/** Resolves once standard output matches. */
describe('test on the command line', () => {
  it('runs the tests beside the policies folder', async () => {
    using folder = folderWith(TESTS);
    expect(await cli(['test'], { cwd: folder.path })).toEqual({
      code: 0,
      stdout:
        'policy-tests/a.yaml\n  ✓ alice lists — alice: personalize:ListCampaigns on *\n  ✓ alice "deletes" <not> — alice: personalize:DeleteCampaign on *\n\n2 passed (2 tests)\n',
      stderr: 'Configuration: config/proxy.yaml\n',
    });
  });

  it('runs the tests of the shipped policies', async () => {
    const { code, stdout } = await cli(['test']);
    expect(stdout).toMatch(/^\d+ passed \(\d+ tests\)$/m);
    expect(code).toBe(0);
  });

  it('says of a test that fails what was wanted, what came, and why, with the statements that were near', async () => {
    using folder = folderWith(
      TESTS,
      '{\n  "Version": "2012-10-17",\n  "Statement": [\n    { "Sid": "Own", "Effect": "Allow", "Action": "personalize:*", "Resource": "*" }\n  ]\n}',
    );
    const { code, stdout } = await cli(['test'], { cwd: folder.path });
    expect(code).toBe(4);
    expect(stdout).toContain(`  ✗ alice "deletes" <not> — alice: personalize:DeleteCampaign on *
      policy-tests/a.yaml:6:5
      wanted denied, came allowed
`);
    expect(stdout).toContain('Allow in policies/p.json:4, statement Own: matches');
    expect(stdout).toMatch(/^1 failed, 1 passed \(2 tests\)$/m);
  });

  it('chooses tests by a part of their name or file', async () => {
    using folder = folderWith(TESTS);
    const { stdout } = await cli(['test', '--filter', 'LISTS'], { cwd: folder.path });
    expect(stdout).toMatch(/^1 passed \(1 test\)$/m);
  });

  it.each([
    ['a path is not there', ['nowhere'], TESTS, 'nowhere: error: cannot be read: it does not exist'],
    [
      'a test file has faults',
      [],
      TESTS.replace('alice\n', 'alcie\n').replace('denied', 'maybe'),
      'policy-tests/a.yaml:9:13: error: tests[1].expect: must be',
    ],
  ])('exits with 2 where %s', async (_, args, tests, sentence) => {
    using folder = folderWith(tests);
    const { code, stdout, stderr } = await cli(['test', ...args], { cwd: folder.path });
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    ['no test has the filter', ['--filter', 'nothing'], 'none of 2 tests has "nothing"'],
    ['there is no test file', ['policies'], 'there is no test file (.yaml or .yml) in policies'],
  ])('exits with 4 where %s', async (_, args, sentence) => {
    using folder = folderWith(TESTS);
    const { code, stdout, stderr } = await cli(['test', ...args], { cwd: folder.path });
    expect(stderr).toContain(sentence);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  });

  it('exits with 3 where the policies are not valid', async () => {
    using folder = folderWith(TESTS, '{}');
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 3 });
  });

  it('gives the results as JSON', async () => {
    using folder = folderWith(TESTS, allow('personalize:*'));
    const { stdout } = await cli(['test', '--format', 'json'], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 1,
      failed: 1,
      tests: [
        {
          name: 'alice lists',
          file: 'policy-tests/a.yaml',
          line: 2,
          column: 5,
          passed: true,
          came: { decision: 'allowed', statements: ['p#0'] },
        },
        {
          principal: 'alice',
          action: 'personalize:DeleteCampaign',
          expected: { decision: 'denied' },
          passed: false,
          failures: ['wanted denied, came allowed'],
        },
      ],
    });
  });

  it('writes a report for CI services to a file, and the text all the same', async () => {
    using folder = folderWith(TESTS, allow('personalize:*'));
    const { code, stdout } = await cli(['test', '--format', 'junit', '--out', 'report.xml'], {
      cwd: folder.path,
    });
    expect(code).toBe(4);
    expect(stdout).toContain('1 failed, 1 passed');
    const report = readFileSync(`${folder.path}/report.xml`, 'utf8');
    expect(report).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites tests="2" failures="1" time="0\.000">/,
    );
    expect(report).toContain(
      '<testcase classname="policy-tests/a.yaml" name="alice &quot;deletes&quot; &lt;not&gt;',
    );
    expect(report).toContain('<failure message="wanted denied, came allowed">policy-tests/a.yaml:6:5');
  });

  it('runs again when a policy or a test changes, and says what is wrong meanwhile', async () => {
    using folder = folderWith(TESTS);
    await using command = new RunningCommand(['test', '--watch'], { cwd: folder.path });
    await command.prints(/2 passed/);
    folder.write('policies/p.json', allow('personalize:*'));
    await command.prints(/1 failed, 1 passed/);
    folder.write('policy-tests/a.yaml', 'tests: []');
    await command.prints(/is an empty list/, 'stderr');
    folder.write('policy-tests/a.yaml', TESTS.replace('denied', 'allowed'));
    await command.prints(/2 passed.*2 passed/s);
    command.signal('SIGINT');
    expect((await command.ended).code).toBe(0);
  });
});
