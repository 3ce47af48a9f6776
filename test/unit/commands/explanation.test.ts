import { describe, expect, it } from 'vitest';
import { explainDecision, lastDenial } from '../../../src/explanation/explanation.ts';
import { renderExplanation } from '../../../src/explanation/render-explanation.ts';
import { accessKeyId } from '../../../src/lib/identifiers.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { ACCOUNT, check, directoryOf, document, recordOf, SHOP } from './recorded.ts';

const onlyGroups = document({
  Effect: 'Allow',
  Action: 'personalize:CreateDatasetGroup',
  Resource: SHOP,
});

const rejected = (code: string, message: string, keyId?: string): DecisionRecord => {
  const { principal: _, ...record } = recordOf([], { outcome: 'rejected' });
  const { accessKeyId: __, ...request } = record.request;
  return {
    ...record,
    request: { ...request, ...(keyId && { accessKeyId: accessKeyId(keyId) }) },
    error: { code, status: 400, message },
  };
};

describe('the explanation of a denial', () => {
  it('names the step that failed, each statement that was near, and the change', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const other = SHOP.replace('shop', 'other');
    const record = recordOf([check('personalize:CreateDatasetGroup', other)]);

    const { request, checks, changes } = explainDecision(record, directory);

    expect(request.map(({ step, verdict }) => `${step} ${verdict}`)).toEqual([
      'operation passed',
      'signature passed',
      'principal passed',
      'input passed',
    ]);
    expect(checks).toMatchObject([
      {
        decision: 'implicitDeny',
        recorded: 'implicitDeny',
        steps: [
          { step: 'deny', verdict: 'passed', statements: [] },
          {
            step: 'identity',
            verdict: 'failed',
            statements: [{ policy: 'p', matched: false, mismatch: { element: 'Resource', found: other } }],
          },
        ],
        nearMisses: [{ policy: 'p', statement: 0, mismatch: { wanted: [SHOP] } }],
      },
    ]);
    expect(changes).toEqual([
      {
        kind: 'addStatement',
        layer: 'identity',
        statement: { Effect: 'Allow', Action: 'personalize:CreateDatasetGroup', Resource: other },
      },
    ]);
  });

  it('says of a deny which statement denies, before any layer is asked', async () => {
    const directory = await directoryOf({
      all: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
      no: document({ Sid: 'No', Effect: 'Deny', Action: 'personalize:*', Resource: '*' }),
    });
    const [explained] = explainDecision(
      recordOf([check('personalize:CreateDatasetGroup', SHOP)]),
      directory,
    ).checks;

    expect(explained?.steps).toMatchObject([
      { step: 'deny', verdict: 'failed', statements: [{ policy: 'no', sid: 'No', matched: true }] },
      { step: 'identity', verdict: 'passed' },
    ]);
    expect(explained?.changes).toMatchObject([{ kind: 'removeDeny' }]);
  });

  it('gathers what the whole call needs, PassRole with its condition', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const role = `arn:aws:iam::${ACCOUNT}:role/app`;
    const { changes } = explainDecision(
      recordOf([
        check('personalize:CreateDatasetGroup', SHOP, { decision: 'allowed' }),
        check('personalize:TagResource', SHOP),
        check('iam:PassRole', role, { context: { 'iam:PassedToService': 'personalize.amazonaws.com' } }),
      ]),
      directory,
    );

    expect(changes.map((change) => 'statement' in change && change.statement)).toEqual([
      { Effect: 'Allow', Action: 'personalize:TagResource', Resource: SHOP },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: role,
        Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
      },
    ]);
  });

  it('proposes nothing for an undocumented check that did not count', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const record = recordOf([check('personalize:CreateDatasetGroup', SHOP, { decision: 'allowed' })], {
      undocumented: [check('personalize:DescribeSchema')],
    });

    const { checks, changes } = explainDecision(record, directory);

    expect(checks.map(({ undocumented }) => undocumented)).toEqual([false, true]);
    expect(changes).toEqual([]);
  });

  it('proposes what an undocumented check needs where it was the one that denied', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const record = recordOf([check('personalize:CreateDatasetGroup', SHOP, { decision: 'allowed' })], {
      outcome: 'denied',
      undocumented: [check('personalize:DescribeSchema')],
      error: { code: 'AccessDeniedException', status: 400, message: 'no' },
    });

    expect(explainDecision(record, directory).changes).toHaveLength(1);
  });

  it('uses the context that was recorded', async () => {
    const directory = await directoryOf({
      p: document({
        Effect: 'Allow',
        Action: 'personalize:CreateDatasetGroup',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestTag/team': 'ml' } },
      }),
    });
    const asked = (team: string) =>
      explainDecision(
        recordOf([
          check('personalize:CreateDatasetGroup', SHOP, { context: { 'aws:RequestTag/team': team } }),
        ]),
        directory,
      ).checks[0];

    expect(asked('web')?.nearMisses).toMatchObject([
      { mismatch: { element: 'Condition', key: 'aws:RequestTag/team', wanted: ['ml'], found: 'web' } },
    ]);
    expect(asked('ml')).toMatchObject({ decision: 'allowed', recorded: 'implicitDeny' });
  });

  it('says where the caller is gone, and what was decided then', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const record = recordOf([check('personalize:CreateDatasetGroup', SHOP)]);
    const gone = { ...record, principal: { ...record.principal, userName: 'bob' } } as DecisionRecord;

    const explanation = explainDecision(gone, directory);

    expect(explanation).toMatchObject({
      checks: [],
      changes: [],
      unasked: expect.stringContaining('there is no'),
    });
    expect(renderExplanation(explanation)).toContain(
      `then: personalize:CreateDatasetGroup on ${SHOP}: implicitDeny by the identity-based policies`,
    );
  });
});

