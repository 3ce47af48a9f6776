import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from '../../src/lib/http-message.ts';

/*
 * Signature Version 4 as the AWS page describes it, step by step: slow, and without code of `src/`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export interface Expected {
  readonly secrets: ReadonlyMap<string, string>;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly skewMinutes: number;
}

/** The key that a request was signed with; `undefined` where it was not signed as it is. */
export function signerOf(request: HttpRequest, expected: Expected): string | undefined {
  const [path = '', query = ''] = request.target.split('?');
  const parameters = query === '' ? [] : query.split('&').map(readParameter);
  const claim = claimOf(request, parameters);
  if (claim === undefined) return undefined;
  const { credential, date, names, signature, isPresigned, seconds } = claim;
  const [keyId = '', day = '', region = '', service = '', end = '', more] = credential.split('/');
  const secret = expected.secrets.get(keyId);
  const isInScope =
    more === undefined &&
    day === date.slice(0, 8) &&
    region === expected.region &&
    service === expected.service &&
    end === 'aws4_request';
  if (secret === undefined || !isInScope || !isFresh(date, seconds, expected)) return undefined;
  // Every header that carries the request's meaning is signed; the list is in order, and has what was sent.
  const sent = new Map<string, string[]>();
  for (const [name, value] of request.headers)
    sent.set(name.toLowerCase(), [...(sent.get(name.toLowerCase()) ?? []), value]);
  const meant = [...sent.keys()].filter((name) => /^x-amz-/.test(name) && name !== 'x-amz-security-token');
  if (![...meant, 'host'].every((name) => names.includes(name))) return undefined;
  if (names.join() !== [...new Set(names)].sort().join() || !names.every((name) => sent.has(name)))
    return undefined;
  const single = [
    'authorization',
    'x-amz-date',
    'date',
    'host',
    'x-amz-security-token',
    'x-amz-content-sha256',
  ];
  if (single.some((name) => (sent.get(name)?.length ?? 0) > 1)) return undefined;
  const claimed = sent.get('x-amz-content-sha256')?.[0];
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  if (claimed !== undefined && claimed !== bodyHash) return undefined;
  const canonical = [
    request.method,
    encoded(path),
    canonicalQuery(parameters.filter(([name]) => !(isPresigned && name === 'X-Amz-Signature'))),
    ...names.map((name) => `${name}:${(sent.get(name) ?? []).map(folded).join(',')}`),
    '',
    names.join(';'),
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex') === signature ? keyId : undefined;
}

type Parameter = readonly [name: string, value: string];

const readParameter = (pair: string): Parameter => {
  const [name = '', ...value] = pair.split('=');
  return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
};

function claimOf({ headers }: HttpRequest, parameters: readonly Parameter[]) {
  const header = (wanted: string): string =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  const parameter = (wanted: string): string => parameters.find(([name]) => name === wanted)?.[1] ?? '';
  const authorization = header('authorization');
  const isPresigned = parameter('X-Amz-Algorithm') !== '';
  if (isPresigned === (authorization !== '')) return undefined;
  const part = (name: string): string => new RegExp(`[ ,]${name}=([^,]*)`).exec(authorization)?.[1] ?? '';
  return isPresigned
    ? {
        credential: parameter('X-Amz-Credential'),
        date: parameter('X-Amz-Date'),
        names: parameter('X-Amz-SignedHeaders').split(';'),
        signature: parameter('X-Amz-Signature'),
        seconds: Number(parameter('X-Amz-Expires')),
        isPresigned,
      }
    : {
        credential: part('Credential'),
        date: header('x-amz-date'),
        names: part('SignedHeaders').split(';'),
        signature: part('Signature'),
        seconds: undefined,
        isPresigned,
      };
}

function isFresh(date: string, seconds: number | undefined, { now, skewMinutes }: Expected): boolean {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const age = Math.floor(now / 1000) * 1000 - Date.parse(iso);
  const lifetime = seconds === undefined ? skewMinutes * 60_000 : seconds * 1000;
  return age <= lifetime && age >= -skewMinutes * 60_000;
}

const folded = (value: string): string => value.trim().replaceAll(/\s+/g, ' ');

const encoded = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');

function canonicalQuery(parameters: readonly Parameter[]): string {
  const part = (text: string): string => encoded(text).replaceAll('/', '%2F');
  const pairs = parameters.map(([name, value]) => [part(name), part(value)] as const);
  return pairs
    .sort(([name, value], [other, otherValue]) =>
      name === other ? (value < otherValue ? -1 : 1) : name < other ? -1 : 1,
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
