import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Python finds the modules without importing them, which takes a tenth of the time. */
const hasModules = (...names: readonly string[]): boolean =>
  spawnSync('python3', [
    '-c',
    'import sys; from importlib.util import find_spec; sys.exit(None in map(find_spec, sys.argv[1:]))',
    ...names,
  ]).status === 0;

/** Whether boto3 is on this machine; tests with it skip, and say so, where it is not. They have the tag `clients`. */
export const hasBoto3 = hasModules('boto3');

/** Whether pytest is there beside it. */
export const hasPytest = hasBoto3 && hasModules('pytest');

/** Whether AWS's translator of SAM templates is there. */
export const hasSamTranslator = hasModules('samtranslator');

/** Whether the AWS CLI is on this machine. */
export const hasAwsCli = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => ['aws', 'aws.exe'].some((name) => existsSync(join(folder, name))));

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