describe('the explanation of a rejected request', () => {
  it.each([
    [
      'UnknownOperationException',
      'no operation has the target X',
      undefined,
      'operation',
      'IAM, S3 or CloudWatch as its SDK does',
    ],
    ['MissingAuthenticationTokenException', '', undefined, 'signature', 'access key'],
    ['InvalidSignatureException', 'Signature expired: x', 'AKIAEXAMPLEALICE0000', 'signature', 'clock'],
    [
      'InvalidSignatureException',
      'Credential should be scoped to a valid region. ',
      'AKIAEXAMPLEALICE0000',
      'signature',
      'AWS_REGION',
    ],
    [
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
      'AKIAEXAMPLEALICE0000',
      'signature',
      'another secret than AKIAEXAMPLEALICE0000, the key of user alice',
    ],
    ['UnrecognizedClientException', 'invalid.', 'AKIANOBODY0000000000', 'signature', 'belongs to no user'],
    ['UnrecognizedClientException', 'invalid.', 'AKIAEXAMPLEALICE0001', 'signature', 'Inactive'],
    [
      'UnrecognizedClientException',
      'invalid',
      'AKIAEXAMPLEALICE0000',
      'signature',
      'without a session token',
    ],
    ['UnrecognizedClientException', 'invalid', 'ASIAEXAMPLE000000000', 'signature', 'session token'],
    ['ExpiredTokenException', '', 'ASIAEXAMPLE000000000', 'signature', 'new credentials'],
    ['SerializationException', '', 'AKIAEXAMPLEALICE0000', 'input', 'Correct the input'],
    // As STS, IAM and S3 spell them, for the record has the code that was sent.
    ['InvalidAction', 'The operation x is not supported here', undefined, 'operation', 'SDK'],
    ['MethodNotAllowed', '', undefined, 'operation', 'SDK'],
    ['MissingAuthenticationToken', '', undefined, 'signature', 'access key'],
    ['SignatureDoesNotMatch', 'Signature expired: x', 'AKIAEXAMPLEALICE0000', 'signature', 'clock'],
    ['RequestTimeTooSkewed', 'too large', 'AKIAEXAMPLEALICE0000', 'signature', 'clock'],
    [
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      'AKIAEXAMPLEALICE0000',
      'signature',
      'AWS_REGION',
    ],
    ['AuthorizationHeaderMalformed', 'no Signature', undefined, 'signature', 'Let an AWS SDK sign'],
    ['NotImplemented', 'GET with website', undefined, 'operation', 'not supported here'],
    [
      'InvalidURI',
      'Not forwarded: an upstream could read an empty segment otherwise.',
      undefined,
      'input',
      'AWS may accept this',
    ],
    [
      'InvalidArgument',
      'Invalid copy source: it is not forwarded, since an upstream could read a segment . or .. otherwise.',
      undefined,
      'input',
      'AWS may accept this',
    ],
    ['InvalidClientTokenId', 'invalid.', 'AKIANOBODY0000000000', 'signature', 'belongs to no user'],
    ['InvalidAccessKeyId', 'invalid.', 'AKIANOBODY0000000000', 'signature', 'belongs to no user'],
    ['ExpiredToken', '', 'ASIAEXAMPLE000000000', 'signature', 'new credentials'],
    [
      'AccessDenied',
      'Cannot call GetSessionToken with session credentials',
      undefined,
      'principal',
      'long-term',
    ],
    ['MalformedInput', '', 'AKIAEXAMPLEALICE0000', 'input', 'Correct the input'],
  ])('%s: %s by %s fails at the %s and tells what to do', async (code, message, key, step, advice) => {
    const directory = await directoryOf({ p: onlyGroups });
    const explanation = explainDecision(rejected(code, message, key), directory);

    expect(explanation.request.find(({ verdict }) => verdict === 'failed')).toMatchObject({
      step,
      advice: expect.stringContaining(advice),
    });
    expect(renderExplanation(explanation)).toContain(advice);
    expect(JSON.stringify(explanation)).not.toContain('the-secret-of-alice');
  });

  it('says of what comes after it that it was not reached', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const { request } = explainDecision(rejected('UnrecognizedClientException', ''), directory);

    expect(request.map(({ verdict }) => verdict)).toEqual(['passed', 'failed', 'notReached', 'notReached']);
  });
});

