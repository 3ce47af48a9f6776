import { describe, expect, it } from 'vitest';
import { isUsed } from '../../../src/commands/coverage/coverage.ts';
import { measureCoverage } from '../../../src/commands/coverage/measure.ts';
import { renderLcov } from '../../../src/commands/coverage/render-lcov.ts';
import { renderCoveragePage } from '../../../src/commands/coverage/render-page.ts';
import { renderCoverage } from '../../../src/commands/coverage/render-text.ts';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';
import { configuration, TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { ACCOUNT, check, directoryOf, document, recordOf, SHOP } from './recorded.ts';

const policy = document(
  {
    Sid: 'Groups',
    Effect: 'Allow',
    Action: ['personalize:CreateDatasetGroup', 'personalize:Describe*', 'personalize:ListSchemas'],
    Resource: [SHOP, 'arn:aws:personalize:*:*:solution/*'],
  },
  { Sid: 'NoDelete', Effect: 'Deny', Action: 'personalize:Delete*', Resource: '*' },
  { Sid: 'Rest', Effect: 'Allow', NotAction: 'personalize:*', NotResource: SHOP },
);

const session = { holder: 'role/app', issuedAt: '2026-11-23T11:00:00.000Z' };
const ofRole = {
  session,
  principal: {
    type: 'AssumedRole',
    arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/app/s`),
    accountId: ACCOUNT,
    roleArn: arnOf(`arn:aws:iam::${ACCOUNT}:role/app`),
    sessionName: 's',
  },
} as const;

describe('coverage', () => {
  it('counts how often each statement, action and resource allowed', async () => {
    const directory = await directoryOf({ p: policy });
    const records = [
      recordOf([check('personalize:CreateDatasetGroup', SHOP)]),
      recordOf([check('personalize:DescribeDatasetGroup', SHOP), check('personalize:DescribeSchema', SHOP)]),
    ];

    const [measured] = measureCoverage({ directory, records }).policies;
    const [groups] = measured?.statements ?? [];

    expect(groups).toMatchObject({ sid: 'Groups', effect: 'Allow', allowed: 3, denied: 0 });
    expect(groups?.patterns.map(({ pattern, allowed, matched }) => [pattern, allowed, matched])).toEqual([
      ['personalize:CreateDatasetGroup', 1, ['personalize:CreateDatasetGroup']],
      ['personalize:Describe*', 2, ['personalize:DescribeDatasetGroup', 'personalize:DescribeSchema']],
      ['personalize:ListSchemas', 0, []],
      [SHOP, 3, [SHOP]],
      ['arn:aws:personalize:*:*:solution/*', 0, []],
    ]);
  });

  it('counts a Deny where it matched, and no Allow of a check that was denied', async () => {
    const directory = await directoryOf({
      p: policy,
      all: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
    });
    const { policies } = measureCoverage({
      directory,
      records: [recordOf([check('personalize:DeleteDatasetGroup', SHOP)])],
    });
    const used = policies.flatMap(({ policy: name, statements }) =>
      statements.filter(isUsed).map(({ sid, denied }) => [name, sid, denied]),
    );

    expect(used).toEqual([['p', 'NoDelete', 1]]);
  });

  it('takes a statement without Action and Resource as one thing to use', async () => {
    const directory = await directoryOf({ p: policy });
    const { elements, used, percent } = measureCoverage({
      directory,
      records: [recordOf([check('s3:GetObject', 'arn:aws:s3:::bucket/key')])],
    });

    expect({ elements, used, percent }).toEqual({ elements: 10, used: 1, percent: 10 });
  });

  it('takes what only an undocumented check uses as used', async () => {
    const directory = await directoryOf({ p: policy });
    const [measured] = measureCoverage({
      directory,
      records: [recordOf([], { undocumented: [check('personalize:ListSchemas', SHOP)] })],
    }).policies;

    expect(measured?.statements[0]).toMatchObject({ allowed: 0, undocumented: 1 });
    expect(measured?.used).toBe(3);
  });

  it('distinguishes a principal from others that have the same policy', async () => {
    const directory = await directoryOf({ p: policy });
    const records = [
      recordOf([check('personalize:ListSchemas', SHOP)]),
      recordOf([check('personalize:CreateDatasetGroup', SHOP)], ofRole),
    ];
    const { principals } = measureCoverage({ directory, records });

    const unused = principals.map(({ principal, checks, unused: [first] }) => [
      principal,
      checks,
      first?.actions,
    ]);
    expect(unused).toEqual([
      ['user/alice', 1, ['personalize:CreateDatasetGroup', 'personalize:Describe*']],
      ['role/app', 1, ['personalize:Describe*', 'personalize:ListSchemas']],
    ]);
  });

  it('of one principal takes its calls and its policies alone', async () => {
    const directory = await directoryOf(
      { p: policy, boundary: document({ Effect: 'Allow', Action: '*', Resource: '*' }) },
      ['p'],
      {
        permissionsBoundary: 'boundary',
      },
    );
    const records = [recordOf([check('personalize:ListSchemas', SHOP)])];

    const ofApp = measureCoverage({ directory, records, only: ['role/app'] });
    const ofAlice = measureCoverage({ directory, records, only: ['user/alice'] });

    expect(ofApp).toMatchObject({ decisions: 0, used: 0, policies: [{ policy: 'p' }] });
    expect(ofAlice).toMatchObject({
      decisions: 1,
      policies: [{ policy: 'p' }, { policy: 'boundary', percent: 100 }],
    });
  });

  it('sorts the least covered policy first, and leaves out trust policies and unattached policies', async () => {
    const directory = await directoryOf(
      {
        used: document({ Effect: 'Allow', Action: 'personalize:ListSchemas', Resource: '*' }),
        unused: document({ Effect: 'Allow', Action: 'personalize:ListFilters', Resource: '*' }),
        nobodys: document({ Effect: 'Allow', Action: 'personalize:ListRecipes', Resource: '*' }),
      },
      ['used', 'unused'],
    );
    const { policies } = measureCoverage({
      directory,
      records: [recordOf([check('personalize:ListSchemas')])],
    });

    expect(policies.map(({ policy: name, percent }) => [name, percent])).toEqual([
      ['unused', 0],
      ['used', 100],
    ]);
  });

  it('says of calls whose callers are gone that they are not counted', async () => {
    const directory = await directoryOf({ p: policy });
    const gone = recordOf([check('personalize:ListSchemas')], {
      session: { ...session, holder: 'role/gone' },
    });

    expect(measureCoverage({ directory, records: [gone] })).toMatchObject({
      checks: 0,
      unasked: ['there is no role/gone'],
    });
  });
});

describe('coverage of policy files', () => {
  const text = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "A<b>", "Effect": "Allow",
    "Action": ["personalize:ListSchemas", "personalize:ListFilters"],
    "Resource": "*"
  }]
}`.replace('A<b>', 'Lists');

  async function measured() {
    using folder = new TemporaryFolder(configuration(text));
    const read = await readDirectory({
      principalsFile: `${folder.path}/config/principals.yaml`,
      policiesFolder: `${folder.path}/policies`,
      account: ACCOUNT,
      partition: 'aws',
    });
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const directory = read.value;
    const coverage = measureCoverage({ directory, records: [recordOf([check('personalize:ListSchemas')])] });
    return {
      file: `${folder.path}/policies/p.json`,
      coverage,
      page: await renderCoveragePage(coverage, directory),
    };
  }

  it('is lcov with a function for each statement, a branch for each pattern, and the lines', async () => {
    const { file, coverage } = await measured();

    expect(renderLcov(coverage).split('\n')).toEqual([
      'TN:',
      `SF:${file}`,
      'FN:3,0:Lists',
      'FNDA:1,0:Lists',
      'FNF:1',
      'FNH:1',
      'BRDA:5,0,0,1',
      'BRDA:5,0,1,0',
      'BRDA:6,0,2,1',
      'BRF:3',
      'BRH:2',
      'DA:3,1',
      'DA:5,1',
      'DA:6,1',
      'LF:3',
      'LH:3',
      'end_of_record',
      '',
    ]);
  });

  it('is a text that names file and line of what was never used', async () => {
    const { file, coverage } = await measured();
    const lines = renderCoverage(coverage).split('\n');

    expect(lines[0]).toBe('75% covered: 3 of 4 statements, actions and resources of attached policies');
    expect(lines).toContain(`  ${file}:5  Allow Lists: Action personalize:ListFilters`);
    expect(lines).toContain(`    ${file}:3, Lists: personalize:ListFilters`);
  });

  it('is a page with the source, every pattern marked, and nothing from elsewhere', async () => {
    const { page } = await measured();

    expect(page).toContain(
      '<mark class="never" title="never used">&quot;personalize:ListFilters&quot;</mark>',
    );
    expect(page).toMatch(/<mark class="used" title="allowed 1×: personalize:ListSchemas">/);
    expect(page).toContain('<span class="n">5</span><span class="hits">1×, in part</span>');
    expect(page).not.toMatch(/<script|https?:|src=|url\(/);
  });
});

describe('the page', () => {
  it('shows an AWS managed policy as it would be written', async () => {
    const directory = await directoryOf({}, ['AmazonPersonalizeFullAccess']);
    const coverage = measureCoverage({ directory, records: [recordOf([check('personalize:ListSchemas')])] });

    const page = await renderCoveragePage(coverage, directory);

    expect(page).toMatch(/<mark class="used"[^>]*>&quot;personalize:\*&quot;<\/mark>/);
    expect(page).toMatch(/<mark class="never"[^>]*>&quot;s3:GetObject&quot;<\/mark>/);
  });

  it('takes nothing that policies and records say for markup', async () => {
    const directory = await directoryOf({
      p: document({ Effect: 'Allow', Action: 'personalize:*', Resource: 'arn:aws:personalize:*:*:<img>/*' }),
    });
    const records = [recordOf([check('personalize:ListSchemas', 'arn:aws:personalize:a:b:<img>/"x')])];

    const page = await renderCoveragePage(measureCoverage({ directory, records }), directory);

    expect(page).not.toContain('<img>');
    expect(page).toContain('&lt;img&gt;/&quot;x');
  });
});
