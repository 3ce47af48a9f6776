import { hash } from 'node:crypto';
import type { Draft } from '../lib/draft.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { header } from '../lib/http-message.ts';
import { memoizeText } from '../lib/memoize.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { parseBasicDate, parseHttpDate } from './request-date.ts';
import type { Claim, ClaimReader } from './signature-claim.ts';

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` and the date header that belongs to it.
 * AWS's answers show the header as a hash only, so that no signature gets into a log.
 *
 * @returns IncompleteSignatureException for a part without `=`, one given twice, or missing ones, all named at once
 */
export const readAuthorizationHeader: ClaimReader = (request) => {
  const text = header(request, 'authorization') ?? '';
  const parts = readParts(text);
  if (!parts.ok) return parts;
  const { algorithm, credential, signature, signedHeaders } = parts.value;
  const amzDate = header(request, 'x-amz-date');
  const httpDate = header(request, 'date');
  const dateText = amzDate ?? httpDate;
  // An empty list of signed headers is a list: what it lacks is the host.
  if (!credential || !signature || signedHeaders === undefined || !dateText) {
    const missing = [
      !credential && "Authorization header requires 'Credential' parameter. ",
      !signature && "Authorization header requires 'Signature' parameter. ",
      signedHeaders === undefined && "Authorization header requires 'SignedHeaders' parameter. ",
      !dateText && "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    ].filter((sentence) => sentence !== false);
    return err(
      incomplete(
        `${missing.join('')}(Hashed with SHA-256 and encoded with Base64) Authorization=${digest(text)}`,
      ),
    );
  }
  const sessionToken = header(request, 'x-amz-security-token');
  const date = amzDate === undefined ? parseHttpDate(dateText) : parseBasicDate(dateText);
  const claim: Draft<Claim> = {
    form: 'header',
    algorithm,
    credential,
    signedHeaders,
    signature,
    dateText,
    date,
  };
  if (sessionToken !== undefined) claim.sessionToken = sessionToken;
  return ok(claim);
};

interface Parts {
  readonly algorithm: string;
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
}

/** What is before the signature as the SDKs write it, which is the same in all requests of a client in one day. */
const USUAL_START = /^(AWS4-HMAC-SHA256) Credential=([^\s,=]+), ?SignedHeaders=([^\s,=]+), ?Signature=$/;
const USUAL_SIGNATURE = /^[^\s,=]+$/;

const readUsualStart = memoizeText((start): Omit<Parts, 'signature'> | undefined => {
  const [, algorithm, credential, signedHeaders] = USUAL_START.exec(start) ?? [];
  return algorithm === undefined ? undefined : { algorithm, credential, signedHeaders };
});

function readUsual(header: string): Parts | undefined {
  const end = header.lastIndexOf('=') + 1;
  const start = readUsualStart(header.slice(0, end));
  const signature = header.slice(end);
  if (start === undefined || !USUAL_SIGNATURE.test(signature)) return undefined;
  const { algorithm, credential, signedHeaders } = start;
  return { algorithm, credential, signedHeaders, signature };
}

function readParts(header: string): Result<Parts, AwsError> {
  const usual = readUsual(header);
  if (usual) return ok(usual);
  const [, algorithm = '', list = ''] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  const parts = readList(list, header);
  if (!parts.ok) return parts;
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    parts.value.get(name),
  );
  return ok({ algorithm, credential, signedHeaders, signature });
}

function readList(list: string, header: string): Result<ReadonlyMap<string, string>, AwsError> {
  const parts = new Map<string, string>();
  for (const part of list === '' ? [] : list.split(',')) {
    const equals = part.indexOf('=');
    if (equals < 0) {
      return err(
        incomplete(
          `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest(header)}'.`,
        ),
      );
    }
    const name = part.slice(0, equals).trim();
    if (parts.has(name))
      return err(incomplete(`Authorization header has more than one '${name}' parameter.`));
    parts.set(name, part.slice(equals + 1).trim());
  }
  return ok(parts);
}

const digest = (text: string): string => hash('sha256', text, 'base64');

const incomplete = (message: string): AwsError => awsError('IncompleteSignatureException', message);
