import type { Directory } from '../directory/directory.ts';
import type { AccessKeyId } from '../lib/identifiers.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { jsonSpelling } from '../wire/error-codes.ts';

/** What is looked at before any policy is, in this order. */
export const REQUEST_RUNGS = ['operation', 'signature', 'principal', 'input'] as const;

export type RequestStepName = (typeof REQUEST_RUNGS)[number];

/** Why a request was rejected before any policy was asked. */
export interface Rejection {
  readonly step: RequestStepName;
  /** AWS's code. */
  readonly says: string;
  readonly advice: string;
}

interface Row {
  readonly code: string;
  /** Where one code has several reasons; the first row that fits is taken. */
  readonly message?: RegExp;
  readonly step: RequestStepName;
  readonly advice: string | ((record: DecisionRecord, directory: Directory) => string);
}

const CLOCK_ADVICE =
  'Set the clock of the client or of this machine; clockSkewMinutes of proxy.yaml says how far both may differ.';
const REGION_ADVICE = "Give the client the proxy's region (region of proxy.yaml), e.g. as AWS_REGION.";
const INCOMPLETE_ADVICE =
  'Let an AWS SDK sign the request: a part of its signature is missing, repeated or not readable.';

/** Which step each of AWS's answers comes from, and what a person does about it. */
const ROWS: readonly Row[] = [
  {
    code: 'UnknownOperationException',
    step: 'operation',
    advice:
      'Call an operation of Amazon Personalize, STS, IAM, S3 or CloudWatch as its SDK does; point the client at the address of the proxy alone, without a path.',
  },
  {
    code: 'NotImplemented',
    step: 'operation',
    advice:
      'AWS has this operation, but it is not supported here: docs/s3-and-cloudwatch.md lists those that are.',
  },
  {
    code: 'RequestEntityTooLarge',
    step: 'operation',
    advice: 'Send a smaller body: no operation of Amazon Personalize takes one of this size.',
  },
  {
    code: 'MissingAuthenticationTokenException',
    step: 'signature',
    advice: 'Sign the request: give the client the access key of a user of principals.yaml.',
  },
  {
    code: 'InvalidSignatureException',
    message: /^Signature (?:expired|not yet current)/,
    step: 'signature',
    advice: CLOCK_ADVICE,
  },
  {
    code: 'RequestTimeTooSkewed',
    step: 'signature',
    advice: CLOCK_ADVICE,
  },
  {
    code: 'AuthorizationHeaderMalformed',
    message: /the region '/,
    step: 'signature',
    advice: REGION_ADVICE,
  },
  {
    code: 'AuthorizationHeaderMalformed',
    step: 'signature',
    advice: INCOMPLETE_ADVICE,
  },
  {
    code: 'InvalidSignatureException',
    message: /scoped to a valid region/,
    step: 'signature',
    advice: REGION_ADVICE,
  },
  {
    code: 'InvalidSignatureException',
    message: /scoped to correct service/,
    step: 'signature',
    advice:
      'Sign for the service that is called: Personalize, its Runtime and its Events are all "personalize".',
  },
  {
    code: 'InvalidSignatureException',
    message: /does not match/,
    step: 'signature',
    advice: ({ request: { accessKeyId } }, directory) =>
      `${secretOf(accessKeyId, directory)}; or something between the client and the proxy changed the request: its host, path, headers or body.`,
  },
  {
    code: 'InvalidSignatureException',
    step: 'signature',
    advice: 'Let an AWS SDK sign the request, and let nothing on the way add headers or parameters.',
  },
  {
    code: 'IncompleteSignatureException',
    step: 'signature',
    advice: INCOMPLETE_ADVICE,
  },
  {
    code: 'MalformedQueryString',
    step: 'signature',
    advice: 'Encode the query as an AWS SDK does: UTF-8, every other byte as %XX.',
  },
  {
    code: 'UnrecognizedClientException',
    step: 'signature',
    advice: ({ request: { accessKeyId } }, directory) => keyAdvice(accessKeyId, directory),
  },
  {
    code: 'ExpiredTokenException',
    step: 'signature',
    advice: 'The session is over: get new credentials, or let the SDK do so with a credential provider.',
  },
  {
    code: 'InvalidIdentityToken',
    step: 'signature',
    advice:
      'Pass a token of a provider that principals.yaml names under oidcProviders, for one of its clientIds, signed by a key of its jwks.',
  },
  {
    code: 'AccessDeniedException',
    message: /^MultiFactorAuthentication/,
    step: 'input',
    advice: "Pass the serial number of the user's own device and its present code; a code counts only once.",
  },
  {
    code: 'AccessDeniedException',
    message: /session credentials/,
    step: 'principal',
    advice:
      'STS does not take temporary credentials for this operation: call it with a long-term access key.',
  },
  {
    code: 'InternalFailure',
    step: 'input',
    advice: 'The proxy itself failed, and so denied. Its standard error has the cause; please report it.',
  },
];

