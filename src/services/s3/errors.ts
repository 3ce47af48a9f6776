import type { AwsError } from '../../lib/errors.ts';
import type { HttpResponse } from '../../lib/http-message.ts';
import type { ErrorEncoding } from '../../wire/encode-error.ts';
import { xmlElement } from '../../wire/xml.ts';

/** What a code is on S3's wire. */
interface S3ErrorForm {
  readonly status: number;
  /** Where S3 spells the code otherwise than the JSON protocols do. */
  readonly code?: string;
  /** Where S3 has a sentence of its own. */
  readonly message?: string;
  readonly empty?: true;
}

/**
 * The errors that S3 can return here: those common to all services in the JSON protocols' spelling, and S3's own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const S3_ERRORS: ReadonlyMap<string, S3ErrorForm> = new Map<string, S3ErrorForm>(
  Object.entries({
    AccessDeniedException: { status: 403, code: 'AccessDenied' },
    UnrecognizedClientException: {
      status: 403,
      code: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    },
    ExpiredTokenException: { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
    RequestEntityTooLarge: { status: 400, code: 'EntityTooLarge' },
    RequestHeaderSectionTooLarge: { status: 400 },
    UnknownOperationException: { status: 405, code: 'MethodNotAllowed' },
    ValidationError: { status: 400, code: 'InvalidRequest' },
    SerializationException: { status: 400, code: 'MalformedXML' },
    RequestTimeout: { status: 400 },
    InternalFailure: { status: 500, code: 'InternalError' },
    BadGateway: { status: 502 },
    ServiceUnavailable: { status: 503 },
    GatewayTimeout: { status: 504 },
    SlowDown: { status: 503, message: 'Please reduce your request rate.' },
    AccessDenied: { status: 403 },
    AuthorizationHeaderMalformed: { status: 400 },
    AuthorizationQueryParametersError: { status: 400 },
    InvalidToken: { status: 400 },
    RequestTimeTooSkewed: { status: 403 },
    SignatureDoesNotMatch: { status: 403 },
    BadDigest: { status: 400 },
    BucketNotEmpty: { status: 409 },
    IllegalLocationConstraintException: { status: 400 },
    IncompleteBody: { status: 400 },
    InvalidArgument: { status: 400 },
    InvalidBucketName: { status: 400 },
    InvalidDigest: { status: 400 },
    InvalidPart: { status: 400 },
    InvalidPartOrder: { status: 400 },
    InvalidRange: { status: 416 },
    InvalidRequest: { status: 400 },
    InvalidURI: { status: 400 },
    EntityTooSmall: { status: 400 },
    KeyTooLongError: { status: 400 },
    MalformedXML: { status: 400 },
    MalformedTrailerError: { status: 400 },
    MethodNotAllowed: { status: 405 },
    MissingContentLength: { status: 411 },
    NoSuchBucket: { status: 404 },
    NoSuchBucketPolicy: { status: 404 },
    NoSuchKey: { status: 404 },
    NoSuchUpload: { status: 404 },
    NotImplemented: { status: 501 },
    NotModified: { status: 304, empty: true },
    PreconditionFailed: { status: 412 },
    XAmzContentSHA256Mismatch: { status: 400 },
  } satisfies Record<string, S3ErrorForm>),
);

/** S3's errors for the request path. */
export const S3_ERROR_ENCODING: ErrorEncoding = {
  encode: encodeS3Error,
  sentCode: (code) => S3_ERRORS.get(code)?.code ?? code,
};

/** What S3 calls the two halves of a request's id. */
export const s3Ids = (requestId: string): Readonly<Record<string, string>> => ({
  'x-amz-request-id': requestId,
  'x-amz-id-2': Buffer.from(requestId).toString('base64'),
  'x-amzn-requestid': requestId,
});

/** An error as S3 returns it; an unknown code is a 400. */
function encodeS3Error(error: AwsError, requestId: string): HttpResponse {
  const form: S3ErrorForm = S3_ERRORS.get(error.code) ?? { status: 400 };
  if (form.empty) return { status: form.status, headers: s3Ids(requestId), body: '' };
  const elements = [
    xmlElement('Code', form.code ?? error.code),
    xmlElement('Message', form.message ?? error.message),
    ...Object.entries(error.details ?? {}).map(([name, value]) => xmlElement(name, value)),
    xmlElement('RequestId', requestId),
    xmlElement('HostId', Buffer.from(requestId).toString('base64')),
  ];
  return {
    status: form.status,
    headers: { 'content-type': 'application/xml', ...s3Ids(requestId) },
    body: s3Document(xmlElement('Error', elements)),
  };
}

/** S3 writes XML on one line, under a declaration. */
export const s3Document = (lines: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${lines.map((line) => line.trimStart()).join('')}`;
