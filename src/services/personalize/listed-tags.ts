import { LRUCache } from 'lru-cache';
import type { ResourceTags } from '../../context-keys/resource-tags.ts';
import type { Clock } from '../../lib/clock.ts';
import { findOperation } from '../../model/load.ts';
import type { Signer } from '../../upstreams/ambient-signer.ts';
import type { HttpUpstream } from '../../upstreams/upstream.ts';
import { decodeJson } from '../../wire/decode-json.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { PersonalizeUpstream } from './upstream.ts';

export interface ListedTagsOptions {
  /** As messages name the upstream. */
  readonly description: string;
  readonly address: string;
  /** How long tags that were read count, in seconds; 0 reads them for every request. */
  readonly seconds: number;
  readonly clock: Clock;
  /** Without it the question is not signed. */
  readonly sign?: Signer;
}

type Tags = Readonly<Record<string, string>>;

const MOST_REMEMBERED = 10_000;
/** Somebody waits for a decision. */
const TIMEOUT_MILLIS = 10_000;
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'AmazonPersonalize.ListTagsForResource',
};

/** The tags that an upstream over HTTP returns for ListTagsForResource. */
export function listedTags({ seconds, clock, ...options }: ListedTagsOptions): ResourceTags & RememberedTags {
  const remembered = new LRUCache<string, Promise<Tags | undefined>>({
    max: MOST_REMEMBERED,
    ttl: seconds * 1000,
    ttlResolution: 0,
    perf: { now: clock },
  });
  return {
    where: 'upstream',
    forget: (arns) => {
      for (const arn of arns) remembered.delete(arn);
    },
    read(arn) {
      const known = remembered.get(arn);
      if (known !== undefined) return known;
      const asked = listTags(arn, options);
      if (seconds > 0) remembered.set(arn, asked);
      // What could not be read now may be readable for the next request.
      asked.catch(() => {
        if (remembered.peek(arn) === asked) remembered.delete(arn);
      });
      return asked;
    },
  };
}

interface RememberedTags {
  /** The next read asks again. */
  forget(arns: readonly string[]): void;
}

/** What gives a resource other tags, or makes it another resource. */
const CHANGES_TAGS = /^(?:TagResource|UntagResource|Create|Delete)/;

/** An upstream whose tags are asked for anew once a call that changes them has passed. */
export function withListedTags(
  upstream: HttpUpstream,
  tags: ResourceTags & RememberedTags,
): PersonalizeUpstream {
  const send: PersonalizeUpstream['send'] = async (call, exchange) => {
    const { route, checks } = call;
    if (!CHANGES_TAGS.test(route.operation.name)) return upstream.send(call, exchange);
    const arns = checks.map(({ resource }) => resource);
    // Before as well: who reads while it is under way may have read what was.
    tags.forget(arns);
    try {
      return await upstream.send(call, exchange);
    } finally {
      tags.forget(arns);
    }
  };
  return { ...upstream, tags, send };
}

async function listTags(
  arn: string,
  { description, address, sign }: Omit<ListedTagsOptions, 'seconds' | 'clock'>,
): Promise<Tags | undefined> {
  const fail = (reason: string): Error =>
    new Error(`${description} does not tell the tags of ${arn}: ${reason}`);
  const body = Buffer.from(JSON.stringify({ resourceArn: arn }));
  let response: Response;
  let answer: Uint8Array;
  try {
    const headers = sign ? await signed(sign, address, body) : HEADERS;
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    response = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'error' });
    answer = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw fail(reasonOf(cause));
  }
  if (response.ok) {
    const tags = tagsIn(answer);
    if (tags === undefined) throw fail('its answer is none that AWS would give');
    return tags;
  }
  const { code, message } = errorIn(answer);
  if (code === 'ResourceNotFoundException') return undefined;
  throw fail(`${response.status} ${code} ${message}`.trim());
}

/** `fetch` makes host and content length itself. */
async function signed(sign: Signer, address: string, body: Uint8Array): Promise<Record<string, string>> {
  const { host } = new URL(address);
  const request = { method: 'POST', target: '/', headers: { host, ...HEADERS }, body };
  const { host: _, 'content-length': __, ...headers } = await sign(request);
  return headers;
}

function tagsIn(answer: Uint8Array): Tags | undefined {
  const shape = findOperation('personalize', 'ListTagsForResource')?.output;
  const decoded = shape && decodeJson(answer, shape);
  if (!decoded?.ok) return undefined;
  const tags: readonly InputValue[] = Array.isArray(decoded.value.tags) ? decoded.value.tags : [];
  return Object.fromEntries(tags.map(({ tagKey, tagValue }) => [String(tagKey), String(tagValue ?? '')]));
}

/** `com.amazon.coral.service#ThrottlingException` and `ThrottlingException:http://…` are both `ThrottlingException`. */
function errorIn(answer: Uint8Array): { readonly code: string; readonly message: string } {
  try {
    const { __type = '', message, Message = message } = JSON.parse(new TextDecoder().decode(answer));
    return { code: String(__type).split('#').at(-1)?.split(':')[0] ?? '', message: String(Message ?? '') };
  } catch {
    return { code: '', message: '' };
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message || cause.message : cause.message;
}
