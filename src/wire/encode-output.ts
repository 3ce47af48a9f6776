import type { HttpResponse } from '../lib/http-message.ts';
import type { Operation, Protocol } from '../model/shape.ts';
import { cborResponse, cborValue } from './cbor.ts';
import { jsonValue } from './encode-json.ts';
import { xmlMembers } from './encode-query.ts';
import { xmlElement } from './xml.ts';

/**
 * The answer of a successful call. `output` is read by the operation's shape: what the model does not know and what is
 * `undefined` or `null` is left out. Timestamps are `Date` or epoch seconds, blobs `Uint8Array`.
 */
export function encodeOutput(
  operation: Operation,
  output: unknown,
  requestId: string,
  protocol: Protocol = operation.service.protocol,
): HttpResponse {
  if (protocol === 'rpcV2Cbor') {
    const { output: shape } = operation;
    return cborResponse(200, shape ? cborValue(output ?? {}, shape) : {}, requestId);
  }
  return {
    status: 200,
    headers: { 'content-type': CONTENT_TYPES[protocol], 'x-amzn-requestid': requestId },
    body: protocol === 'awsQuery' ? queryBody(operation, output, requestId) : jsonBody(operation, output),
  };
}

const CONTENT_TYPES: Readonly<Record<Protocol, string>> = {
  'awsJson1.1': 'application/x-amz-json-1.1',
  restJson1: 'application/json',
  awsQuery: 'text/xml',
  'awsJson1.0': 'application/x-amz-json-1.0',
  restXml: 'application/xml',
  rpcV2Cbor: 'application/cbor',
};

/** An operation without output (DeleteCampaign, PutEvents) answers with an empty body. */
function jsonBody({ output: shape }: Operation, output: unknown): string {
  return shape === undefined ? '' : JSON.stringify(jsonValue(output ?? {}, shape));
}

function queryBody(operation: Operation, output: unknown, requestId: string): string {
  const { name, service, output: shape, resultWrapper = `${name}Result` } = operation;
  const metadata = xmlElement('ResponseMetadata', [xmlElement('RequestId', requestId)]);
  const result = shape && xmlElement(resultWrapper, xmlMembers(output ?? {}, shape));
  const response = xmlElement(
    `${name}Response`,
    result ? [result, metadata] : [metadata],
    service.xmlNamespace,
  );
  return `${response.join('\n')}\n`;
}
