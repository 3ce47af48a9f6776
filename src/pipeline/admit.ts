import type { Routed } from '../calls/service.ts';
import {
  MAX_BODY_BYTES,
  MAX_FORM_BYTES,
  MAX_OBJECT_BYTES,
  MAX_UNKNOWN_BYTES,
  tooLarge,
} from '../lib/body-limits.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import { isFormPost } from '../wire/content-type.ts';
import { claimsSignature, MAX_UNSIGNED_BYTES } from '../wire/plain-body.ts';
import type { Reached } from './respond.ts';

/** How much is read of a body. It is worked out from the head, before any byte of the body is read. */
export interface Admission {
  readonly maxBytes: number;
  /** Whether the head proves who signed it, or who is allowed to send the body without a signature. */
  readonly authenticated: boolean;
  /** Answers and records a request whose body is longer. */
  readonly refuse: () => Promise<HttpResponse>;
}

export interface AdmitOptions {
  /** Whether a denial is answered, and not only recorded. */
  readonly enforces: boolean;
  /** All stages but the proof of the body. The stages after authentication run only for an upload, whose input is in its head. */
  readonly reachByHead: (isUpload: (routed: Routed) => boolean) => Promise<Reached>;
  readonly namesKnownKey: () => Promise<boolean>;
  readonly conclude: (reached: Reached) => Promise<HttpResponse>;
  readonly refuse: (error: AwsError) => Promise<HttpResponse>;
}

const isUpload = ({ route: { service, operation } }: Pick<Routed, 'route'>): boolean =>
  service.uploads?.has(operation.name) ?? false;

/**
 * Looks at the head of a request with a large body. S3 signs a head that claims what the body is: an upload is
 * authenticated and decided before its body is read. Elsewhere the signature covers the body, so that only the key can be
 * looked up; a form does not even name its operation before it is read.
 */
export async function admit(
  head: HttpRequest,
  { enforces, reachByHead, namesKnownKey, conclude, refuse }: AdmitOptions,
): Promise<Admission> {
  const limited = (maxBytes: number, authenticated = false): Admission => ({
    maxBytes,
    authenticated,
    refuse: () => refuse(tooLarge(maxBytes)),
  });
  if (isFormPost(head)) {
    if (!claimsSignature(head)) return limited(MAX_UNSIGNED_BYTES);
    return limited((await namesKnownKey()) ? MAX_FORM_BYTES : MAX_UNKNOWN_BYTES);
  }
  const reached = await reachByHead(isUpload);
  const { stage } = reached;
  if (!('route' in stage)) return limited(MAX_UNKNOWN_BYTES);
  const { route } = stage;
  const credential = 'caller' in stage ? stage.credential : undefined;
  const refusal = 'decided' in stage ? stage.refusal : undefined;
  if (route.operation.unsigned) return limited(MAX_UNSIGNED_BYTES);
  // Without a credential an upload is anonymous, which audit mode does not let pass, either.
  const isDenied = refusal !== undefined && (enforces || credential === undefined);
  const isRefused = reached.error !== undefined || isDenied;
  if (isRefused)
    return { maxBytes: MAX_UNKNOWN_BYTES, authenticated: false, refuse: () => conclude(reached) };
  if (isUpload({ route })) return limited(MAX_OBJECT_BYTES, true);
  return credential === undefined
    ? limited(MAX_UNKNOWN_BYTES)
    : limited(MAX_BODY_BYTES, route.service.payload !== undefined);
}
