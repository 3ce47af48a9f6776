import { type AwsError, awsError } from '../../lib/errors.ts';
import { type HttpRequest, headerValues } from '../../lib/http-message.ts';
import { readTarget } from '../../sigv4/request-target.ts';
import { checkChecksums, checkMd5, isChecksum, isChecksumForm, isKnownChecksum } from './checksums.ts';

type Pair = readonly [name: string, value: string];

/** What a request claims about its body besides what it signs. Names are in lower case. */
export interface ChecksumClaims {
  /** Checksums in headers, and in the query of a presigned request. */
  readonly inFront: readonly Pair[];
  /** The names that `x-amz-trailer` announces. */
  readonly announced: readonly string[];
  /** `x-amz-sdk-checksum-algorithm`, in lower case. */
  readonly algorithms: readonly string[];
  readonly md5: readonly string[];
}

export function readChecksumClaims(request: HttpRequest): ChecksumClaims {
  // Signers that presign put headers into the query.
  const sent = [...request.headers, ...(readTarget(request.target)?.parameters ?? [])].map(
    ([name, value]): Pair => [name.toLowerCase(), value],
  );
  const valuesOf = (wanted: string): readonly string[] =>
    sent.filter(([name]) => name === wanted).map(([, value]) => value);
  return {
    inFront: sent.filter(([name]) => isChecksum(name)),
    announced: valuesOf('x-amz-trailer')
      .flatMap((names) => names.split(','))
      .map((name) => name.trim().toLowerCase()),
    algorithms: valuesOf('x-amz-sdk-checksum-algorithm').map((name) => name.trim().toLowerCase()),
    md5: headerValues(request, 'content-md5'),
  };
}

/**
 * What is wrong with the claims themselves, whatever the body is: a request names one checksum, once, in front of its
 * body or behind it, and the algorithm that it names beside is the one of that checksum.
 */
export function checkClaims({ inFront, announced, algorithms }: ChecksumClaims): AwsError | undefined {
  if (inFront.length + announced.length > 1) return SEVERAL;
  if (announced.some((name) => !isKnownChecksum(name)))
    return invalid('The value specified in the x-amz-trailer header is not supported');
  const named = [...inFront.map(([name]) => name), ...announced];
  const contradicts = algorithms.some((algorithm) =>
    named.some((name) => name !== `x-amz-checksum-${algorithm}`),
  );
  return contradicts || algorithms.some((algorithm) => !isChecksum(`x-amz-checksum-${algorithm}`))
    ? invalid('Value for x-amz-sdk-checksum-algorithm header is invalid.')
    : undefined;
}

/** Whether a body matches all claims about it: those in headers, those in trailers, and `Content-MD5`. */
export async function checkContent(
  { inFront, md5 }: Pick<ChecksumClaims, 'inFront' | 'md5'>,
  trailers: readonly Pair[],
  content: Uint8Array,
): Promise<AwsError | undefined> {
  const malformed =
    malformedOf(inFront, (name) => `Value for ${name} header is invalid.`) ??
    malformedOf(trailers, (name) => `Value for ${name} trailing header is invalid.`);
  if (malformed) return malformed;
  const wrong = await checkChecksums([...inFront, ...trailers], content);
  return wrong ?? md5.map((value) => checkMd5(value, content)).find((error) => error !== undefined);
}

function malformedOf(pairs: readonly Pair[], message: (name: string) => string): AwsError | undefined {
  const found = pairs.find(([name, value]) => isKnownChecksum(name) && !isChecksumForm(name, value));
  return found && invalid(message(found[0]));
}

const invalid = (message: string): AwsError => awsError('InvalidRequest', message);

const SEVERAL = invalid(
  'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
);
