import { describe, expect, it } from 'vitest';
import { arnOf } from '../../../src/lib/identifiers.ts';
import { cloudTrailLine } from '../../../src/records/cloudtrail.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { readDecisions } from '../../../src/records/read-decisions.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { ACCOUNT, ALICE, check, recordOf, SHOP } from '../commands/recorded.ts';

const lineOf = (record: DecisionRecord, parameters: unknown = { name: 'shop' }) =>
  JSON.parse(cloudTrailLine(record, () => parameters));

const decided = (
  context: Readonly<Record<string, string>>,
  more: Partial<DecisionRecord> = {},
): DecisionRecord =>
  recordOf([check('personalize:CreateDatasetGroup', SHOP, { decision: 'allowed', context })], more);

const withoutPrincipal = ({ principal: _, ...record }: DecisionRecord): DecisionRecord => record;

describe('a line of a CloudTrail log', () => {
  it('has the members of a CloudTrail record', () => {
    const record = decided({ 'aws:userid': 'AIDAEXAMPLE' });

    expect(lineOf(record)).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLE',
        arn: ALICE,
        accountId: ACCOUNT,
        accessKeyId: 'AKIAEXAMPLEALICE0000',
        userName: 'alice',
      },
      eventTime: '2026-11-23T12:00:00Z',
      eventSource: 'personalize.amazonaws.com',
      eventName: 'CreateDatasetGroup',
      awsRegion: 'us-east-1',
      sourceIPAddress: '127.0.0.1',
      requestParameters: { name: 'shop' },
      responseElements: null,
      additionalEventData: { decision: record },
      requestID: 'r',
      eventID: '7c0c0000',
      readOnly: false,
      resources: [{ ARN: SHOP, accountId: ACCOUNT }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
    });
  });

  it('contains the error response', () => {
    const error = { code: 'AccessDeniedException', status: 400, message: 'no' };

    expect(lineOf(recordOf([], { error }))).toMatchObject({
      errorCode: 'AccessDeniedException',
      errorMessage: 'no',
    });
  });

  it('contains the principal of a session, its start, and whether it used MFA', () => {
    const record = decided(
      { 'aws:userid': 'AROAEXAMPLE:web', 'aws:MultiFactorAuthPresent': 'true' },
      {
        principal: {
          type: 'AssumedRole',
          arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/app/web`),
          accountId: ACCOUNT,
          roleArn: arnOf(`arn:aws:iam::${ACCOUNT}:role/path/app`),
          sessionName: 'web',
        },
        session: { holder: 'role/app', issuedAt: '2026-11-23T11:00:00.000Z' },
      },
    );

    expect(lineOf(record).userIdentity).toMatchObject({
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:web',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE',
          arn: `arn:aws:iam::${ACCOUNT}:role/path/app`,
          accountId: ACCOUNT,
          userName: 'app',
        },
        attributes: { creationDate: '2026-11-23T11:00:00Z', mfaAuthenticated: 'true' },
      },
    });
  });

  it('contains the issuer of a federated user', () => {
    const record = decided(
      { 'aws:userid': `${ACCOUNT}:guest` },
      {
        principal: {
          type: 'FederatedUser',
          arn: arnOf(`arn:aws:sts::${ACCOUNT}:federated-user/guest`),
          accountId: ACCOUNT,
        },
        session: { holder: 'user/alice', issuedAt: '2026-11-23T11:00:00.000Z' },
      },
    );

    expect(lineOf(record).userIdentity).toMatchObject({
      type: 'FederatedUser',
      sessionContext: { sessionIssuer: { type: 'IAMUser', arn: ALICE, userName: 'alice' } },
    });
  });

  it('identifies a web identity by its provider, and omits an unknown caller', () => {
    const web = withoutPrincipal(
      decided({ 'aws:FederatedProvider': 'accounts.google.com', 'aws:userid': 'subject' }),
    );

    expect(lineOf(web).userIdentity).toEqual({
      type: 'WebIdentityUser',
      principalId: 'accounts.google.com:subject',
      userName: 'subject',
      identityProvider: 'accounts.google.com',
    });
    expect(lineOf(withoutPrincipal(recordOf([]))).userIdentity).toEqual({
      type: 'Unknown',
      accessKeyId: 'AKIAEXAMPLEALICE0000',
    });
  });

  it.each([
    ['personalize', 'ListSchemas', 'personalize.amazonaws.com', true, 'Management'],
    ['personalize-runtime', 'GetRecommendations', 'personalize.amazonaws.com', true, 'Data'],
    ['personalize-events', 'PutEvents', 'personalize.amazonaws.com', false, 'Data'],
    ['sts', 'AssumeRole', 'sts.amazonaws.com', false, 'Management'],
    ['cloudwatch', 'PutMetricData', 'monitoring.amazonaws.com', false, 'Management'],
  ])('of %s, %s is an event of %s', (service, operation, eventSource, readOnly, eventCategory) => {
    const record = recordOf([]);

    expect(lineOf({ ...record, request: { ...record.request, service, operation } })).toMatchObject({
      eventSource,
      eventName: operation,
      readOnly,
      eventCategory,
    });
  });

  it('is parsed as the decision that it contains', async () => {
    using folder = new TemporaryFolder();
    const record = decided({ 'aws:userid': 'AIDAEXAMPLE' });
    const file = folder.write('trail.json', `${cloudTrailLine(record, () => undefined)}\n`);

    expect(await readDecisions([file])).toEqual({ ok: true, value: { records: [record], warnings: [] } });
  });

  it('contains the input of the call once, and gives it back to the decision by the names of the model', async () => {
    using folder = new TemporaryFolder();
    const { request, ...rest } = decided({ 'aws:userid': 'AIDAEXAMPLE' });
    const parameters = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/app`, Tags: [{ Key: 'team', Value: 'ml' }] };
    const record = { ...rest, request: { ...request, service: 'sts', operation: 'AssumeRole', parameters } };
    const shown = { roleArn: parameters.RoleArn, tags: [{ key: 'team', value: 'ml' }] };
    const line = cloudTrailLine(record, () => shown);
    expect(line.match(/role\/app/g)).toHaveLength(1);
    const file = folder.write('trail.json', `${line}\n`);
    expect(await readDecisions([file])).toEqual({ ok: true, value: { records: [record], warnings: [] } });
  });
});
