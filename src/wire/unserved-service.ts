import { type AwsError, awsError } from '../lib/errors.ts';
import { type HttpRequest, header } from '../lib/http-message.ts';
import { cloudwatchModel } from '../model/cloudwatch.ts';
import { serviceModels } from '../model/load.ts';
import { s3Model } from '../model/s3.ts';
import type { ErrorProtocol } from './encode-error.ts';
import { plainForm } from './plain-body.ts';
import { findParameter, splitTarget } from './query-parameters.ts';

/** What is called and not served here, and the protocol in which that is answered. */
interface Unserved {
  readonly protocol: ErrorProtocol;
  readonly error: AwsError;
}

/**
 * Of a request that no route was found for: whether it calls a service that is not here at all, or an operation of
 * CloudWatch that is not. Neither signature nor scope is verified: nothing but this answer depends on them.
 */
export function unservedCall(request: HttpRequest): Unserved | undefined {
  const prefix = targetOf(request)?.prefix;
  const scope = scopeService(request);
  const protocol = spokenProtocol(request, scope);
  const cloudwatch = cloudwatchModel();
  if (scope === cloudwatch.signingName || (scope === undefined && prefix === cloudwatch.targetPrefix)) {
    const operation = operationOf(request);
    if (operation === undefined || cloudwatch.operations.has(operation)) return undefined;
    const served = [...cloudwatch.operations.keys()].join(', ');
    return unserved(protocol, `does not serve cloudwatch:${operation}. Of CloudWatch, it serves ${served}.`);
  }
  const name = scope ?? prefix;
  if (name === undefined || isServed(name)) return undefined;
  return unserved(
    protocol,
    `does not serve ${name}. It serves Amazon Personalize, STS, IAM, S3 and CloudWatch.`,
  );
}

const unserved = (protocol: ErrorProtocol, what: string): Unserved => ({
  protocol,
  error: awsError('UnknownOperationException', `personalize-authz-proxy ${what}`),
});

const isServed = (name: string): boolean =>
  [...serviceModels().values(), cloudwatchModel(), s3Model()].some(
    ({ signingName, targetPrefix }) => name === signingName || name === targetPrefix,
  );

const IN_HEADER = /\bCredential=[^,\s]{1,256}?\/([\w.-]{1,64})\/aws4_request/;
const IN_QUERY = /[?&]X-Amz-Credential=[^&]{1,256}?(?:\/|%2F)([\w.-]{1,64})(?:\/|%2F)aws4_request/i;

/** The service of the credential scope. */
const scopeService = (request: HttpRequest): string | undefined =>
  (IN_HEADER.exec(header(request, 'authorization') ?? '') ?? IN_QUERY.exec(request.target))?.[1];

const TARGET = /^([\w.-]{1,64})\.(\w{1,128})$/;
const CBOR_PATH = /^\/service\/([\w.-]{1,64})\/operation\/(\w{1,128})$/;

/** `DynamoDB_20120810.ListTables` and `/service/GraniteServiceVersion20100801/operation/ListDashboards`. */
function targetOf(request: HttpRequest): { readonly prefix: string; readonly operation: string } | undefined {
  const found =
    TARGET.exec(header(request, 'x-amz-target') ?? '') ?? CBOR_PATH.exec(splitTarget(request.target).path);
  const [, prefix, operation] = found ?? [];
  return prefix === undefined || operation === undefined ? undefined : { prefix, operation };
}

function operationOf(request: HttpRequest): string | undefined {
  const action = targetOf(request)?.operation ?? actionOf(request);
  return action !== undefined && /^\w{1,128}$/.test(action) ? action : undefined;
}

const actionOf = (request: HttpRequest): string | undefined =>
  findParameter(splitTarget(request.target).query, 'Action') ??
  (contentType(request) === FORM ? findParameter(plainForm(request) ?? '', 'Action') : undefined);

const contentType = (request: HttpRequest): string | undefined =>
  header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();

const FORM = 'application/x-www-form-urlencoded';

const BY_CONTENT: Readonly<Record<string, ErrorProtocol>> = {
  'application/x-amz-json-1.0': 'awsJson1.0',
  'application/x-amz-json-1.1': 'awsJson1.1',
  [FORM]: 'awsQuery',
};

/** Services of restXml: their errors have the form of awsQuery's. */
const XML_SERVICES: ReadonlySet<string> = new Set(['cloudfront', 'route53']);

function spokenProtocol(request: HttpRequest, scope: string | undefined): ErrorProtocol {
  if (header(request, 'smithy-protocol') === 'rpc-v2-cbor') return 'rpcV2Cbor';
  if (scope === 'ec2') return 'ec2Query';
  const byContent = BY_CONTENT[contentType(request) ?? ''];
  if (byContent !== undefined) return byContent;
  if (header(request, 'x-amz-target') !== undefined) return 'awsJson1.1';
  if (scope !== undefined && XML_SERVICES.has(scope)) return 'awsQuery';
  return actionOf(request) === undefined ? 'restJson1' : 'awsQuery';
}
