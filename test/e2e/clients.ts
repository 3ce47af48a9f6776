import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether boto3 is on this machine; tests with it skip, and say so, where it is not. */
export const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0;

/** Whether pytest is there beside it. */
export const hasPytest = hasBoto3 && spawnSync('python3', ['-m', 'pytest', '--version']).status === 0;

/** Whether the AWS CLI is on this machine. */
export const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

export interface AwsEnvironment {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** What else is in the environment, e.g. a file with profiles. */
  readonly variables?: Readonly<Record<string, string>>;
}

function environment({ endpoint, region, credentials, variables }: AwsEnvironment): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }),
    ...(credentials?.sessionToken && { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    NO_PROXY: '*',
    ...variables,
  };
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function command(
  file: string,
  args: readonly string[],
  aws: AwsEnvironment,
  stdin = '',
): Promise<CommandResult> {
  try {
    const running = run(file, args, { env: environment(aws), timeout: 30_000 });
    running.child.stdin?.end(stdin);
    const { stdout, stderr } = await running;
    return { code: 0, stdout, stderr };
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** Runs a program of Node that finds the packages of this checkout; it prints what the test wants to see. */
export const node = (aws: AwsEnvironment, program: string): Promise<CommandResult> =>
  command(process.execPath, ['--input-type=module', '--eval', program], aws);

/** Runs the AWS CLI with endpoint, region and credentials in its environment. */
export const awsCli = (aws: AwsEnvironment, ...args: string[]): Promise<CommandResult> =>
  command('aws', args, aws);

/** Runs a Python program that has boto3; it prints what the test wants to see. */
export const python = (aws: AwsEnvironment, program: string, stdin?: string): Promise<CommandResult> =>
  command('python3', ['-c', program], aws, stdin);
