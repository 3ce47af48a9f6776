import { expect, it } from 'vitest';
import type { Caller } from '../../../src/directory/caller.ts';
import { compile } from '../../../src/engine/compile.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';
import { handleStsCall } from '../../../src/services/sts/handle-call.ts';
import { createAuthorizationMessages } from '../../../src/sessions/authorization-messages.ts';
import { randomSessionKey } from '../../../src/sessions/session-key.ts';
import { createCredentialIssuer } from '../../../src/sessions/temporary-credentials.ts';
import { directoryOf, FOLDER } from '../iam/arrangements.ts';
import { bodyOf, REQUEST_ID, routeOf } from '../wire/requests.ts';
import { ACCOUNT, roleArn, START } from './world.ts';

/* `principals.yaml` has no root user: the STS handler is called directly with one. */

const ROOT: Caller = {
  principal: { type: 'Root', arn: arnOf(`arn:aws:iam::${ACCOUNT}:root`), accountId: ACCOUNT },
  userId: ACCOUNT,
  tags: {},
  policySet: { identity: [] },
  policies: compile({ identity: [] }),
};

async function answered(operation: string, input: Readonly<Record<string, unknown>> = {}) {
  const sessionKey = randomSessionKey;
  const call = {
    route: routeOf('sts', operation),
    caller: ROOT,
    requestId: REQUEST_ID,
    receivedAt: START,
    input,
  };
  return handleStsCall(call, {
    directory: await directoryOf(FOLDER),
    credentials: createCredentialIssuer({ sessionKey }),
    messages: createAuthorizationMessages(sessionKey),
  });
}

it('assumes no role', async () => {
  const input = { RoleArn: roleArn('recommender'), RoleSessionName: 'test' };
  expect(await answered('AssumeRole', input)).toEqual({
    ok: false,
    error: { code: 'AccessDeniedException', message: 'Roles may not be assumed by root accounts.' },
  });
});

it('is identified by its account', async () => {
  const answer = await answered('GetCallerIdentity');
  const text = answer.ok ? bodyOf(answer.value) : '';
  expect(text).toContain(`<Arn>arn:aws:iam::${ACCOUNT}:root</Arn>`);
  expect(text).toContain(`<UserId>${ACCOUNT}</UserId>`);
});
