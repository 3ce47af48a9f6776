import { describe, expect, it } from 'vitest';
import { exportLines, sdkEnvironment } from '../../../src/commands/env/sdk-environment.ts';

const TARGET = {
  endpoint: 'http://127.0.0.1:7377',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIALOCALALICE000000', secretAccessKey: "a'secret; $(of) alice" },
};

describe('the lines for a shell', () => {
  it('export what a client reads, quoted where a shell would read something else', () => {
    expect(exportLines(TARGET, {})).toEqual([
      'export AWS_ENDPOINT_URL=http://127.0.0.1:7377',
      'export AWS_REGION=us-east-1',
      'export AWS_DEFAULT_REGION=us-east-1',
      'export AWS_ACCESS_KEY_ID=AKIALOCALALICE000000',
      `export AWS_SECRET_ACCESS_KEY='a'\\''secret; $(of) alice'`,
      'export AWS_CONFIG_FILE=/dev/null',
      'export AWS_SHARED_CREDENTIALS_FILE=/dev/null',
      'export AWS_EC2_METADATA_DISABLED=true',
      "export NO_PROXY='127.0.0.1,localhost,::1'",
      "export no_proxy='127.0.0.1,localhost,::1'",
    ]);
  });

  it('unset what is there and would be in the way, and nothing that they export', () => {
    const inherited = {
      AWS_PROFILE: 'work',
      AWS_SESSION_TOKEN: 'old',
      AWS_ENDPOINT_URL_STS: 'http://x',
      HOME: '/',
    };
    expect(exportLines(TARGET, inherited)[0]).toBe(
      'unset AWS_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL_STS',
    );
    const session = { ...TARGET.credentials, sessionToken: 'new' };
    const lines = exportLines({ ...TARGET, credentials: session }, { AWS_SESSION_TOKEN: 'old' });
    expect(lines[0]).toBe('export AWS_ENDPOINT_URL=http://127.0.0.1:7377');
    expect(lines).toContain('export AWS_SESSION_TOKEN=new');
  });

  it('name the file to trust twice: for the AWS CLI and boto3, and for Node', () => {
    const lines = exportLines({ ...TARGET, caFile: '/a folder/ca.pem' }, {});
    expect(lines).toContain("export AWS_CA_BUNDLE='/a folder/ca.pem'");
    expect(lines).toContain("export NODE_EXTRA_CA_CERTS='/a folder/ca.pem'");
  });

  it('unset the FIPS and dual-stack flags and the endpoint of each service', () => {
    const inherited = {
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_ENDPOINT_URL_S3: 'http://x',
    };
    expect(exportLines(TARGET, inherited)[0]).toBe(
      'unset AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_ENDPOINT_URL_S3',
    );
  });

  it('leave NO_PROXY as it is when they are evaluated again', () => {
    const once = sdkEnvironment(TARGET, { NO_PROXY: 'internal' });
    expect(once.NO_PROXY).toBe('internal,127.0.0.1,localhost,::1');
    expect(sdkEnvironment(TARGET, once)).toEqual(once);
  });

  it('give a shell the environment that `run` gives a command', () => {
    const inherited = { AWS_PROFILE: 'work', AWS_ENDPOINT_URL_DYNAMODB: 'http://x' };
    const names = exportLines(TARGET, inherited).flatMap((line) => /^export (\w+)=/.exec(line)?.[1] ?? []);
    expect(Object.keys(sdkEnvironment(TARGET, inherited)).sort()).toEqual(
      ['AWS_ENDPOINT_URL_DYNAMODB', ...names].sort(),
    );
  });
});
