import { namesInStatement } from '../engine/missing-keys.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { type IpRange, isInRange, parseIpRange, parseIpValue } from '../policy/ip-range.ts';
import { CELLS } from './cells.ts';
import type { KnownKeys } from './key-facts.ts';
import { STRANGERS_ACCOUNT } from './principals.ts';

/**
 * Keys that identify the caller or its network, with the value that an unknown caller has, if any. A grant that depends on one of
 * them having a value that the policy names is not public, since the stranger has another; one that takes any value, or
 * none, is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
const STRANGERS_KEYS: Readonly<Record<string, string>> = {
  'aws:principalorgid': 'o-zzzzzzzzzz',
  'aws:principalorgpaths': 'o-zzzzzzzzzz/*',
  'aws:sourceaccount': STRANGERS_ACCOUNT,
  'aws:sourcearn': `arn:aws:sns:us-east-1:${STRANGERS_ACCOUNT}:anything`,
  'aws:sourceorgid': 'o-zzzzzzzzzz',
  'aws:sourceorgpaths': 'o-zzzzzzzzzz/*',
  'aws:sourceowner': STRANGERS_ACCOUNT,
  'aws:sourcevpc': 'vpc-zzzzzzzz',
  'aws:sourcevpcarn': `arn:aws:ec2:us-east-1:${STRANGERS_ACCOUNT}:vpc/vpc-zzzzzzzz`,
  'aws:sourcevpce': 'vpce-zzzzzzzz',
  'aws:vpceaccount': STRANGERS_ACCOUNT,
  'aws:vpceorgid': 'o-zzzzzzzzzz',
  'aws:vpceorgpaths': 'o-zzzzzzzzzz/*',
  'aws:userid': 'AIDAZZZZZZZZZZZZZZZZZ',
  'aws:username': 'anyone',
  's3:dataaccesspointaccount': STRANGERS_ACCOUNT,
  's3:dataaccesspointarn': `arn:aws:s3:us-east-1:${STRANGERS_ACCOUNT}:accesspoint/anything`,
};

/** A stranger is no service of AWS. */
const NO_SERVICE = [
  ['aws:principalisawsservice', 'false'],
  ['aws:principalservicename', null],
  ['aws:principalservicenameslist', null],
] as const;

/** Ranges of more addresses than these take in the public. */
const NARROW = { ipv4: 8, ipv6: 32 } as const;
/** Addresses that a stranger may come from. */
const ADDRESSES = ['198.51.100.77', '203.0.113.77', '192.0.2.77', '8.8.8.8', '2001:db8:77::1'];
const SOURCE_IP = 'aws:sourceip';

/** The keys of a stranger's requests, as far as they are known: from one address, or without any. */
export function strangersKeys(principal: Principal, address: string | null): KnownKeys {
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
          'aws:principalorgpaths': null,
          'aws:username': null,
        };
  const values = new Map<string, ReturnType<KnownKeys>>([
    ...Object.entries(STRANGERS_KEYS).map(([key, like]) => [key, { like, optional: true }] as const),
    [SOURCE_IP, address],
    ...NO_SERVICE,
    ...Object.entries(own),
  ]);
  return (key) => values.get(key);
}

/**
 * The addresses that an unknown caller may have, as far as the policy tests them: for each set of wide ranges an address that is in these and
 * in none of the narrow ones; and from a VPC, without an address.
 */
export function strangersAddresses({ policy }: NamedPolicy): readonly (string | null)[] {
  const isAsked = policy.statements.some((statement) =>
    namesInStatement(statement).some((name) => name.toLowerCase() === SOURCE_IP),
  );
  if (!isAsked) return [null];
  const texts = policy.statements
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key.text.toLowerCase() === SOURCE_IP)
    .flatMap(({ values }) => values.map(({ text }) => text));
  const ranges = texts.map(parseIpRange).filter((range) => range !== undefined);
  const narrow = ranges.filter((range) => !isWide(range));
  const found = new Map<string, string>();
  for (const { text, address } of candidates(texts, narrow)) {
    const within = ranges.map((range) => isInRange(address, range)).join();
    if (!found.has(within)) found.set(within, text);
  }
  return [...found.values(), null];
}

/** Addresses in none of the narrow ranges; any where these together leave none out. */
function candidates(texts: readonly string[], narrow: readonly IpRange[]) {
  const all = [...ADDRESSES, ...cells(texts)].flatMap((text) => {
    const address = parseIpValue(text);
    return address === undefined ? [] : [{ text, address }];
  });
  return Object.values(Object.groupBy(all, ({ address }) => address.length)).flatMap((own = []) => {
    const outside = own.filter(({ address }) => !narrow.some((range) => isInRange(address, range)));
    return outside.length > 0 ? outside : own;
  });
}

const isWide = ({ network, prefixLength }: IpRange): boolean =>
  prefixLength < (network.length === 2 ? NARROW.ipv4 : NARROW.ipv6);

const cells = (texts: readonly string[]): readonly string[] =>
  CELLS.find(({ operators }) => operators.test('IpAddress'))?.cellsOf(texts) ?? [];
