import type { CheckFacts } from '../../calls/service.ts';
import type { ContextValue } from '../../engine/request.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { splitParameters } from '../../wire/query-parameters.ts';

/** `s3:RequestObjectTag/<key>` of the reference. */
const TAG_PLACEHOLDER = '<key>';

const keysOfActions = new Map<string, readonly string[] | undefined>();

function documentedKeys(action: string): readonly string[] | undefined {
  if (!keysOfActions.has(action)) {
    const name = action.slice(action.indexOf(':') + 1);
    const keys = iamActions().describe('s3', name)?.conditionKeys;
    keysOfActions.set(
      action,
      keys?.map((key) => key.toLowerCase().replace(TAG_PLACEHOLDER, '')),
    );
  }
  return keysOfActions.get(action);
}

/**
 * Whether the reference lists a key, in lower case, for an action. The tags and the headers of a copy are those of the
 * object that is written: the check on the object that is read does not have them.
 */
export function hasS3ContextKey(action: string, key: string): boolean {
  const keys = documentedKeys(action);
  if (keys === undefined) return true;
  const slash = key.indexOf('/');
  return keys.includes(slash < 0 ? key : key.slice(0, slash + 1));
}

/** Parameters and headers that are condition keys by their own names. */
const MEMBER_KEYS = [
  'if-match',
  'if-none-match',
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-copy-source',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

/** Parameters that are condition keys of s3:ListBucket alone: uploads and buckets are listed by a prefix without one. */
const LIST_KEYS = ['prefix', 'delimiter', 'max-keys'];
const LISTS: ReadonlySet<string> = new Set(['ListObjects', 'ListObjectsV2']);

/** Headers with names of their own as condition keys. */
const HEADER_KEYS: Readonly<Record<string, string>> = {
  'x-amz-object-lock-mode': 'object-lock-mode',
  'x-amz-object-lock-retain-until-date': 'object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold': 'object-lock-legal-hold',
};

/**
 * What a call of S3 has beside the global condition keys, by key in lower case.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
 */
export function s3ContextKeys(
  { input, credential, receivedAt, route }: CheckFacts,
  account: string,
): ReadonlyMap<string, ContextValue> {
  const keys = new Map<string, ContextValue>([['s3:resourceaccount', account]]);
  const set = (key: string, value: unknown): void => {
    if (typeof value === 'string') keys.set(`s3:${key}`, value);
  };
  if (LISTS.has(route.operation.name)) for (const name of LIST_KEYS) set(name, input[name]);
  for (const name of MEMBER_KEYS) set(name, input[name]);
  for (const [name, key] of Object.entries(HEADER_KEYS)) set(key, input[name]);
  if (credential !== undefined) {
    set('signatureversion', 'AWS4-HMAC-SHA256');
    set('authtype', credential.form === 'header' ? 'REST-HEADER' : 'REST-QUERY-STRING');
    set('signatureage', String(Math.max(0, receivedAt - credential.requestDate.millis)));
  }
  if (input.LocationConstraint !== '') set('locationconstraint', input.LocationConstraint);
  const tagging = input['x-amz-tagging'];
  if (typeof tagging === 'string') {
    const tags = new Map(splitParameters(tagging));
    for (const [name, value] of tags) set(`requestobjecttag/${name.toLowerCase()}`, value);
    keys.set('s3:requestobjecttagkeys', [...tags.keys()]);
  }
  return keys;
}
