import { describe, expect, it } from 'vitest';
import { exportLines } from '../../../src/commands/env/aws-variables.ts';

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
    expect(lines.at(-1)).toBe('export AWS_SESSION_TOKEN=new');
  });

  it('name the file to trust twice: for the AWS CLI and boto3, and for Node', () => {
    expect(exportLines({ ...TARGET, caFile: '/a folder/ca.pem' }, {}).slice(-2)).toEqual([
      "export AWS_CA_BUNDLE='/a folder/ca.pem'",
      "export NODE_EXTRA_CA_CERTS='/a folder/ca.pem'",
    ]);
  });
});
