import { Readable } from 'node:stream';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import {
  DescribeCampaignCommand,
  PersonalizeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { awsError } from '../../../src/lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../../../src/lib/http-message.ts';
import { decodeInput } from '../../../src/wire/decode-input.ts';
import { encodeError } from '../../../src/wire/encode-error.ts';
import { encodeOutput } from '../../../src/wire/encode-output.ts';
import { operation, REQUEST_ID, request, route, routeOf } from './requests.ts';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** A client whose every request gets this answer; what it sent is kept. */
function answering(answer: HttpResponse) {
  const sent: Sent[] = [];
  const handle = async (from: Sent) => {
    sent.push(from);
    const { status: statusCode, headers, body } = answer;
    return { response: { statusCode, headers, body: Readable.from([Buffer.from(body)]) } };
  };
  const client = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } },
  };
  return { client: client as object, sent };
}

function received(
  { method, path, headers, body }: Sent | undefined = { method: '', path: '', headers: {} },
): HttpRequest {
  return request({ method, target: path, headers: Object.entries(headers), body: (body ?? '') as string });
}

const DENIAL = 'User: arn:aws:iam::123456789012:user/bob is not authorized to perform: x:y on resource: *';
const denied = (...of: Parameters<typeof routeOf>) =>
  encodeError(awsError('AccessDeniedException', DENIAL), routeOf(...of), REQUEST_ID);

describe('the AWS SDK', () => {
  it.each<[string, HttpResponse, string, (client: object) => Promise<unknown>]>([
    [
      'awsJson1.1',
      denied('personalize', 'DescribeCampaign'),
      'AccessDeniedException',
      (client) => new PersonalizeClient(client).send(new DescribeCampaignCommand({ campaignArn: 'a' })),
    ],
    [
      'restJson1',
      denied('personalize-runtime', 'GetRecommendations'),
      'AccessDeniedException',
      (client) => new PersonalizeRuntimeClient(client).send(new GetRecommendationsCommand({})),
    ],
    [
      'awsQuery',
      denied('sts', 'GetCallerIdentity'),
      'AccessDenied',
      (client) => new STSClient(client).send(new GetCallerIdentityCommand()),
    ],
  ])('reads a denial in %s with its message, code and request id', async (_, answer, name, call) => {
    const { client } = answering(answer);
    await expect(call(client)).rejects.toMatchObject({
      name,
      message: DENIAL,
      $metadata: { httpStatusCode: answer.status, requestId: REQUEST_ID },
    });
  });

  it('reads a modelled error as its class', async () => {
    const missing = encodeError(
      awsError('ResourceNotFoundException', 'gone'),
      routeOf('personalize', 'DescribeCampaign'),
      REQUEST_ID,
    );
    const { client } = answering(missing);
    const call = new PersonalizeClient(client).send(new DescribeCampaignCommand({ campaignArn: 'a' }));
    await expect(call).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it('reads outputs with timestamps, lists and nothing at all', async () => {
    const at = new Date(1_700_000_000_000);
    const campaign = answering(
      encodeOutput(
        operation('personalize', 'DescribeCampaign'),
        { campaign: { creationDateTime: at } },
        REQUEST_ID,
      ),
    );
    const users = answering(
      encodeOutput(
        operation('iam', 'ListUsers'),
        { Users: [{ UserName: 'a<b', CreateDate: at }], IsTruncated: false },
        REQUEST_ID,
      ),
    );
    const events = answering(
      encodeOutput(operation('personalize-events', 'PutEvents'), undefined, REQUEST_ID),
    );
    const described = await new PersonalizeClient(campaign.client).send(
      new DescribeCampaignCommand({ campaignArn: 'a' }),
    );
    const listed = await new IAMClient(users.client).send(new ListUsersCommand());
    const put = await new PersonalizeEventsClient(events.client).send(
      new PutEventsCommand({
        trackingId: 't',
        sessionId: 's',
        eventList: [{ eventType: 'click', sentAt: at }],
      }),
    );
    expect(described.campaign?.creationDateTime).toEqual(at);
    expect(listed).toMatchObject({ Users: [{ UserName: 'a<b', CreateDate: at }], IsTruncated: false });
    expect(put.$metadata.httpStatusCode).toBe(200);
  });

  it('sends requests that are routed and decoded as meant', async () => {
    const { client, sent } = answering(
      encodeOutput(operation('personalize-events', 'PutEvents'), undefined, REQUEST_ID),
    );
    const input = {
      trackingId: 't',
      sessionId: 's',
      eventList: [{ eventType: 'click', sentAt: new Date(1_700_000_000_000), properties: { price: 1 } }],
    };
    await new PersonalizeEventsClient(client).send(new PutEventsCommand(input));
    const routed = route(received(sent[0]));
    expect(routed.ok && routed.value.operation.name).toBe('PutEvents');
    expect(routed.ok && decodeInput(routed.value, received(sent[0]))).toEqual({
      ok: true,
      value: { ...input, eventList: [{ ...input.eventList[0], properties: '{"price":1}' }] },
    });
  });
});
