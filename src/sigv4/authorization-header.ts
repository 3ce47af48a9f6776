import { hash } from 'node:crypto';
import type { Draft } from '../lib/draft.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { header } from '../lib/http-message.ts';
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

/** As the SDKs write it: read at once. */
const USUAL = /^(AWS4-HMAC-SHA256) Credential=([^\s,=]+), ?SignedHeaders=([^\s,=]+), ?Signature=([^\s,=]+)$/;

function readParts(header: string): Result<Parts, AwsError> {
  const usual = USUAL.exec(header);
  if (usual) {
    const [, algorithm = '', credential, signedHeaders, signature] = usual;
    return ok({ algorithm, credential, signedHeaders, signature });
  }
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