describe('an explanation on a terminal', () => {
  it('breaks its lines at the width, and keeps whole what is to be copied', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const record = recordOf([check('personalize:CreateDatasetGroup', SHOP.replace('shop', 'other'))]);
    const lines = renderExplanation(explainDecision(record, directory), { width: 60 }).split('\n');

    const long = lines.filter((line) => line.length > 60);
    expect(long.filter((line) => line.trim().includes(' '))).toEqual([]);
    expect(long).toContain(
      `      {"Effect":"Allow","Action":"personalize:CreateDatasetGroup","Resource":"${SHOP.replace('shop', 'other')}"}`,
    );
  });

  it('is coloured by the paint that it is given', async () => {
    const directory = await directoryOf({ p: onlyGroups });
    const record = recordOf([check('personalize:CreateDatasetGroup', '*')]);
    const styles = {
      good: (text: string) => `<g>${text}</g>`,
      bad: (text: string) => `<b>${text}</b>`,
      faint: (text: string) => text,
    };

    const text = renderExplanation(explainDecision(record, directory), { styles });

    expect(text).toContain('<b>DENIED: CreateDatasetGroup</b>');
    expect(text).toContain('<b>✗</b> identity-based policies: does not allow');
    expect(text).toContain('<g>✓</g> signature');
  });
});

describe('the last denial', () => {
  it('is the newest record that was denied, rejected, or would have been denied', () => {
    const records = (['denied', 'audited', 'forwarded', 'answered'] as const).map((outcome) => ({
      ...recordOf([]),
      id: outcome,
      outcome,
    }));

    expect(lastDenial(records)?.id).toBe('audited');
    expect(lastDenial(records.slice(2))).toBeUndefined();
  });
});
