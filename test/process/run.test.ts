import { describe, expect, it } from 'vitest';
import { hasAwsCli, hasBoto3 } from '../e2e/clients.ts';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { CommandProcess, cliProcess } from './command-process.ts';

const SDK = `${ROOT}node_modules/@aws-sdk/client-personalize/dist-cjs/index.js`;

/** A program that makes calls with the AWS SDK and prints what became of them. */
const program = (...calls: readonly string[]): string => `
import sdk from ${JSON.stringify(SDK)};
const client = new sdk.PersonalizeClient({});
for (const [name, input] of [${calls.join(', ')}]) {
  try { await client.send(new sdk[name + 'Command'](input)); console.log(name, 'passed'); }
  catch (error) { console.log(name, error.name); }
}
process.exitCode = Number(process.env.EXIT ?? 0);
`;

const CREATE = "['CreateDatasetGroup', { name: 'shop' }]";
const node = (file: string): readonly string[] => [process.execPath, file];

describe('run', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'hands %s on to the command, and reports what it did',
    async (signal) => {
      using folder = new TemporaryFolder();
      const file = folder.write(
        'waits.mjs',
        `${program(CREATE)}
       process.on('${signal}', () => { console.log('tidied up'); process.exit(9); });
       console.log('waiting'); setInterval(() => {}, 1000);`,
      );
      await using command = new CommandProcess(['run', '--as', 'bob', '--', ...node(file)]);
      await command.prints(/waiting/);
      command.child.kill(signal);
      const { code, stdout, stderr } = await command.ended;
      expect(stdout).toContain('tidied up');
      expect(stderr).toContain('1 call as bob: 0 allowed, 1 denied.');
      expect(code).toBe(9);
    },
  );
});

describe('the environment of a command', () => {
  it.skipIf(!hasBoto3)('is what boto3 reads', { tags: 'clients' }, async () => {
    const python = 'import boto3; print(boto3.client("personalize").list_schemas()["schemas"])';
    const { code, stdout, stderr } = await cliProcess(['run', '--as', 'bob', '--', 'python3', '-c', python]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '[]\n' });
    expect(stderr).toContain('1 call as bob: 1 allowed.');
  });

  it.skipIf(!hasAwsCli)('is what the AWS CLI reads', { tags: 'clients' }, async () => {
    const { code, stdout, stderr } = await cliProcess(
      [
        'run',
        '--as',
        'role/recommender',
        '--',
        'aws',
        'sts',
        'get-caller-identity',
        '--query',
        'Arn',
        '--output',
        'text',
      ],
      { env: { AWS_PROFILE: 'production' } },
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'arn:aws:sts::123456789012:assumed-role/recommender/personalize-authz-proxy\n',
    });
    expect(stderr).toContain('1 call as role/recommender: 1 allowed.');
  });
});
