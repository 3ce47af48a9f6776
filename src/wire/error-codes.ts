import type { Protocol } from '../model/shape.ts';

/** What one code is on the wire of one protocol. */
export interface ErrorForm {
  readonly status: number;
  /** Where the protocol spells the code otherwise. */
  readonly code?: string;
  /** The answer has no body. */
  readonly empty?: true;
}

/** CBOR and awsJson1.0 spell errors as awsQuery does; restXml services have tables of their own. */
type Spelling = Exclude<Protocol, 'restXml' | 'awsJson1.0' | 'rpcV2Cbor'>;

export const SPELLINGS: Readonly<Record<Exclude<Protocol, 'restXml'> | 'ec2Query', Spelling>> = {
  'awsJson1.1': 'awsJson1.1',
  restJson1: 'restJson1',
  awsQuery: 'awsQuery',
  'awsJson1.0': 'awsQuery',
  rpcV2Cbor: 'awsQuery',
  ec2Query: 'awsQuery',
};

interface ErrorCode extends Readonly<Record<Spelling, ErrorForm>> {
  /** Where awsJson1.0 and CBOR do not spell the code as awsQuery does. */
  readonly newProtocols?: ErrorForm;
  /** Raised by AWS's framework in front of the service: restJson1 names it with the framework's namespace. */
  readonly framework?: true;
}

const everywhere = (status: number): ErrorCode => ({
  'awsJson1.1': { status },
  restJson1: { status },
  awsQuery: { status },
});

/** A refusal before the service is reached: always 400 on awsJson1.1. */
const refusal = (queryCode: string, queryStatus = 403): ErrorCode => ({
  'awsJson1.1': { status: 400 },
  restJson1: { status: 403 },
  awsQuery: { status: queryStatus, code: queryCode },
});

const framework = (code: ErrorCode): ErrorCode => ({ ...code, framework: true });

/**
 * The errors that every AWS service can answer, in the JSON protocols' spelling; what a service model declares
 * is in the model.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/CommonErrors.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export const COMMON_ERRORS: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>(
  Object.entries({
    AccessDeniedException: refusal('AccessDenied'),
    UnrecognizedClientException: framework(refusal('InvalidClientTokenId')),
    InvalidSignatureException: framework(refusal('SignatureDoesNotMatch')),
    MissingAuthenticationTokenException: framework(refusal('MissingAuthenticationToken')),
    IncompleteSignatureException: framework(refusal('IncompleteSignature', 400)),
    ExpiredTokenException: framework(refusal('ExpiredToken')),
    SerializationException: framework({
      ...everywhere(400),
      awsQuery: { status: 400, code: 'MalformedInput' },
    }),
    UnknownOperationException: framework({
      'awsJson1.1': { status: 400 },
      restJson1: { status: 404 },
      awsQuery: { status: 400, code: 'InvalidAction' },
      newProtocols: { status: 400 },
    }),
    ValidationError: everywhere(400),
    ThrottlingException: {
      'awsJson1.1': { status: 400 },
      restJson1: { status: 429 },
      awsQuery: { status: 400, code: 'Throttling' },
    },
    RequestTimeout: everywhere(408),
    RequestEntityTooLarge: { ...everywhere(413), awsQuery: { status: 413, empty: true } },
    RequestHeaderSectionTooLarge: everywhere(431),
    InternalFailure: everywhere(500),
    BadGateway: everywhere(502),
    ServiceUnavailable: everywhere(503),
    GatewayTimeout: everywhere(504),
    SlowDown: {
      'awsJson1.1': { status: 503, code: 'ServiceUnavailable' },
      restJson1: { status: 503, code: 'ServiceUnavailable' },
      awsQuery: { status: 503, code: 'ServiceUnavailable' },
    },
  }),
);

/** A code that was sent, as the JSON protocols spell it: `AccessDenied` is their `AccessDeniedException`. */
export const jsonSpelling = (code: string): string => JSON_SPELLINGS.get(code) ?? code;

const JSON_SPELLINGS: ReadonlyMap<string, string> = new Map(
  [...COMMON_ERRORS].flatMap(([code, { awsQuery }]) =>
    awsQuery.code ? [[awsQuery.code, code] as const] : [],
  ),
);
