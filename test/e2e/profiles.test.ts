/** @module-tag clients */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { oneTimeCode } from '../../src/sessions/one-time-code.ts';
import { Issuer } from '../unit/sts/issuer.ts';
import { ACCOUNT, allow, policy, roleArn, sessionArn, trust, userArn } from '../unit/sts/world.ts';
import { type AwsEnvironment, awsCli, hasAwsCli, hasBoto3, node, python } from './clients.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/*
 * Roles as applications find them: a profile with source_profile, role_arn and mfa_serial, a chain of profiles, and
 * AWS_WEB_IDENTITY_TOKEN_FILE. The clients assume the roles by themselves, at the proxy.
 */

const SECRET = 'JBSWY3DPEHPK3PXP';
const ISSUER = 'https://ci.example.com';
/** Each client has a user of its own: a one-time code counts once. */
const USERS = ['sdk', 'boto', 'cli'] as const;
type UserName = (typeof USERS)[number];

const POLICIES = {
  look: allow('personalize:ListSchemas'),
  assume: allow('sts:AssumeRole'),
  'trust/users': trust(ACCOUNT),
  'trust/mfa': trust(ACCOUNT, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
  'trust/first': trust(roleArn('first')),
  'trust/ci': policy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.example.com` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { 'ci.example.com:sub': 'repo:shop/app:*' } },
  }),
};

const keyOf = (name: string) => ({
  id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`,
  secret: `local-only-secret-of-${name}`,
});

const CREDENTIALS = USERS.map(
  (name) =>
    `[${name}]\naws_access_key_id = ${keyOf(name).id}\naws_secret_access_key = ${keyOf(name).secret}\n`,
).join('\n');

const profile = (name: string, settings: Readonly<Record<string, string>>): string =>
  [`[profile ${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`), ''].join(
    '\n',
  );

const CONFIG = USERS.flatMap((name) => [
  profile(`${name}-first`, { source_profile: name, role_arn: roleArn('first'), role_session_name: 'one' }),
  profile(`${name}-second`, {
    source_profile: `${name}-first`,
    role_arn: roleArn('second'),
    role_session_name: 'two',
  }),
  profile(`${name}-closed`, { source_profile: name, role_arn: roleArn('second'), role_session_name: 'no' }),
  profile(`${name}-mfa`, {
    source_profile: name,
    role_arn: roleArn('mfa'),
    role_session_name: 'safe',
    mfa_serial: `arn:aws:iam::${ACCOUNT}:mfa/${name}`,
  }),
]).join('\n');

let proxy: RunningProxy;
let folder: TemporaryFolder;
let tokenFile: string;
let foreignTokenFile: string;
beforeAll(async () => {
  await using issuer = await Issuer.make(ISSUER);
  const { keys } = await issuer.keySet();
  folder = new TemporaryFolder({ config: CONFIG, credentials: CREDENTIALS });
  tokenFile = folder.write('token', await issuer.token(Date.now()));
  foreignTokenFile = folder.write('foreign', await issuer.token(Date.now(), { sub: 'repo:evil/app:main' }));
  proxy = await startProxy({
    principals: {
      users: Object.fromEntries(
        USERS.map((name) => [
          name,
          { accessKeys: [keyOf(name)], managedPolicies: ['assume'], mfa: { secret: SECRET } },
        ]),
      ),
      roles: {
        first: { trustPolicy: 'trust/users', managedPolicies: ['look'] },
        second: { trustPolicy: 'trust/first', managedPolicies: ['look'] },
        mfa: { trustPolicy: 'trust/mfa', managedPolicies: ['look'] },
        ci: { trustPolicy: 'trust/ci', managedPolicies: ['look'] },
      },
      oidcProviders: [
        { url: ISSUER, clientIds: ['sts.amazonaws.com'], jwks: { keys: keys.map((key) => ({ ...key })) } },
      ],
    },
    policies: POLICIES,
  });
});
afterAll(async () => {
  await proxy.close();
  folder[Symbol.dispose]();
});

/** The AWS CLI keeps what it was given below its home. */
const files = (): Readonly<Record<string, string>> => ({
  HOME: folder.path,
  AWS_CONFIG_FILE: `${folder.path}/config`,
  AWS_SHARED_CREDENTIALS_FILE: `${folder.path}/credentials`,
});
const place = () => ({ endpoint: proxy.url, region: proxy.config.region });
const withProfile = (name: string): AwsEnvironment => ({
  ...place(),
  variables: { ...files(), AWS_PROFILE: name },
});
const withTokenFile = (file: string, sessionName = 'build'): AwsEnvironment => ({
  ...place(),
  variables: {
    ...files(),
    AWS_ROLE_ARN: roleArn('ci'),
    AWS_ROLE_SESSION_NAME: sessionName,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  },
});

const codeOf = (name: UserName): string => {
  const { secret } = proxy.directory.users.get(name)?.mfa ?? { secret: '' };
  return oneTimeCode(secret, Date.now());
};

const DENIED = (name: UserName): string =>
  `User: ${userArn(name)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn('second')}`;
const NO_IDENTITY = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';

/** What was called, by whom, as the proxy saw it: the client's own calls to STS are among it. */
const seen = (arn: string): readonly (string | undefined)[] =>
  proxy.decisions.filter(({ principal }) => principal?.arn === arn).map(({ request }) => request.operation);

