import type { AwsError } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import type { Operation, Protocol, ServiceModel } from '../model/shape.ts';
import { cborAnswer } from './cbor.ts';
import { COMMON_ERRORS, type ErrorForm, SPELLINGS } from './error-codes.ts';
import { encodeS3Error, S3_ERRORS } from './s3-errors.ts';
import { xmlElement } from './xml.ts';

/** The protocols that errors are written in: EC2 has its own, and is not served. */
export type ErrorProtocol = Protocol | 'ec2Query';

/** Whom an error answers: a `Route` is one. */
export interface ErrorTarget {
  readonly protocol: ErrorProtocol;
  readonly service?: ServiceModel;
  readonly operation?: Operation;
}

/** The namespace of errors that no service owns, e.g. an unknown `Action`. */
const AWS_FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';
const FRAMEWORK_NAMESPACE = 'http://internal.amazon.com/coral/com.amazon.coral.service/';

/**
 * The answer that AWS gives for an error: the only place where status, spelling and wire shape are chosen.
 * Without a target (nothing tells the protocol) the answer is restJson1's.
 */
export function encodeError(error: AwsError, target: ErrorTarget | undefined, requestId: string): HttpAnswer {
  const protocol = target?.protocol ?? 'restJson1';
  if (protocol === 'restXml') return encodeS3Error(error, requestId);
  const form = errorForm(error.code, protocol, target?.operation);
  const code = form.code ?? error.code;
  return ENCODERS[protocol]({ ...error, code }, form, target, requestId);
}

/** A code as the answer of `encodeError` spells it: records and logs show what was sent. */
export function sentCode(code: string, target: ErrorTarget | undefined): string {
  const protocol = target?.protocol ?? 'restJson1';
  const form = protocol === 'restXml' ? S3_ERRORS.get(code) : errorForm(code, protocol, target?.operation);
  return form?.code ?? code;
}

type Encoded = keyof typeof SPELLINGS;

function errorForm(code: string, protocol: Encoded, operation: Operation | undefined): ErrorForm {
  const modelled = operation?.errors.get(code);
  const common = COMMON_ERRORS.get(code);
  const isNew = protocol === 'awsJson1.0' || protocol === 'rpcV2Cbor';
  const everyService = (isNew ? common?.newProtocols : undefined) ?? common?.[SPELLINGS[protocol]];
  // ExpiredTokenException is both: the session token of a signed call, or the web identity token of an unsigned one.
  if (everyService !== undefined && (modelled === undefined || !operation?.unsigned)) return everyService;
  return { status: protocol === 'awsJson1.1' ? 400 : (modelled ?? 400) };
}

type Encoder = (
  error: AwsError,
  form: ErrorForm,
  target: ErrorTarget | undefined,
  requestId: string,
) => HttpAnswer;

const ENCODERS: Readonly<Record<Encoded, Encoder>> = {
  'awsJson1.1': (error, { status }, _, requestId) => ({
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify({ __type: error.code, ...messageMember(error) }),
  }),

  restJson1: (error, { status }, _, requestId) => ({
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': COMMON_ERRORS.get(error.code)?.framework
        ? `${error.code}:${FRAMEWORK_NAMESPACE}`
        : error.code,
    },
    body: JSON.stringify({ message: error.message }),
  }),

  awsQuery: (error, form, target, requestId) => ({
    status: form.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: form.empty ? '' : queryErrorBody(error, form.status, target, requestId),
  }),

  'awsJson1.0': (error, { status }, _, requestId) => ({
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      ...queryErrorHeader(error, status),
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  }),

  ec2Query: (error, { status }, _, requestId) => {
    const details = [xmlElement('Code', error.code), xmlElement('Message', error.message)];
    const errors = xmlElement('Errors', [xmlElement('Error', details)]);
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: `${xmlElement('Response', [errors, xmlElement('RequestID', requestId)]).join('\n')}\n`,
    };
  },

  rpcV2Cbor: (error, { status }, _, requestId) => {
    const answer = cborAnswer(status, { __type: error.code, message: error.message }, requestId);
    return { ...answer, headers: { ...answer.headers, ...queryErrorHeader(error, status) } };
  },
};

/**
 * What a service that once spoke awsQuery calls the error still: SDKs go by it.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait
 */
const queryErrorHeader = ({ code }: AwsError, status: number): Readonly<Record<string, string>> => ({
  'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
});

/** AWS's authorizer writes `Message`, everything else `message`; the SDKs read both. */
function messageMember({ code, message }: AwsError): Readonly<Record<string, string>> {
  if (message === '') return {};
  return code === 'AccessDeniedException' ? { Message: message } : { message };
}

function queryErrorBody(
  { code, message }: AwsError,
  status: number,
  target: ErrorTarget | undefined,
  requestId: string,
): string {
  const namespace = target?.service?.xmlNamespace ?? AWS_FAULT_NAMESPACE;
  const details = [
    xmlElement('Type', status < 500 ? 'Sender' : 'Receiver'),
    xmlElement('Code', code),
    ...(message === '' ? [] : [xmlElement('Message', message)]),
  ];
  return `${xmlElement('ErrorResponse', [xmlElement('Error', details), xmlElement('RequestId', requestId)], namespace).join('\n')}\n`;
}
