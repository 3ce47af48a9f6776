import type { Route } from '../../calls/service.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import type { AwsError } from '../../lib/errors.ts';
import { awsError } from '../../lib/errors.ts';
import { err, type Result } from '../../lib/result.ts';
import type { AuthorizationMessages } from '../../sessions/authorization-messages.ts';
import type { CredentialIssuer } from '../../sessions/temporary-credentials.ts';
import type { InputValue } from '../../wire/input-value.ts';
import type { StsInputs } from './generated/sts.ts';

/** A call of STS that was authenticated, validated against its model, and authorized. */
export interface StsCall<Input = InputValue> {
  readonly route: Route;
  readonly caller: Caller;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly input: Input;
  /** When a one-time code of this call was accepted. */
  readonly mfaAt?: number;
}

/** What responses are made of. */
export interface StsDependencies {
  readonly directory: Directory;
  readonly credentials: CredentialIssuer;
  readonly messages: AuthorizationMessages;
}

/** The output by its model, or why there is none. */
export type StsOutput = Result<Readonly<Record<string, unknown>>, AwsError>;

/** The inputs of `completeStsCall`: an identity token passes on, as claims, what callers of AssumeRole pass. */
export type CompletedInputs = StsInputs & {
  readonly AssumeRoleWithWebIdentity: Pick<
    StsInputs['AssumeRole'],
    'Tags' | 'TransitiveTagKeys' | 'SourceIdentity'
  >;
};

/** Handles the operation. */
export type StsHandler<Name extends keyof StsInputs> = (
  call: StsCall<CompletedInputs[Name]>,
  deps: StsDependencies,
) => StsOutput | Promise<StsOutput>;

export const refuse = (code: string, message: string): { readonly ok: false; readonly error: AwsError } =>
  err(awsError(code, message));
