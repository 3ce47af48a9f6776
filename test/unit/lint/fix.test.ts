import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withoutPaths } from '../../../src/commands/lint/fix.ts';
import { fixFindings } from '../../../src/commands/lint/lint.ts';
import { brief, folderWith, lintFolder } from './folder.ts';

const JSON_POLICY = `{
    "Version": "2012-10-17",
    "Statement": [
        {   "Effect": "Allow",
            "Action": [ "personalize:DescribeCampaign",
                        "personalize:DescribeDatasetImportJobRun",
                        "personalize:Describe*", "personalize:List*" ],
            "Resource": "*"  },
        { "Effect": "Allow", "Action": "personalize:ListCampaigns", "Resource": "*" }
    ]
}
`;

const YAML_POLICY = `# Who looks.
Version: "2012-10-17"
Statement:
  - Effect: Allow # all of it
    Action:
      - personalize:DescribeCampaign
      # of an old example
      - personalize:DescribeFeatureExportJob
      - 'personalize:List*'
    Resource: ["*"]
`;

async function fixed(name: string, text: string) {
  using folder = folderWith({ [`policies/${name}`]: text });
  const report = await lintFolder(folder.path);
  const files = await fixFindings(report);
  return {
    files: files.map(({ file: _, ...rest }) => rest),
    text: readFileSync(`${folder.path}/policies/${name}`, 'utf8'),
    left: brief(await lintFolder(folder.path)),
  };
}

describe('lint --fix', () => {
  it('takes elements out of JSON and leaves everything else as it is written', async () => {
    const { files, text, left } = await fixed('p.json', JSON_POLICY);
    expect(files).toEqual([{ removed: 3 }]);
    expect(left).toEqual([]);
    expect(text).toBe(`{
    "Version": "2012-10-17",
    "Statement": [
        {   "Effect": "Allow",
            "Action": [ "personalize:Describe*", "personalize:List*" ],
            "Resource": "*"  }
    ]
}
`);
  });

  it('keeps the comments and the form of YAML', async () => {
    const { files, text, left } = await fixed('p.yaml', YAML_POLICY);
    expect({ files, left }).toEqual({ files: [{ removed: 1 }], left: [] });
    expect(text).toBe(YAML_POLICY.replace(/ {6}# of.*\n.*FeatureExportJob\n/, ''));
  });

  it('keeps the line ends of Windows in YAML', async () => {
    const { files, text } = await fixed('p.yaml', YAML_POLICY.replaceAll('\n', '\r\n'));
    expect(files).toEqual([{ removed: 1 }]);
    expect(text).toBe(YAML_POLICY.replace(/ {6}# of.*\n.*FeatureExportJob\n/, '').replaceAll('\n', '\r\n'));
  });

  it('cuts YAML by its lines, whatever its form', async () => {
    const odd = YAML_POLICY.replace('Effect: Allow', 'Effect:   Allow   # as it was');
    const { files, text } = await fixed('p.yaml', odd);
    expect(files).toEqual([{ removed: 1 }]);
    expect(text).toBe(odd.replace(/ {6}# of.*\n.*FeatureExportJob\n/, ''));
  });

  it('cuts flow lists and whole statements of YAML, and keeps the comments of what follows', () => {
    const yaml = `Statement:
- # first
  Action: [ a:A,  b:B , c:C ]   # three
  Resource:   "*"
# about the second
- Action:
    - d:D
    - e:E
# about the third
- Action: f:F
`;
    const cut = (...paths: readonly (readonly (string | number)[])[]) =>
      withoutPaths(yaml, 'yaml', paths).fixed;
    expect(cut(['Statement', 0, 'Action', 1])).toBe(yaml.replace(',  b:B', ''));
    expect(cut(['Statement', 0, 'Action', 0])).toBe(yaml.replace('a:A,  ', ''));
    expect(cut(['Statement', 1])).toBe(yaml.replace(/# about the second\n.*\n.*\n.*\n/, ''));
    expect(cut(['Statement', 1, 'Action', 0], ['Statement', 2])).toBe(
      yaml.replace('    - d:D\n', '').replace(/# about the third\n.*\n/, ''),
    );
  });

  it('leaves YAML unchanged if another element refers to what would be removed', () => {
    const yaml = 'Statement:\n  - &one { Action: a:A }\n  - { Action: b:B }\n  - *one\n';
    expect(withoutPaths(yaml, 'yaml', [['Statement', 0]])).toEqual({
      fixed: yaml,
      removed: 0,
      kept: 'it cannot be removed automatically: remove it by hand',
    });
  });

  it('leaves the last element of a list, and says so', async () => {
    const only =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["personalize:DescribeFeatureExportJob"],"Resource":"*"}]}';
    const { files, text, left } = await fixed('p.json', only);
    expect(files).toEqual([{ removed: 0, kept: 'the last element of a list is kept' }]);
    expect(text).toBe(only);
    expect(left).toEqual(['p:0 retired-action']);
  });

  it('reaches into a policy whose only statement is in no list', async () => {
    const text =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["personalize:ListSchemas","personalize:List*"],"Resource":"*"}}';
    const { files, text: after } = await fixed('p.json', text);
    expect(files).toEqual([{ removed: 1 }]);
    expect(after).toBe(text.replace('"personalize:ListSchemas",', ''));
  });

  it('leaves suppressed findings', async () => {
    using folder = folderWith({
      'policies/p.yaml': YAML_POLICY,
      'config/lint.yaml': 'silence: [{ rule: retired-action, policy: p, reason: as documented }]\n',
    });
    expect(await fixFindings(await lintFolder(folder.path))).toEqual([]);
  });

  it('takes the later elements out first', () => {
    const { fixed: text } = withoutPaths('{"Statement": [0, 1, 2, 3, 4]}', 'json', [
      ['Statement', 0],
      ['Statement', 3],
      ['Statement', 4],
    ]);
    expect(JSON.parse(text)).toEqual({ Statement: [1, 2] });
  });
});