/** The proxy refuses these itself: AWS may accept them. */
const ONE_READING = /not forwarded/i;
const ONE_READING_ADVICE =
  'AWS may accept this, but an upstream could read it as another request than the one that was authorized: docs/security.md in the package lists what is refused.';

/** What has no row is an input that is refused before any policy is asked. */
const INPUT_ADVICE = 'Correct the input: it is refused whatever the policies say.';

/** Codes of S3 for what has a row. */
const S3_SPELLINGS: Readonly<Record<string, string>> = {
  EntityTooLarge: 'RequestEntityTooLarge',
  InternalError: 'InternalFailure',
  InvalidAccessKeyId: 'UnrecognizedClientException',
  MethodNotAllowed: 'UnknownOperationException',
};

/** What stopped a rejected request. */
export function rejectionOf(record: DecisionRecord, directory: Directory): Rejection {
  const { code = 'rejected', message = '' } = record.error ?? {};
  const spelled = S3_SPELLINGS[code] ?? jsonSpelling(code);
  const row = ROWS.find((each) => each.code === spelled && (each.message?.test(message) ?? true));
  const advice = row?.advice ?? (ONE_READING.test(message) ? ONE_READING_ADVICE : INPUT_ADVICE);
  return {
    step: spelled === 'InternalFailure' ? reached(record) : (row?.step ?? 'input'),
    says: code,
    advice: typeof advice === 'string' ? advice : advice(record, directory),
  };
}

/** The first thing that a record does not have. */
function reached({ request, principal }: DecisionRecord): RequestStepName {
  if (request.operation === undefined) return 'operation';
  return principal === undefined ? 'signature' : 'input';
}

function secretOf(id: AccessKeyId | undefined, directory: Directory): string {
  const owner = id === undefined ? undefined : directory.findAccessKey(id)?.user.name;
  const whose = owner === undefined ? 'the key' : `${id}, the key of user ${owner}`;
  return `The client signs with another secret than ${whose} has in principals.yaml`;
}

/** AWS does not report an unknown key from an inactive one; a person who owns the folder may know. */
function keyAdvice(id: AccessKeyId | undefined, directory: Directory): string {
  const found = id === undefined ? undefined : directory.findAccessKey(id);
  if (found?.key.status === 'Inactive')
    return `${id} is a key of user ${found.user.name}, but Inactive: activate it in principals.yaml, or use another.`;
  if (found) return `${id} is a long-term key of user ${found.user.name}: use it without a session token.`;
  if (id?.startsWith('ASIA'))
    return 'Pass the session token that came with the temporary key; it must be one that this proxy issued, and its role or user must still exist.';
  const named = id === undefined ? 'The key' : `${id}`;
  return `${named} belongs to no user: use a key of principals.yaml (${keysOf(directory)}), or add this one there.`;
}

const MOST_KEYS = 3;

function keysOf({ users }: Directory): string {
  const keys = [...users.values()].flatMap(({ name, accessKeys }) =>
    accessKeys.filter(({ status }) => status === 'Active').map(({ id }) => `${id} of ${name}`),
  );
  const shown = keys.slice(0, MOST_KEYS).join(', ');
  return keys.length === 0 ? 'it has none' : keys.length > MOST_KEYS ? `${shown}, …` : shown;
}
