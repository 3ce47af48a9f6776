import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { isInRange, parseIpRange, parseIpValue } from '../policy/ip-range.ts';
import type { KnownKeys } from './key-facts.ts';
import { STRANGERS_ACCOUNT } from './principals.ts';

/**
 * Keys that tell who calls or from where, with what a stranger has for them. A grant that hinges on one of them having a
 * value that the policy names is not public, since the stranger has another; one that takes any value is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const STRANGERS_KEYS: Readonly<Record<string, string>> = {
  'aws:principalorgid': 'o-zzzzzzzzzz',
  'aws:sourceaccount': STRANGERS_ACCOUNT,
  'aws:sourcearn': `arn:aws:sns:us-east-1:${STRANGERS_ACCOUNT}:anything`,
  'aws:sourceorgid': 'o-zzzzzzzzzz',
  'aws:sourceowner': STRANGERS_ACCOUNT,
  'aws:sourcevpc': 'vpc-zzzzzzzz',
  'aws:sourcevpce': 'vpce-zzzzzzzz',
  'aws:vpceaccount': STRANGERS_ACCOUNT,
  'aws:vpceorgid': 'o-zzzzzzzzzz',
  'aws:userid': 'AIDAZZZZZZZZZZZZZZZZZ',
  'aws:username': 'anyone',
  's3:dataaccesspointaccount': STRANGERS_ACCOUNT,
  's3:dataaccesspointarn': `arn:aws:s3:us-east-1:${STRANGERS_ACCOUNT}:accesspoint/anything`,
};

/** Ranges of more addresses than these take in the public. */
const NARROW = { ipv4: 8, ipv6: 32 } as const;
/** Addresses that a stranger may come from. */
const ADDRESSES = ['198.51.100.77', '203.0.113.77', '192.0.2.77', '8.8.8.8', '2001:db8:77::1'];

/** The keys of a stranger's requests, as far as they are known. */
export function strangersKeys(principal: Principal, policy: NamedPolicy): KnownKeys {
  const sourceIp = addressOutside(policy);
  const own: Readonly<Record<string, ReturnType<KnownKeys>>> =
    'accountId' in principal
      ? {
          'aws:principalarn': { like: `arn:*:*::${principal.accountId}:*` },
          'aws:principalaccount': principal.accountId,
        }
      : {
          'aws:principalarn': null,
          'aws:principalaccount': null,
          'aws:principalorgid': null,
          'aws:username': null,
        };
  const known = { ...STRANGERS_KEYS, ...(sourceIp !== undefined && { 'aws:sourceip': sourceIp }), ...own };
  const values = new Map<string, ReturnType<KnownKeys>>(Object.entries(known));
  return (key) => values.get(key);
}

/** An address in none of the narrow ranges that the policy names. */
function addressOutside({ policy }: NamedPolicy): string | undefined {
  const ranges = policy.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ operator }) => operator === 'IpAddress')
    .flatMap(({ values }) => values.map(({ text }) => parseIpRange(text)))
    .filter((range) => range !== undefined)
    .filter(
      ({ network, prefixLength }) => prefixLength >= (network.length === 2 ? NARROW.ipv4 : NARROW.ipv6),
    );
  return ADDRESSES.find((text) => {
    const address = parseIpValue(text);
    return address !== undefined && !ranges.some((range) => isInRange(address, range));
  });
}
