import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import type { Operation, Protocol } from '../model/shape.ts';
import { cborResponse } from './cbor.ts';
import { COMMON_ERRORS, type ErrorForm, SPELLINGS } from './error-codes.ts';
import { xmlElement } from './xml.ts';

/** The protocols that errors are written in: EC2 has its own, and is not served. */
export type ErrorProtocol = Protocol | 'ec2Query';

/** How a service with errors of its own form writes them. */
export interface ErrorEncoding {
  encode(error: AwsError, requestId: string): HttpResponse;
  /** The code as it is sent. */
  sentCode(code: string): string;
}

/** Whom an error answers. */
export interface ErrorTarget {
  readonly protocol: ErrorProtocol | undefined;
  readonly operation?: Operation;
  readonly encoding?: ErrorEncoding | undefined;
  /** AWS answers without a protocol's error shape: a bare 404, or a redirect to `details.Location`. */
  readonly bare?: true | undefined;
}

/** The namespace of errors that no service owns, e.g. an unknown `Action`. */
const AWS_FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';
const FRAMEWORK_NAMESPACE = 'http://internal.amazon.com/coral/com.amazon.coral.service/';

/**
 * The response that AWS gives for an error: the only place where status, spelling and wire shape are chosen.
 * Without a target (the protocol is unknown) the response is restJson1's.
 */
export function encodeError(
  error: AwsError,
  target: ErrorTarget | undefined,
  requestId: string,
): HttpResponse {
  if (target?.bare) return bareError(error, requestId);
  if (target?.encoding) return target.encoding.encode(error, requestId);
  const protocol = encodedProtocol(target);
  const form = errorForm(error.code, protocol, target?.operation);
  const sent = form.code === undefined ? error : { ...error, code: form.code };
  return ENCODERS[protocol](sent, form, target, requestId);
}

/** A code as the response of `encodeError` spells it: records and logs show what was sent. */
export function sentCode(code: string, target: ErrorTarget | undefined): string {
  if (target?.encoding) return target.encoding.sentCode(code);
  return errorForm(code, encodedProtocol(target), target?.operation).code ?? code;
}

const encodedProtocol = (target: ErrorTarget | undefined): Encoded =>
  target?.protocol === undefined || target.protocol === 'restXml' ? 'restJson1' : target.protocol;

/** What AWS's front ends answer before a protocol is known. */
function bareError({ details }: AwsError, requestId: string): HttpResponse {
  if (details?.Location !== undefined)
    return { status: 302, headers: { location: details.Location, 'x-amzn-requestid': requestId }, body: '' };
  return {
    status: 404,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: '<UnknownOperationException/>\n',
  };
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
) => HttpResponse;

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
    body: JSON.stringify({
      message: error.message,
      ...error.details,
      ...(error.fieldList && { fieldList: error.fieldList }),
    }),
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
    const answer = cborResponse(status, { __type: error.code, message: error.message }, requestId);
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
  const namespace = target?.operation?.service.xmlNamespace ?? AWS_FAULT_NAMESPACE;
  const details = [
    xmlElement('Type', status < 500 ? 'Sender' : 'Receiver'),
    xmlElement('Code', code),
    ...(message === '' ? [] : [xmlElement('Message', message)]),
  ];
  return `${xmlElement('ErrorResponse', [xmlElement('Error', details), xmlElement('RequestId', requestId)], namespace).join('\n')}\n`;
}
