import { PRINCIPAL_TYPES } from '../engine/principal.ts';
import type { ContextValue, RequestContext } from '../engine/request.ts';
import { parseArn } from '../lib/arn.ts';
import { parseAddress, plainAddress } from '../lib/cidr.ts';
import type { CheckRecord, DecisionRecord } from './decision-record.ts';

/** The members of a record from which context keys of its checks are derived. */
type Dependencies = Pick<DecisionRecord, 'principal' | 'request' | 'time'>;

type Source = (record: Dependencies, resource: string) => string | undefined;

/** The keys that are derived from the rest of a record. */
const TOLD: Readonly<Record<string, Source>> = {
  'aws:PrincipalArn': ({ principal }) => principal?.roleArn ?? principal?.arn,
  'aws:PrincipalAccount': ({ principal }) => principal?.accountId,
  'aws:PrincipalType': ({ principal }) => principal && PRINCIPAL_TYPES[principal.type],
  'aws:username': ({ principal }) => (principal?.type === 'User' ? principal.userName : undefined),
  'aws:PrincipalIsAWSService': () => 'false',
  'aws:ViaAWSService': () => 'false',
  'aws:SourceIp': ({ request }) =>
    request.vpcEndpointId === undefined ? addressOf(request.sourceIp) : undefined,
  'aws:VpcSourceIp': ({ request }) =>
    request.vpcEndpointId === undefined ? undefined : addressOf(request.sourceIp),
  'aws:UserAgent': ({ request }) => request.userAgent,
  'aws:CurrentTime': ({ time }) => time,
  'aws:EpochTime': ({ time }) => String(Math.floor(Date.parse(time) / 1000)),
};

/** If a service calls, the record has its name instead of an address. */
function addressOf(sourceIp: string): string | undefined {
  const address = plainAddress(sourceIp);
  return parseAddress(address) && address;
}

/**
 * Keys that are usually derived from the rest of a record; a check with another value has it in its own `context`.
 */
const USUAL: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['aws:SecureTransport', () => 'false'],
  ['aws:RequestedRegion', ({ request }) => request.region],
  [
    'aws:ResourceAccount',
    ({ principal }, resource) => {
      const arn = parseArn(resource);
      return arn === undefined ? principal?.accountId : arn.account || undefined;
    },
  ],
]);

/** Keys that no check needs in its own `context`. */
export const TOLD_BY_RECORD: ReadonlySet<string> = new Set(Object.keys(TOLD));

/** The keys of a check that must be in its own `context`; `known` does not contain those that are always derived. */
export function keysToRecord(
  known: Readonly<Record<string, ContextValue>>,
  record: Dependencies,
  resource: string,
): Readonly<Record<string, ContextValue>> {
  const kept: Record<string, ContextValue> = {};
  for (const key in known) {
    const value = known[key];
    if (value !== undefined && USUAL.get(key)?.(record, resource) !== value) kept[key] = value;
  }
  return kept;
}

/**
 * Whether a check was made for an anonymous caller, which has no principal in a record. A web identity has none
 * either, and may have any name: it has a provider.
 */
export const isAnonymous = (
  { principal }: Pick<DecisionRecord, 'principal'>,
  { context }: Pick<CheckRecord, 'context'>,
): boolean =>
  principal === undefined &&
  context?.['aws:userid'] === 'anonymous' &&
  context['aws:FederatedProvider'] === undefined;

const OF_ANONYMOUS = { 'aws:PrincipalAccount': 'anonymous', 'aws:PrincipalType': 'Anonymous' };

/** Every context key of a check, as AWS spells it: derived from its record, or in its own `context`. */
export function contextOf(
  record: Dependencies,
  check: Pick<CheckRecord, 'resource' | 'context'>,
): Readonly<Record<string, ContextValue>> {
  const all: Record<string, ContextValue> = {};
  for (const [key, source] of [...Object.entries(TOLD), ...USUAL]) {
    const value = source(record, check.resource);
    if (value !== undefined) all[key] = value;
  }
  return { ...all, ...(isAnonymous(record, check) && OF_ANONYMOUS), ...check.context };
}

/**
 * The same as a context for the engine, with case-insensitive keys. A key that was unknown at the time of the
 * decision (two tag keys that differ in case only, tags that the upstream did not return) throws again, so that it is
 * denied again.
 */
export function requestContextOf(
  record: Dependencies,
  check: Pick<CheckRecord, 'resource' | 'context' | 'cause'>,
): RequestContext {
  const spellings = Map.groupBy(Object.entries(contextOf(record, check)), ([key]) => key.toLowerCase());
  return {
    get(key) {
      const [found, other] = spellings.get(key) ?? [];
      if (found && other) throw new Error(`the keys ${found[0]} and ${other[0]} differ in case only`);
      if (found === undefined && check.cause !== undefined && MAY_BE_UNKNOWN.test(key))
        throw new Error(check.cause);
      return found?.[1];
    },
  };
}

/** Keys whose values come from a lookup that may fail. */
const MAY_BE_UNKNOWN = /^aws:(?:resourcetag\/|sourceip$|vpcsourceip$)/;
