import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasSamTranslator } from './clients.ts';
import { cli, ROOT } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const FILE = `${ROOT}test/fixtures/import/sam.yaml`;

/** Imports in a folder in which the command may also find programs. */
async function imported(
  source: string,
  { path, args = [] }: { path?: string; args?: readonly string[] } = {},
) {
  using folder = new TemporaryFolder({ 'template.yaml': source });
  const env = path === undefined ? {} : { PATH: path };
  const ended = await cli(['import', 'template.yaml', '--out', 'out', ...args], { cwd: folder.path, env });
  const read = (name: string): string => readFileSync(`${folder.path}/out/${name}`, 'utf8');
  return { ...ended, files: ended.code === 0 ? filesOf(read) : undefined };
}

const filesOf = (read: (name: string) => string) => ({
  principals: parse(read('config/principals.yaml')),
  own: JSON.parse(read('policies/inline/RecommendRolePolicy2.json')),
  bucket: JSON.parse(read('policies/inline/RecommendRolePolicy1.json')),
});

/** A folder whose `python3` answers as one does that prints `reply` and ends with `code`. */
function folderWithPython(reply: string, code: number): TemporaryFolder {
  const folder = new TemporaryFolder({});
  mkdirSync(`${folder.path}/bin`);
  const file = `${folder.path}/bin/python3`;
  writeFileSync(file, `#!/bin/sh\n${reply}\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return folder;
}

describe('import of a SAM template', () => {
  const source = readFileSync(FILE, 'utf8');

  it('names the translator and the alternative where the translator is missing', async () => {
    const { code, stdout, stderr } = await imported(source, { path: '/nonexistent' });
    expect(stderr).toContain('template.yaml:2:12: error: this is a SAM template: install its translator');
    expect(stderr).toContain('--template-stage Processed');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    [
      'its own reason',
      'echo "the resource is invalid"',
      4,
      'cannot translate this SAM template: the resource is invalid',
    ],
    [
      'the last line of a crash',
      'echo "Traceback" >&2; echo "ValueError: odd" >&2',
      1,
      'template: ValueError: odd',
    ],
  ])('is refused where the translator fails, with %s', async (_, reply, exitCode, message) => {
    using python = folderWithPython(reply, exitCode);
    const { code, stderr } = await imported(source, { path: `${python.path}/bin:/bin:/usr/bin` });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('is refused where another transform comes with it', async () => {
    const both = source.replace(
      'Transform: AWS::Serverless-2016-10-31',
      'Transform: [AWS::Serverless-2016-10-31, Own]',
    );
    const { code, stderr } = await imported(both);
    expect(stderr).toContain('Transform changes the template at deployment');
    expect(code).toBe(2);
  });
});

describe.skipIf(!hasSamTranslator)(
  'import of a SAM template with aws-sam-translator (skips where it is not installed)',
  { tags: 'clients' },
  () => {
    const source = readFileSync(FILE, 'utf8');

    it('gives the roles of functions and state machines with their policies', async () => {
      const { code, files } = await imported(source, { args: ['--logical-names'] });
      expect(code).toBe(0);
      expect(files?.principals.roles).toMatchObject({
        RecommendRole: {
          managedPolicies: ['AWSLambdaBasicExecutionRole', 'AmazonPersonalizeFullAccess'],
          inlinePolicies: ['inline/RecommendRolePolicy1', 'inline/RecommendRolePolicy2'],
          tags: { stage: 'dev' },
        },
        RetrainRole: { inlinePolicies: ['inline/RetrainRolePolicy0'] },
      });
      expect(files?.bucket.Statement[0].Resource).toEqual([
        'arn:aws:s3:::shop-dev',
        'arn:aws:s3:::shop-dev/*',
      ]);
      expect(files?.own.Statement[0].Resource).toBe(
        'arn:aws:personalize:us-east-1:123456789012:campaign/shop',
      );
    });

    it('takes parameters and values, and places what is missing at the SAM resource', async () => {
      const given = ['--parameter', 'Stage=prod', '--value', 'RecommendRole=recommend'];
      const { code, stderr } = await imported(source, { args: given });
      expect(stderr).toMatch(/template\.yaml:25:3: error: Recommend has no FunctionName/);
      expect(stderr).not.toContain('RecommendRole has no');
      expect(code).toBe(2);
      const { files } = await imported(source, { args: [...given, '--logical-names'] });
      expect(files?.bucket.Statement[0].Resource).toContain('arn:aws:s3:::shop-prod');
    });

    it('reports why a template is invalid', async () => {
      const { code, stderr } = await imported(source.replace('- S3ReadPolicy:', '- S3ReedPolicy:'));
      expect(stderr).toContain('aws-sam-translator cannot translate this SAM template');
      expect(stderr).toContain('Recommend');
      expect(code).toBe(2);
    });
  },
);
