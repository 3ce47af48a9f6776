import aws4 from 'aws4';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the response. */
  readonly status: number;
}

const BODY_BYTES = 200;
/** JSON may end with white space. */
const padded = (input: object): string => JSON.stringify(input).padEnd(BODY_BYTES);
const REST = { 'content-type': 'application/json' };
const json = (operation: string): Readonly<Record<string, string>> => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AmazonPersonalize.${operation}`,
});

const PROPERTIES = JSON.stringify({ description: 'x'.repeat(10_000) });

/** What is sent: 200 bytes of body, except for the large one. */
export const CALLS = {
  allowed: { path: '/', headers: json('ListSchemas'), body: padded({ maxResults: 25 }), status: 200 },
  denied: {
    path: '/',
    headers: json('CreateSchema'),
    body: padded({ name: 'shop', schema: '{"type":"record","name":"Interactions","fields":[]}' }),
    status: 400,
  },
  large: {
    path: '/items',
    headers: REST,
    body: JSON.stringify({
      datasetArn: 'arn:aws:personalize:us-east-1:123456789012:dataset/shop/ITEMS',
      items: Array.from({ length: 10 }, (_, index) => ({ itemId: `item-${index}`, properties: PROPERTIES })),
    }),
    status: 200,
  },
} as const satisfies Record<string, Call>;

/** A request of which the signature counts for the next minutes, as a load generator takes it. */
export function signedRequest(
  url: string,
  { path, headers, body }: Call,
  credentials: Credentials,
): {
  readonly url: string;
  readonly method: string;
  headers: Readonly<Record<string, string>>;
  body: string;
} {
  const signed = aws4.sign(
    {
      method: 'POST',
      path,
      service: 'personalize',
      region: 'us-east-1',
      headers: { host: new URL(url).host, ...headers },
      body: Buffer.from(body),
    },
    { ...credentials },
  );
  return { url: `${url}${path}`, method: 'POST', headers: signed.headers as Record<string, string>, body };
}

/** Makes one call. */
export async function statusOf(url: string, call: Call, credentials: Credentials): Promise<number> {
  const { url: address, headers: signed, ...request } = signedRequest(url, call, credentials);
  // `fetch` sets these two itself.
  const { host: _, Host: __, 'Content-Length': ___, ...headers } = signed as Record<string, string>;
  const response = await fetch(address, { ...request, headers });
  await response.arrayBuffer();
  return response.status;
}
