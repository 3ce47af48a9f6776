import { describe, expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const TEMPLATE = JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: {
    Data: { Type: 'AWS::S3::Bucket' },
    Logs: { Type: 'AWS::S3::Bucket' },
    Service: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        Policies: [
          {
            PolicyName: 'read',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 's3:ListBucket', Resource: { 'Fn::GetAtt': ['Data', 'Arn'] } },
              ],
            },
          },
        ],
      },
    },
  },
});

const GIVEN = ['--value', 'Service=service', '--value', 'Data.Arn=arn:aws:s3:::data'];

async function imported(...args: readonly string[]) {
  using folder = new TemporaryFolder({ 'template.json': TEMPLATE });
  return await cli(['import', 'template.json', '--out', 'out', ...args], { cwd: folder.path });
}

describe('values for an import', () => {
  it('are taken where the template has their names, needed or not', async () => {
    expect(await imported(...GIVEN, '--value', 'Logs=logs')).toMatchObject({ code: 0 });
  });

  it.each([
    ['Servise=x', '--value Servise: the source has no such name; did you mean "Service"?'],
    ['Data.Arnn=x', '--value Data.Arnn: the source has no such name; did you mean "Data.Arn"?'],
  ])('are refused where it does not: %s', async (value, message) => {
    const { code, stdout, stderr } = await imported(...GIVEN, '--value', value);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('are parameters where the template has them', async () => {
    const { code, stderr } = await imported(...GIVEN, '--parameter', 'Stage=x');
    expect(stderr).toContain('--parameter Stage: the template has no such parameter');
    expect(code).toBe(2);
  });
});