describe('AWS SDK for JavaScript v3', () => {
  const program = (options: string): string => `
import { PersonalizeClient, ListSchemasCommand } from '@aws-sdk/client-personalize';
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
const credentials = defaultProvider(${options});
try {
  console.log((await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}))).Arn);
  console.log((await new PersonalizeClient({ credentials }).send(new ListSchemasCommand({}))).schemas.length);
} catch (cause) {
  console.log(cause.message);
}
`;
  const lines = async (aws: AwsEnvironment, options = '{}'): Promise<readonly string[]> => {
    const { stdout, stderr } = await node(aws, program(options));
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  it('assumes the role of a profile, and the next one of a chain', async () => {
    expect(await lines(withProfile('sdk-first'))).toEqual([sessionArn('first', 'one'), '0']);
    expect(await lines(withProfile('sdk-second'))).toEqual([sessionArn('second', 'two'), '0']);
    expect(seen(userArn('sdk'))).toContain('AssumeRole');
  });

  it('is refused a role that does not trust it', async () => {
    expect(await lines(withProfile('sdk-closed'))).toEqual([DENIED('sdk')]);
  });

  it('asks for the code of the device that the profile names', async () => {
    const options = `{ mfaCodeProvider: async (serial) => serial.endsWith('mfa/sdk') ? '${codeOf('sdk')}' : '' }`;
    expect(await lines(withProfile('sdk-mfa'), options)).toEqual([sessionArn('mfa', 'safe'), '0']);
  });

  it('trades the token of a file for a role, where the role trusts it', async () => {
    expect(await lines(withTokenFile(tokenFile))).toEqual([sessionArn('ci', 'build'), '0']);
    expect(await lines(withTokenFile(foreignTokenFile))).toEqual([NO_IDENTITY]);
  });
});

describe.skipIf(!hasBoto3)('boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  const program = `
import sys, boto3, botocore.session
from botocore.exceptions import ClientError
session = botocore.session.Session()
session.get_component('credential_provider').get_provider('assume-role')._prompter = lambda _: sys.stdin.read()
boto = boto3.Session(botocore_session=session)
try:
    print(boto.client('sts').get_caller_identity()['Arn'])
    print(len(boto.client('personalize').list_schemas()['schemas']))
except ClientError as e:
    print(e.response['Error']['Message'])
`;
  const lines = async (aws: AwsEnvironment, stdin?: string): Promise<readonly string[]> => {
    const { stdout, stderr } = await python(aws, program, stdin);
    expect(stderr).toBe('');
    return stdout.trim().split('\n');
  };

  it('assumes the role of a profile, and the next one of a chain', async () => {
    expect(await lines(withProfile('boto-first'))).toEqual([sessionArn('first', 'one'), '0']);
    expect(await lines(withProfile('boto-second'))).toEqual([sessionArn('second', 'two'), '0']);
  });

  it('is refused a role that does not trust it', async () => {
    expect(await lines(withProfile('boto-closed'))).toEqual([DENIED('boto')]);
  });

  it('asks for the code of the device that the profile names', async () => {
    expect(await lines(withProfile('boto-mfa'), codeOf('boto'))).toEqual([sessionArn('mfa', 'safe'), '0']);
  });

  it('trades the token of a file for a role, where the role trusts it', async () => {
    expect(await lines(withTokenFile(tokenFile))).toEqual([sessionArn('ci', 'build'), '0']);
    expect(await lines(withTokenFile(foreignTokenFile))).toEqual([NO_IDENTITY]);
  });
});

describe.skipIf(!hasAwsCli)('the AWS CLI (skips where it is not installed)', { tags: 'clients' }, () => {
  const whoIs = async (aws: AwsEnvironment): Promise<string> => {
    const { stdout, stderr } = await awsCli(
      aws,
      'sts',
      'get-caller-identity',
      '--query',
      'Arn',
      '--output',
      'text',
    );
    return stdout.trim() || stderr;
  };

  it('assumes the roles of a chain of profiles', async () => {
    expect(await whoIs(withProfile('cli-second'))).toBe(sessionArn('second', 'two'));
  });

  it('prints the refusal of a role that does not trust it', async () => {
    expect(await whoIs(withProfile('cli-closed'))).toContain(
      `An error occurred (AccessDenied) when calling the AssumeRole operation: ${DENIED('cli')}`,
    );
  });

  it('asks for the code of the device that the profile names', async () => {
    // Without a terminal it reads the code from its standard input.
    const { endpoint, region, variables } = withProfile('cli-mfa');
    const args = [
      'sts',
      'get-caller-identity',
      '--query',
      'Arn',
      '--output',
      'text',
      '--endpoint-url',
      endpoint,
    ];
    const env = {
      PATH: process.env.PATH,
      HOME: folder.path,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      ...variables,
    };
    const cli = spawn('aws', args, { env, detached: true });
    let stdout = '';
    cli.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    cli.stdin.end(`${codeOf('cli')}\n`);
    await once(cli, 'close');
    expect(stdout.trim()).toBe(sessionArn('mfa', 'safe'));
  });

  it('trades the token of a file for a role', async () => {
    expect(await whoIs(withTokenFile(tokenFile))).toBe(sessionArn('ci', 'build'));
    expect(await whoIs(withTokenFile(foreignTokenFile, 'other'))).toContain(NO_IDENTITY);
  });
});
