import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

/* Claims about all requests, in files of policy tests. */

const BUCKET = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Open',
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::ledger/*',
      },
    ],
  },
  undefined,
  2,
);

const folderWith = (prove: string, policy = allow('personalize:List*')): TemporaryFolder =>
  new TemporaryFolder({
    ...configuration(policy),
    'policy-tests/claims.yaml': prove,
    'main/p.json': allow('personalize:*'),
    'bucket.json': BUCKET,
    'old.json': allow('personalize:List*'),
  });

const HOLDING = `prove:
  - name: alice gains nothing over the main branch
    principal: alice
    no-new-access: { existing: ../main }
  - name: no principal deletes
    not-granted: { actions: ['personalize:Delete*', 'iam:*'] }
  - name: the policy is the old one
    policy: ../policies/p.json
    equivalent: { existing: ../old.json }
  - name: the bucket is open, as it must be
    policy: ../bucket.json
    no-public-access: true
    expect: FAIL
`;

const BROKEN = `tests:
  - name: alice lists
    principal: alice
    action: personalize:ListCampaigns
    expect: allowed
prove:
  - name: alice gains nothing over the main branch
    principal: alice
    no-new-access: { existing: ../old }
  - name: the bucket is closed
    policy: ../bucket.json
    no-public-access: true
`;

describe('the proofs of a test file', () => {
  it('pass where the claims hold, and where their counterexample is expected', async () => {
    using folder = folderWith(HOLDING);
    expect(await cli(['test'], { cwd: folder.path })).toEqual({
      code: 0,
      stdout: `policy-tests/claims.yaml
  ✓ alice gains nothing over the main branch — alice: no-new-access
  ✓ no principal deletes — user/alice: not-granted
  ✓ the policy is the old one — policies/p.json: equivalent
  ✓ the bucket is open, as it must be — bucket.json: no-public-access

4 passed (4 tests)
`,
      stderr: 'Configuration: config/proxy.yaml\n',
    });
  });

  const broken = (): TemporaryFolder => {
    const folder = folderWith(BROKEN, allow('personalize:*'));
    folder.write('old/p.json', allow('personalize:List*'));
    return folder;
  };

  it('fail with the counterexample and the file and line of the statement that allows it', async () => {
    using folder = broken();
    const { code, stdout } = await cli(['test'], { cwd: folder.path });
    expect(code).toBe(4);
    expect(stdout).toContain('  ✓ alice lists — alice: personalize:ListCampaigns on *\n');
    expect(stdout).toMatch(
      /✗ alice gains nothing over the main branch — alice: no-new-access\n {6}policy-tests\/claims\.yaml:7:5\n {6}wanted PASS, came FAIL\n/,
    );
    expect(stdout).toContain('allowed by policies/p.json:');
    expect(stdout).toContain('allowed by bucket.json:4, statement Open');
    expect(stdout).toMatch(/personalize-authz-proxy simulate --as alice --action personalize:\w+/);
    expect(stdout).toMatch(/^2 failed, 1 passed \(3 tests\)$/m);
  });

  it('are in JSON, JUnit and SARIF', async () => {
    using folder = broken();
    const run = async (format: string): Promise<string> =>
      (await cli(['test', '--format', format], { cwd: folder.path })).stdout;
    const { failed, tests } = JSON.parse(await run('json'));
    expect(failed).toBe(2);
    expect(tests.at(-1)).toMatchObject({
      name: 'the bucket is closed',
      subject: 'bucket.json',
      claim: 'no-public-access',
      expected: 'PASS',
      verdict: 'FAIL',
      passed: false,
      counterexample: { action: 's3:GetObject', granting: [{ file: 'bucket.json', line: 4, sid: 'Open' }] },
    });
    const junit = await run('junit');
    expect(junit).toContain('tests="3" failures="2"');
    expect(junit).toContain(
      '<testcase classname="policy-tests/claims.yaml" name="the bucket is closed — bucket.json: no-public-access"',
    );
    const [{ results, tool }] = JSON.parse(await run('sarif')).runs;
    expect(results).toMatchObject([
      {
        ruleId: 'no-new-access',
        locations: [{ physicalLocation: { artifactLocation: { uri: 'policies/p.json' } } }],
      },
      {
        ruleId: 'no-public-access',
        message: { text: expect.stringContaining('wanted PASS, came FAIL') },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'bucket.json' }, region: { startLine: 4 } } },
        ],
      },
    ]);
    expect(tool.driver.rules[results[1].ruleIndex].id).toBe('no-public-access');
  });

  it('are chosen by a part of their name', async () => {
    using folder = folderWith(HOLDING);
    const { stdout } = await cli(['test', '--filter', 'deletes'], { cwd: folder.path });
    expect(stdout).toMatch(/^1 passed \(1 test\)$/m);
  });

  it.each([
    [
      'no claim',
      'principal: alice',
      '2:5: error: prove[0]: nothing is claimed: give one of no-new-access, equivalent, not-granted, no-public-access',
    ],
    [
      'two claims',
      'policy: ../bucket.json\n    no-public-access: true\n    not-granted: { actions: [s3:GetObject] }',
      '4:23: error: prove[0].no-public-access: several things are claimed',
    ],
    [
      'a claim about nothing',
      'principal: alice\n    not-granted: {}',
      '4:18: error: prove[0].not-granted: needs actions, resources, or both',
    ],
    [
      'a principal that is public',
      'principal: alice\n    no-public-access: true',
      '4:23: error: prove[0].no-public-access: only a document can be public',
    ],
    [
      'both kinds of subject',
      'principal: alice\n    policy: ../bucket.json\n    not-granted: { actions: [s3:GetObject] }',
      '4:13: error: prove[0].policy: a document is judged on its own',
    ],
    [
      'an unknown principal',
      'principal: alise\n    not-granted: { actions: [s3:GetObject] }',
      '3:16: error: prove[0].principal: ',
    ],
    [
      'an unknown member',
      'principal: alice\n    not-grantet: { actions: [s3:GetObject] }',
      '4:5: error: prove[0].not-grantet: unknown key; did you mean "not-granted"?',
    ],
    [
      'another verdict',
      'principal: alice\n    expect: pass\n    not-granted: { actions: [s3:GetObject] }',
      '4:13: error: prove[0].expect: must be PASS or FAIL or UNKNOWN',
    ],
  ])('are refused with their place where they have %s', async (_, members, message) => {
    using folder = folderWith(`prove:\n  - name: a claim\n    ${members}\n`);
    const { code, stderr } = await cli(['test'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining(`policy-tests/claims.yaml:${message}`),
    });
  });

  it('name what they compare with, where it is not there', async () => {
    using folder = folderWith(
      'prove:\n  - name: a claim\n    policy: gone.json\n    no-public-access: true\n',
    );
    const { code, stderr } = await cli(['test'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('policy-tests/gone.json: error: cannot be read: it does not exist');
  });
});
