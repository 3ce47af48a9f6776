import { signRequest } from '../../src/sigv4/verify.ts';
import { ACCOUNT } from './folder.ts';
import type { Random } from './random.ts';

/** Who signs. */
export interface Signing {
  readonly caller: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** When temporary credentials end, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** What a request is made from. */
export interface SoakCall {
  /** What policies decide; absent for a call that everyone may make. */
  readonly check?: { readonly action: string; readonly resource: string };
  readonly service: 'personalize' | 'sts';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A diagnostic that is answered before any policy is asked. */
  readonly isRejected?: true;
  /** What becomes of the signed headers. */
  readonly spoil?: (headers: Record<string, string>) => Record<string, string>;
}

const arnOf = (resource: string): string => `arn:aws:personalize:us-east-1:${ACCOUNT}:${resource}`;

const target = (operation: string, input: object, resource = '*'): SoakCall => ({
  check: { action: `personalize:${operation}`, resource },
  service: 'personalize',
  path: '/',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonPersonalize.${operation}`,
  },
  body: JSON.stringify(input),
});

const onArn = (operation: string, member: string, resource: string): SoakCall =>
  target(operation, { [member]: arnOf(resource) }, arnOf(resource));

const recommendations = (campaign: string): SoakCall => ({
  check: { action: 'personalize:GetRecommendations', resource: arnOf(campaign) },
  service: 'personalize',
  path: '/recommendations',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ campaignArn: arnOf(campaign), userId: '1' }),
});

export const LIST_CAMPAIGNS = target('ListCampaigns', {});

const IDENTITY: SoakCall = {
  service: 'sts',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'Action=GetCallerIdentity&Version=2011-06-15',
};

const ORDINARY: readonly SoakCall[] = [
  LIST_CAMPAIGNS,
  target('ListSolutions', { maxResults: 5 }),
  target('ListSchemas', {}),
  onArn('DescribeCampaign', 'campaignArn', 'campaign/alice-shop'),
  onArn('DescribeCampaign', 'campaignArn', 'campaign/bob-shop'),
  onArn('DescribeSolution', 'solutionArn', 'solution/shop'),
  onArn('DeleteCampaign', 'campaignArn', 'campaign/alice-shop'),
  recommendations('campaign/alice-shop'),
  recommendations('campaign/bob-shop'),
  IDENTITY,
];

const rejected = (call: SoakCall): SoakCall => ({ ...call, isRejected: true });

const REJECTED: readonly SoakCall[] = [
  rejected({ ...LIST_CAMPAIGNS, body: '{"maxResults":' }),
  rejected({ ...LIST_CAMPAIGNS, body: '{"maxResults":1,"maxResults":2}' }),
  rejected({
    ...LIST_CAMPAIGNS,
    headers: { ...LIST_CAMPAIGNS.headers, 'x-amz-target': 'AmazonPersonalize.No' },
  }),
  rejected({
    ...LIST_CAMPAIGNS,
    spoil: (headers) => ({ ...headers, Authorization: `${headers.Authorization}`.replace(/.$/, changed) }),
  }),
  rejected({
    ...LIST_CAMPAIGNS,
    spoil: (headers) => ({
      ...headers,
      Authorization: `${headers.Authorization}`.replace(/Credential=\w+/, 'Credential=AKIANOSUCHKEYATALL00'),
    }),
  }),
  rejected({ ...LIST_CAMPAIGNS, spoil: ({ Authorization: _, ...headers }) => headers }),
  rejected({ ...IDENTITY, spoil: (headers) => ({ ...headers, 'x-amz-unsigned': 'x' }) }),
];

/** Another last digit of a signature. */
const changed = (digit: string): string => (digit === '0' ? '1' : '0');

/** One in five is rejected. */
export const drawCall = (random: Random): SoakCall => random.pick(random.next() < 0.2 ? REJECTED : ORDINARY);

/** The bytes of a call. @param now milliseconds since the epoch */
export function signedBytes(call: SoakCall, { credentials }: Signing, url: string, now: number): Buffer {
  const { path, headers, body, service, spoil = (kept) => kept } = call;
  const signed = signRequest(
    {
      method: 'POST',
      target: path,
      headers: { host: new URL(url).host, ...headers },
      body: Buffer.from(body),
    },
    { ...credentials, region: 'us-east-1', service, now },
  );
  const lines = Object.entries(spoil(signed)).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** Asks for the role of the soak. */
export const assumeRole = (seconds: number): SoakCall => ({
  ...IDENTITY,
  body: `Action=AssumeRole&Version=2011-06-15&RoleArn=${encodeURIComponent(`arn:aws:iam::${ACCOUNT}:role/worker`)}&RoleSessionName=soak&DurationSeconds=${seconds}`,
});
